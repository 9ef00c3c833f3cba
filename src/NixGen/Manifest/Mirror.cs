namespace NixGen.Manifest;

/// <summary>Another place that has a model's files. What it sends is checked by hash like everything.</summary>
/// <param name="Kind">How its addresses are made.</param>
/// <param name="Url">Its address, without user-info.</param>
/// <param name="Prefer">Whether it is tried before the source.</param>
public sealed record Mirror(MirrorKind Kind, string Url, bool Prefer)
{
    /// <summary>Whether it is in an object store, which is asked by its own protocol: <c>s3://…</c> or <c>gs://…</c>.</summary>
    public bool IsInBucket => Url.StartsWith("s3://", StringComparison.Ordinal) || Url.StartsWith("gs://", StringComparison.Ordinal);
}

/// <summary>How a mirror's addresses are made.</summary>
public enum MirrorKind
{
    /// <summary>Another server of the source's own protocol.</summary>
    Endpoint,

    /// <summary>A store by content: <c>URL/sha256/HEX</c>.</summary>
    Hashed,

    /// <summary>A folder with the same files: <c>URL/PATH</c>.</summary>
    Base,
}
