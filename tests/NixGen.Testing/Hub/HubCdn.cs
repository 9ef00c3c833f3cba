using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace NixGen.Testing.Hub;

/// <summary>The other host: it serves LFS content to whoever has a signed URL, for as long as that is good.</summary>
public sealed class HubCdn
{
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, (HubRepository Repository, HubFile File)> objects = new(StringComparer.Ordinal);
    private readonly LoopbackHub hub;

    internal HubCdn(LoopbackHub hub) => this.hub = hub;

    /// <summary>How long a signed URL is good.</summary>
    public TimeSpan UrlLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>From this size in bytes on, a GET without <c>Range</c> is answered 400, as the Hub's bridge does it.</summary>
    public long RangeRequiredFrom { get; set; } = 50_000_000_000;

    internal string Sign(HubRepository repository, HubFile file, bool expired = false)
    {
        var path = $"/xet-bridge-us/{GitObjects.BlobOid(Encoding.UTF8.GetBytes($"{repository.Kind}/{repository.Id}/{file.Path}"))[..24]}/{file.Content.Sha256}";
        objects[path] = (repository, file);
        var expires = DateTimeOffset.UtcNow.Add(expired ? TimeSpan.FromDays(-1) : UrlLifetime).ToUnixTimeMilliseconds();
        var query = $"X-Xet-Cas-Uid=public&response-content-disposition={Uri.EscapeDataString(HubDownloads.Disposition(file))}&Expires={expires}";
        return $"{hub.CdnUrl}{path}?{query}&Signature={Signature(path, query)}&Key-Pair-Id=K2L8F4GPSG1IFC";
    }

    /// <summary>What a path on the CDN stands for, whether or not the URL is good.</summary>
    internal HubRequest Describe(HubRequest request, string path) =>
        objects.TryGetValue(path, out var found) ? request with { Repository = found.Repository.Id, Path = found.File.Path } : request;

    internal Task AnswerAsync(HubExchange exchange, string path)
    {
        if (exchange.Request.Headers.Authorization.Count > 0)
            return DenyAsync(exchange, StatusCodes.Status400BadRequest, "InvalidArgument", "Only one auth mechanism allowed");
        if (!objects.TryGetValue(path, out var found) || !IsSigned(exchange, path))
            return DenyAsync(exchange, StatusCodes.Status403Forbidden, "AccessDenied", "Access Denied");
        if (Expiry(exchange) < DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())
            return DenyAsync(exchange, StatusCodes.Status403Forbidden, "AccessDenied", "Request has expired");
        var file = exchange.Fault?.Replacement ?? found.File;
        var content = file.Content;
        if (!content.CanServe)
            return DenyAsync(exchange, StatusCodes.Status503ServiceUnavailable, "NoContent", "This file is only advertised.");
        if (content.Size >= RangeRequiredFrom && exchange.Request.Headers.Range.Count == 0)
            return DenyAsync(exchange, StatusCodes.Status400BadRequest, "InvalidRequest", "The requested object is too large; use a Range request");
        exchange.Response.ContentType = "application/octet-stream";
        exchange.Response.Headers.ContentDisposition = HubDownloads.Disposition(file);
        exchange.Response.Headers["X-Cache"] = "Miss from cloudfront";
        return HubContentAnswer.SendAsync(exchange, content, HubDownloads.Quoted(file.XetHash));
    }

    private bool IsSigned(HubExchange exchange, string path)
    {
        var query = exchange.Request.QueryString.Value ?? "";
        var end = query.IndexOf("&Signature=", StringComparison.Ordinal);
        return end > 0 && exchange.Query.TryGetValue("Signature", out var stated) && stated == Signature(path, query[1..end]);
    }

    private static long Expiry(HubExchange exchange) =>
        exchange.Query.TryGetValue("Expires", out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var time) ? time : 0;

    private string Signature(string path, string query) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{path}?{query}")));

    private static Task DenyAsync(HubExchange exchange, int status, string code, string message)
    {
        exchange.Response.StatusCode = status;
        return exchange.SendTextAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>", "application/xml");
    }
}
