using System.Globalization;
using NixGen.Manifest;

namespace NixGen.Sources.Gcs;

/// <summary>What is asked about, with whose credentials.</summary>
/// <param name="Model">The model, for messages.</param>
/// <param name="Request">The objects.</param>
/// <param name="Endpoint">The server.</param>
/// <param name="Credentials">Who asks.</param>
internal sealed record GcsQuestion(ModelRequest Model, GcsRequest Request, GcsEndpoint Endpoint, GcsCredentials Credentials)
{
    private const int PageSize = 1000;
    private const string Fields = "name,size,generation,md5Hash,crc32c,contentEncoding,cacheControl";

    /// <summary>The page of the bucket, for people; on another server than Google's there is none.</summary>
    public string Page => Endpoint == GcsEndpoint.Default
        ? $"https://console.cloud.google.com/storage/browser/{Request.Bucket}"
        : $"{Endpoint.BaseUrl} (bucket '{Request.Bucket}')";

    /// <summary>One page of the objects whose names begin with a prefix.</summary>
    public Task<UpstreamRequest> ListAsync(string prefix, string? pageToken, CancellationToken cancellationToken) => AskAsync(
        Endpoint.ObjectsUrl(Request.Bucket)
        + $"?prefix={Escaped(prefix)}&maxResults={PageSize.ToString(CultureInfo.InvariantCulture)}&fields=nextPageToken,items({Fields})"
        + (pageToken is null ? "" : $"&pageToken={Escaped(pageToken)}"),
        cancellationToken);

    /// <summary>What is stated of one object; of its live generation where none is given.</summary>
    public Task<UpstreamRequest> DescribeAsync(string name, string? generation, CancellationToken cancellationToken) => AskAsync(
        $"{Endpoint.ObjectsUrl(Request.Bucket, name)}?fields={Fields}{(generation is null ? "" : "&generation=" + generation)}",
        cancellationToken);

    /// <summary>The content of one generation of an object.</summary>
    public Task<UpstreamRequest> ContentAsync(string name, string generation, CancellationToken cancellationToken) =>
        AskAsync($"{Endpoint.ObjectsUrl(Request.Bucket, name)}?alt=media&generation={generation}", cancellationToken);

    private async Task<UpstreamRequest> AskAsync(string url, CancellationToken cancellationToken) =>
        new(new Uri(url), await Credentials.TokenAsync(cancellationToken));

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
