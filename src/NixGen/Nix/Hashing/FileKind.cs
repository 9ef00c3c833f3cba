using System.Runtime.InteropServices;

namespace NixGen.Nix.Hashing;

/// <summary>What an entry of a file system is, without following links.</summary>
internal enum FileKind
{
    Regular,
    Executable,
    Directory,
    SymbolicLink,
    Other,
}

/// <summary>
/// Finds an entry's kind. .NET reports pipes, sockets and devices as ordinary files, and opening a pipe would wait for ever, so Linux is
/// asked with <c>statx</c>, whose layout is the same on every architecture (statx(2)). Elsewhere .NET's word is taken.
/// </summary>
internal static partial class FileKinds
{
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint TypeAndMode = 0x3;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int OwnerExecute = 0x40;

    /// <summary>The kind of the entry at a path.</summary>
    /// <exception cref="IOException">The entry can't be looked at.</exception>
    public static FileKind Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Portable(path);
        }

        Span<byte> status = stackalloc byte[256];
        if (StatX(CurrentFolder, path, DoNotFollow, TypeAndMode, ref MemoryMarshal.GetReference(status)) != 0)
        {
            throw new IOException($"'{path}': {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }

        var mode = MemoryMarshal.Read<ushort>(status[ModeOffset..]);
        return (mode & TypeMask) switch
        {
            0x8000 => (mode & OwnerExecute) != 0 ? FileKind.Executable : FileKind.Regular,
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.SymbolicLink,
            _ => FileKind.Other,
        };
    }

    private static FileKind Portable(string path)
    {
        var attributes = File.GetAttributes(path);
        if (attributes.HasFlag(FileAttributes.ReparsePoint))
        {
            return FileKind.SymbolicLink;
        }

        if (attributes.HasFlag(FileAttributes.Directory))
        {
            return FileKind.Directory;
        }

        var executable = !OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute);
        return executable ? FileKind.Executable : FileKind.Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte status);
}
