using System.Runtime.InteropServices;

namespace NixGen.Files;

/// <summary>Writes files so that a reader, a crash or a kill finds the old content or the new, never a part.</summary>
public static partial class AtomicFile
{
    /// <summary>What the names of unfinished files begin with; such a file left by a kill can be deleted at any time.</summary>
    public const string TemporaryPrefix = ".nixgen-";

    /// <summary>Writes <paramref name="content"/> unless the file holds it already. Gives whether it wrote.</summary>
    /// <param name="path">Absolute path; its folder exists.</param>
    /// <param name="content">The whole new content.</param>
    /// <exception cref="IOException">The file or its folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    public static bool Write(string path, ReadOnlySpan<byte> content)
    {
        if (HasContent(path, content))
        {
            return false;
        }

        Replace(ResolveLink(path), content, mode: null, durable: true);
        return true;
    }

    /// <summary>Writes a file that only the user may read (mode 0600) and that may be lost when the power fails: an entry of a cache.</summary>
    /// <param name="path">Absolute path; its folder exists.</param>
    /// <param name="content">The whole content.</param>
    /// <exception cref="IOException">The file or its folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    public static void WritePrivate(string path, ReadOnlySpan<byte> content) =>
        Replace(path, content, UnixFileMode.UserRead | UnixFileMode.UserWrite, durable: false);

    private static void Replace(string target, ReadOnlySpan<byte> content, UnixFileMode? mode, bool durable)
    {
        var folder = Path.GetDirectoryName(target) ?? throw new IOException($"'{target}' has no folder.");
        var temporary = Path.Combine(folder, TemporaryName(target) + Guid.NewGuid().ToString("N"));
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows() && mode is not null)
            {
                options.UnixCreateMode = mode;
            }

            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: durable);
            }

            if (mode is null && File.Exists(target) && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }

            File.Move(temporary, target, overwrite: true);
            if (durable)
            {
                FlushFolder(folder);
            }
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Deletes what killed runs left beside a file. Only for who holds the file's <see cref="AdvisoryLock"/>: another run's unfinished file looks the same.</summary>
    /// <param name="path">Absolute path of the file.</param>
    public static void DeleteLeftovers(string path)
    {
        var target = ResolveLink(path);
        if (Path.GetDirectoryName(target) is { } folder && Directory.Exists(folder))
        {
            foreach (var leftover in Directory.EnumerateFiles(folder, TemporaryName(target) + "*"))
            {
                File.Delete(leftover);
            }
        }
    }

    /// <summary>Whether the file exists and holds exactly <paramref name="content"/>.</summary>
    public static bool HasContent(string path, ReadOnlySpan<byte> content)
    {
        var file = new FileInfo(path);
        return file.Exists
            && (file.LinkTarget is not null || file.Length == content.Length)
            && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);
    }

    private static string TemporaryName(string target) => $"{TemporaryPrefix}{Path.GetFileName(target)}-";

    /// <summary>Where a path leads in the end. A rename onto a symbolic link would replace the link: a user who links models.nix elsewhere means the target.</summary>
    internal static string ResolveLink(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }

    // The rename is durable only once the folder is flushed; .NET can't open a folder, so this asks the C library.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, 0);
        if (descriptor >= 0)
        {
            _ = FSync(descriptor);
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
