using System.Security.Cryptography;
using System.Text;

namespace NixGen.Lock;

/// <summary>What stands for a commit where a source has no history: the content names itself.</summary>
public static class ContentRevision
{
    /// <summary>SHA-1 in hex of one line a file, <c>SHA-256 in hex, two spaces, path, LF</c>, ordered ordinally by path: what <c>sha256sum</c> prints.</summary>
    /// <param name="files">The files, in any order.</param>
    public static string Of(IEnumerable<LockedFile> files)
    {
        var lines = string.Concat(files
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => $"{file.Sha256.Hex}  {file.Path}\n"));
        // SHA-1 names things here, as git does; nothing is protected by it.
#pragma warning disable CA5350
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(lines)));
#pragma warning restore CA5350
    }
}
