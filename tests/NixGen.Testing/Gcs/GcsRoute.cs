namespace NixGen.Testing.Gcs;

/// <summary>What a request is about.</summary>
/// <param name="Kind">Which part of the service.</param>
/// <param name="Bucket">The bucket, or null.</param>
/// <param name="Object">The object, or null where the bucket's objects are meant.</param>
/// <param name="Action">What stands behind the object, such as <c>compose</c>; or null.</param>
internal sealed record GcsRoute(GcsRouteKind Kind, string? Bucket = null, string? Object = null, string? Action = null)
{
    /// <summary>Reads a path. Names are one segment each, so a slash within one is <c>%2F</c>.</summary>
    public static GcsRoute Parse(string rawPath)
    {
        if (rawPath == "/token")
            return new(GcsRouteKind.Token);
        if (rawPath.StartsWith("/computeMetadata/", StringComparison.Ordinal) || rawPath == "/")
            return new(GcsRouteKind.Metadata);
        var (kind, rest) = rawPath switch
        {
            _ when rawPath.StartsWith("/upload/storage/v1/b/", StringComparison.Ordinal) => (GcsRouteKind.Upload, rawPath["/upload/storage/v1/b/".Length..]),
            _ when rawPath.StartsWith("/download/storage/v1/b/", StringComparison.Ordinal) => (GcsRouteKind.Api, rawPath["/download/storage/v1/b/".Length..]),
            _ when rawPath.StartsWith("/storage/v1/b/", StringComparison.Ordinal) => (GcsRouteKind.Api, rawPath["/storage/v1/b/".Length..]),
            _ => (GcsRouteKind.Unknown, ""),
        };
        var words = rest.Split('/');
        return words.Length is >= 2 and <= 4 && words[1] == "o" && kind != GcsRouteKind.Unknown
            ? new(kind, Decode(words[0]), words.Length > 2 ? Decode(words[2]) : null, words.Length > 3 ? words[3] : null)
            : new(GcsRouteKind.Unknown);
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text);
}

internal enum GcsRouteKind
{
    Unknown,
    Api,
    Upload,
    Token,
    Metadata,
}
