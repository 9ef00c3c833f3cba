using System.Buffers.Text;
using System.Text;
using NixGen.Nix.Hashing;

namespace NixGen.Sources.GitLfs;

/// <summary>What git holds in place of a file that is in Git LFS (git-lfs, docs/spec.md, "The Pointer").</summary>
/// <param name="Sha256">Hash of the content.</param>
/// <param name="Size">Length of the content in bytes.</param>
/// <param name="Extension">The first <c>ext-</c> key, or null: with one, the hash is of content that programs of the author's have changed.</param>
internal sealed record LfsPointer(SriHash Sha256, long Size, string? Extension)
{
    /// <summary>A blob of this length or more is no pointer.</summary>
    public const int MaxBytes = 1024;

    private static readonly string[] _versions =
        ["https://git-lfs.github.com/spec/v1", "https://hawser.github.com/spec/v1", "http://git-media.io/v/2"];

    private static readonly string[] _keys = ["version", "oid", "size"];

    /// <summary>The pointer that a blob is, or null where git-lfs would take it for content.</summary>
    public static LfsPointer? Parse(ReadOnlySpan<byte> blob)
    {
        if (blob.Length >= MaxBytes || !blob.StartsWith("version "u8) || blob.ContainsAnyExceptInRange((byte)'\n', (byte)'~'))
        {
            return null;
        }

        var values = new string[_keys.Length];
        var known = 0;
        string? extension = null;
        foreach (var line in Encoding.ASCII.GetString(blob).Trim().Split('\n'))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0)
            {
                return null;
            }

            var (key, value) = (line[..space], line[(space + 1)..]);
            if (known < _keys.Length && key == _keys[known])
            {
                values[known++] = value;
            }
            else if (known > 0 && known < _keys.Length && IsExtension(key))
            {
                extension ??= key;
            }
            else
            {
                return null;
            }
        }

        return known == _keys.Length && _versions.Contains(values[0]) ? Of(values[1], values[2], extension) : null;
    }

    private static LfsPointer? Of(string oid, string size, string? extension) =>
        oid.StartsWith("sha256:", StringComparison.Ordinal)
        && SriHash.TryFromHex(oid["sha256:".Length..], out var hash)
        && Utf8Parser.TryParse(Encoding.ASCII.GetBytes(size), out long bytes, out var read) && read == size.Length && bytes >= 0
            ? new(hash, bytes, extension)
            : null;

    // ext-DIGIT-NAME
    private static bool IsExtension(string key) =>
        key.Length > 6 && key.StartsWith("ext-", StringComparison.Ordinal) && char.IsAsciiDigit(key[4]) && key[5] == '-';
}
