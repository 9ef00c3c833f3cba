using System.Security.Cryptography;
using System.Text;
using NixGen.Files;

namespace NixGen.Resolve;

/// <summary>A folder of small private files that may vanish at any time. Nothing here fails a run: what can't be read isn't there, and what can't be written isn't kept.</summary>
/// <param name="folder">Absolute path, or null to keep nothing.</param>
/// <param name="maxEntries">How many files are kept; the oldest go first.</param>
internal sealed class CacheFolder(string? folder, int maxEntries)
{
    private volatile bool _wrote;

    /// <summary>The name of an entry: SHA-256 in hex of what it is about.</summary>
    public static string NameOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>An entry's bytes, or null.</summary>
    public byte[]? Read(string name)
    {
        if (folder is null)
        {
            return null;
        }

        try
        {
            return File.ReadAllBytes(Path.Combine(folder, name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps an entry, readable by the user alone.</summary>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        if (folder is null)
        {
            return;
        }

        try
        {
            CreateFolder(folder);
            AtomicFile.WritePrivate(Path.Combine(folder, name), content);
            _wrote = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A cache that can't be written costs time only.
            _wrote = true;
        }
    }

    /// <summary>Deletes the oldest entries, and what killed runs left, if this run wrote any.</summary>
    public void Prune()
    {
        if (folder is null || !_wrote)
        {
            return;
        }

        try
        {
            var files = new DirectoryInfo(folder).GetFiles();
            if (files.Length <= maxEntries)
            {
                return;
            }

            // A quarter at once, so that this is rare.
            foreach (var file in files.OrderBy(file => file.LastWriteTimeUtc).Take(files.Length - maxEntries + (maxEntries / 4)))
            {
                file.Delete();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another run is tidying, or the folder went away.
            _wrote = false;
        }
    }

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
