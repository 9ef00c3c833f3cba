using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest;

/// <summary>Manifests on the disk. Only regular files, links followed: a pipe would block, and a device may never end.</summary>
/// <param name="baseFolder">Absolute path of the folder that relative paths start from.</param>
public sealed partial class DiskManifestFiles(string baseFolder) : IManifestFiles
{
    /// <inheritdoc/>
    public ManifestFile Read(string path)
    {
        try
        {
            var full = Path.GetFullPath(path, baseFolder);
            if (Directory.Exists(full))
            {
                return new ManifestFile.Unreadable("it is a folder");
            }

            return File.Exists(full) ? ReadFile(full) : new ManifestFile.Unreadable("no such file");
        }
        catch (UnauthorizedAccessException)
        {
            return new ManifestFile.Unreadable("permission denied");
        }
        catch (IOException exception)
        {
            return new ManifestFile.Unreadable(exception.Message);
        }
        catch (ArgumentException)
        {
            return new ManifestFile.Unreadable("the path holds a NUL character or is empty");
        }
    }

    /// <inheritdoc/>
    public string Identity(string path)
    {
        try
        {
            var full = Path.GetFullPath(path, baseFolder);
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return path;
        }
    }

    private static ManifestFile ReadFile(string full)
    {
        using var stream = new FileStream(OpenWithoutBlocking(full), FileAccess.Read, bufferSize: 0);
        if (!stream.CanSeek)
        {
            return new ManifestFile.Unreadable("it isn't a regular file; `-` reads from standard input");
        }

        // A device says that it is empty and then never ends, so the limit is on what is read.
        var buffer = new byte[(int)Math.Min(stream.Length, TreeLimits.FileBytes) + 1];
        var length = 0;
        int read;
        while ((read = stream.Read(buffer, length, buffer.Length - length)) > 0)
        {
            length += read;
            if (length > TreeLimits.FileBytes)
            {
                return new ManifestFile.Unreadable($"it is larger than {TreeLimits.FileBytes / 1024 / 1024} MiB");
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, TreeLimits.FileBytes + 1));
            }
        }

        return new ManifestFile.Content(buffer.AsMemory(0, length));
    }

    private static SafeFileHandle OpenWithoutBlocking(string full)
    {
        if (OperatingSystem.IsWindows())
        {
            return File.OpenHandle(full);
        }

        // O_RDONLY | O_NONBLOCK | O_CLOEXEC
        var flags = OperatingSystem.IsMacOS() ? 0x0004 | 0x01000000 : 0x0800 | 0x80000;
        var descriptor = Open(full, flags);
        return descriptor >= 0
            ? new(descriptor, ownsHandle: true)
            : throw new IOException(Marshal.GetLastPInvokeErrorMessage());
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);
}
