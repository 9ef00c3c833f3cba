using NixGen.Sources.Objects;

namespace NixGen.Sources.Gcs;

/// <summary>A server that speaks the JSON API of Cloud Storage: the base of its URLs.</summary>
public sealed record GcsEndpoint
{
    /// <summary>Google's own.</summary>
    public static GcsEndpoint Default { get; } = new("https://storage.googleapis.com");

    private GcsEndpoint(string baseUrl) => BaseUrl = baseUrl;

    /// <summary>The base URL, without a trailing slash.</summary>
    public string BaseUrl { get; }

    /// <summary>Understands a base URL; says what is wrong with it, as the end of a sentence that begins with it.</summary>
    public static (GcsEndpoint? Endpoint, string? Problem) Parse(string text)
    {
        var (baseUrl, problem) = ObjectEndpoint.Parse(text.Trim());
        return (baseUrl is null ? null : new(baseUrl), problem);
    }

    /// <summary>What <c>STORAGE_EMULATOR_HOST</c> means: a URL, or a host and a port that are asked without TLS, as Google's own clients take it.</summary>
    public static (GcsEndpoint? Endpoint, string? Problem) ParseEmulator(string text) =>
        Parse(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text);

    /// <summary>The URL of a bucket's objects, or of one of them; names are escaped as one segment each.</summary>
    public string ObjectsUrl(string bucket, string? name = null) =>
        $"{BaseUrl}/storage/v1/b/{Uri.EscapeDataString(bucket)}/o{(name is null ? "" : "/" + Uri.EscapeDataString(name))}";
}
