using NixGen.Nix.Hashing;

namespace NixGen.Sources.Objects;

/// <summary>An object of a bucket or container, as far as its store has told of it.</summary>
/// <param name="Key">The store's name for it: any text.</param>
/// <param name="Size">Length in bytes.</param>
public sealed record StoredObject(string Key, long Size)
{
    /// <summary>A version that can name no other content and can be asked for, such as a version id or a generation; null where the store keeps none or hasn't told yet.</summary>
    public string? Version { get; init; }

    /// <summary>What changes whenever the content does, such as an entity tag; it is no hash of anything. Null where there is none.</summary>
    public string? Tag { get; init; }

    /// <summary>The SHA-256 of the whole content as the store states it; null where it states none.</summary>
    public SriHash? Sha256 { get; init; }

    /// <summary>The MD5 in base64 as the store states it; null where it states none.</summary>
    public string? Md5 { get; init; }

    /// <summary>The CRC-32C in base64 as the store states it; null where it states none.</summary>
    public string? Crc32c { get; init; }

    /// <summary>Whether the store states a SHA-256 that the listing left out, so that <see cref="IObjectStore.DescribeAsync"/> tells it.</summary>
    public bool LacksHash { get; init; }

    /// <summary>Whether there may be a version that the listing left out; describing the object tells it, and so does streaming its content.</summary>
    public bool LacksVersion { get; init; }
}
