using System.Security.Cryptography;

namespace NixGen.Testing.Gcs;

/// <summary>One generation of an object, as it is stored.</summary>
/// <param name="Name">Its name; any Unicode text.</param>
/// <param name="Generation">What tells it from other contents of that name; greater for later ones.</param>
/// <param name="Content">The stored bytes, which are compressed where <see cref="ContentEncoding"/> says so.</param>
public sealed record GcsObject(string Name, long Generation, byte[] Content)
{
    /// <summary>How many objects it was composed of, or null where it was uploaded. What is composed has no MD5.</summary>
    public int? ComponentCount { get; init; }

    /// <summary>Such as <c>gzip</c>, or null.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>Such as <c>no-transform</c>, or null.</summary>
    public string? CacheControl { get; init; }

    /// <summary>What is sent in place of the content, as by a server that is damaged or lies; null for the content.</summary>
    public byte[]? ServedContent { get; init; }

    /// <summary>The CRC-32C, big-endian, in base64.</summary>
    public string Crc32c { get; } = Gcs.Crc32c.Base64(Content);

    /// <summary>The MD5 in base64, or null where the object is composed.</summary>
    public string? Md5 => ComponentCount is null ? md5.Value : null;

    /// <summary>As Cloud Storage makes it of the generation: base64, and no quotes in the JSON API.</summary>
    public string ETag { get; } = Convert.ToBase64String(BitConverter.GetBytes(Generation));

#pragma warning disable CA5351 // the checksum that Cloud Storage states
    private readonly Lazy<string> md5 = new(() => Convert.ToBase64String(MD5.HashData(Content)));
#pragma warning restore CA5351
}
