using NixGen.Testing.Hub;

namespace NixGen.Testing.S3;

/// <summary>One version of an object, or the marker of its deletion.</summary>
public sealed record S3Version
{
    public required string Key { get; init; }

    /// <summary>What <c>x-amz-version-id</c> says; null in a bucket that never had versions.</summary>
    public string? VersionId { get; init; }

    /// <summary>The content; null for a delete marker.</summary>
    public HubContent? Content { get; init; }

    /// <summary>The entity tag with its quotes. It is no hash of the content, as it isn't for encrypted objects.</summary>
    public string ETag { get; init; } = "";

    public DateTimeOffset Modified { get; init; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What <c>x-amz-checksum-sha256</c> says: base64, with <c>-N</c> behind it where it is of N parts; null where there is none.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether <see cref="Sha256"/> is a hash of the parts' hashes, and not of the content.</summary>
    public bool IsComposite => Sha256?.Contains('-', StringComparison.Ordinal) ?? false;

    /// <summary>The object's length in bytes.</summary>
    public long Size => Content?.Size ?? 0;
}
