using System.Text.Json;

namespace NixGen.Sources.HuggingFace;

/// <summary>A file as a listing of the Hub names it.</summary>
/// <param name="Path">Path from the repository's root; not checked yet.</param>
/// <param name="Size">Length of the content in bytes.</param>
/// <param name="GitBlob">Git blob SHA-1: of the content, or of the pointer where the content lies in LFS or Xet.</param>
/// <param name="LargeFileSha256">SHA-256 of content in LFS or Xet as the listing writes it, which may be asterisks; null for content in git itself.</param>
internal sealed record TreeEntry(string Path, long Size, string GitBlob, string? LargeFileSha256)
{
    /// <summary>Whether the Hub hides the hash from those without access.</summary>
    public bool IsWithheld => LargeFileSha256 is { Length: > 0 } hash && hash.All(character => character == '*');

    /// <summary>Reads one row. Gives null for what isn't a file; says what is wrong with the row.</summary>
    public static (TreeEntry? Entry, string? Problem) Parse(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object || Text(row, "type") is not { } type)
        {
            return (null, "a row has no 'type'");
        }

        if (type != "file")
        {
            return (null, null);
        }

        if (Text(row, "path") is not { } path)
        {
            return (null, "a file has no 'path'");
        }

        if (!row.TryGetProperty("size", out var sizeValue) || sizeValue.ValueKind != JsonValueKind.Number || !sizeValue.TryGetInt64(out var size) || size < 0)
        {
            return (null, "a file has no 'size'");
        }

        if (Text(row, "oid") is not { } blob || !(RevisionName.IsCommit(blob) || IsHidden(blob)))
        {
            return (null, "the 'oid' of a file is no git hash");
        }

        if (!row.TryGetProperty("lfs", out var large) || large.ValueKind == JsonValueKind.Null)
        {
            // Content in Xet always has its SHA-256 beside it; without one the 'oid' isn't that of the content either.
            return Text(row, "xetHash") is null ? (new(path, size, blob, null), null) : (new(path, size, blob, "*"), null);
        }

        if (large.ValueKind != JsonValueKind.Object || Text(large, "oid") is not { } oid || !(IsSha256(oid) || IsHidden(oid)))
        {
            return (null, "the 'lfs.oid' of a file is no SHA-256");
        }

        var largeSize = large.TryGetProperty("size", out var value) && value.TryGetInt64(out var stated) ? stated : size;
        return largeSize == size ? (new(path, size, blob, oid), null) : (null, "'size' and 'lfs.size' of a file differ");
    }

    private static bool IsSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);

    private static bool IsHidden(string text) => text.Length > 0 && text.All(character => character == '*');

    private static string? Text(JsonElement row, string key) =>
        row.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
