using System.Globalization;
using System.Text.Json;

namespace NixGen.Sources.Gcs;

/// <summary>What the JSON API states of one generation of an object ("Objects" resource).</summary>
/// <param name="Name">The object's name.</param>
/// <param name="Size">Length of the stored bytes.</param>
/// <param name="Generation">The content's version: a whole number.</param>
internal sealed record GcsItem(string Name, long Size, string Generation)
{
    /// <summary>MD5 of the stored bytes in base64; null for composed objects.</summary>
    public string? Md5 { get; init; }

    /// <summary>CRC-32C of the stored bytes in base64.</summary>
    public string? Crc32c { get; init; }

    /// <summary>How the stored bytes are encoded, such as <c>gzip</c>; null where they are the content.</summary>
    public string? Encoding { get; init; }

    /// <summary>Whether the server must send the stored bytes as they are.</summary>
    public bool IsNeverUnpacked { get; init; }

    /// <summary>Whether the server unpacks it for those who don't: then its length and checksums are of other bytes than those that come.</summary>
    public bool IsUnpacked => string.Equals(Encoding, "gzip", StringComparison.OrdinalIgnoreCase) && !IsNeverUnpacked;

    /// <summary>Reads one; null where it isn't an object as the API has them.</summary>
    public static GcsItem? Parse(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || Text(element, "name") is not { Length: > 0 } name
            || !long.TryParse(Text(element, "size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || Text(element, "generation") is not { } generation
            || BucketName.GenerationProblem(generation) is not null)
        {
            return null;
        }

        return new(name, size, generation)
        {
            Md5 = Text(element, "md5Hash"),
            Crc32c = Text(element, "crc32c"),
            Encoding = Text(element, "contentEncoding") is { Length: > 0 } encoding and not "identity" ? encoding : null,
            IsNeverUnpacked = Text(element, "cacheControl")?.Contains("no-transform", StringComparison.OrdinalIgnoreCase) == true,
        };
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
