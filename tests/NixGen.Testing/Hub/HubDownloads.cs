using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace NixGen.Testing.Hub;

/// <summary>The hops of a download on the Hub's own host.</summary>
internal static class HubDownloads
{
    private const string XetInfo = "application/vnd.xet-fileinfo+json";

    /// <summary>The first hop: says what the file is, and where its bytes are.</summary>
    public static Task ResolveAsync(HubExchange exchange, HubRepository repository, HubCommit commit)
    {
        var route = exchange.Route;
        if (!commit.Tree.Files.TryGetValue(route.Path, out var entry))
            return HubListings.NoEntryAsync(exchange, commit);
        var file = exchange.Fault?.Replacement ?? entry.File;
        Describe(exchange, repository, commit, file);
        if (!file.IsLfs)
        {
            var cache = $"/api/resolve-cache/{HubJson.Plural(repository.Kind)}/{repository.Id}/{commit.Id}/{EscapePath(file.Path)}";
            return exchange.RedirectAsync(StatusCodes.Status307TemporaryRedirect, $"{cache}?{Uri.EscapeDataString(exchange.Request.Path)}=&etag={Uri.EscapeDataString(Quoted(file.Oid))}");
        }

        if (file.HasXet && exchange.Request.Headers.Accept.ToString().Contains(XetInfo, StringComparison.Ordinal))
            return SendXetInfoAsync(exchange, repository, commit, file);
        return exchange.RedirectAsync(StatusCodes.Status302Found, exchange.Hub.Cdn.Sign(repository, file, exchange.Fault?.ExpiresLinks == true));
    }

    /// <summary>The second hop of a file that git stores whole.</summary>
    public static Task ResolveCacheAsync(HubExchange exchange, HubRepository repository, HubCommit commit)
    {
        if (!commit.Tree.Files.TryGetValue(exchange.Route.Path, out var entry) || entry.File.IsLfs)
            return HubListings.NoEntryAsync(exchange, commit);
        var file = exchange.Fault?.Replacement ?? entry.File;
        var content = (HubContent.InMemory)file.Content;
        Describe(exchange, repository, commit, file);
        exchange.Response.Headers.ContentDisposition = Disposition(file);
        exchange.Response.ContentType = "text/plain; charset=utf-8";
        if (exchange.Request.Headers.IfNoneMatch.ToString().Contains(Quoted(file.Oid), StringComparison.Ordinal))
        {
            exchange.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        if (!exchange.AcceptsGzip)
            return HubContentAnswer.SendAsync(exchange, content, Quoted(file.Oid));
        // Compressed: no length, no ranges, and an ETag that is weak.
        exchange.Response.Headers.ETag = "W/" + Quoted(file.Oid);
        return exchange.SendBytesAsync(content.Bytes, "text/plain; charset=utf-8");
    }

    /// <summary>What git stores: pointer text where the file is in LFS.</summary>
    public static Task RawAsync(HubExchange exchange, HubCommit commit)
    {
        if (!commit.Tree.Files.TryGetValue(exchange.Route.Path, out var entry))
            return HubListings.NoEntryAsync(exchange, commit);
        exchange.Response.Headers["X-Repo-Commit"] = commit.Id;
        exchange.Response.Headers.ETag = Quoted(entry.File.Oid);
        return entry.File.IsLfs
            ? exchange.SendTextAsync(entry.File.Pointer, "text/plain; charset=utf-8")
            : exchange.SendBytesAsync(((HubContent.InMemory)entry.File.Content).Bytes, "text/plain; charset=utf-8");
    }

    public static string Quoted(string etag) => $"\"{etag}\"";

    public static string Disposition(HubFile file)
    {
        var name = file.Path[(file.Path.LastIndexOf('/') + 1)..];
        var plain = new string(name.Select(character => character is < ' ' or > '~' or '"' ? '?' : character).ToArray());
        return $"inline; filename*=UTF-8''{Uri.EscapeDataString(name)}; filename=\"{plain}\";";
    }

    private static void Describe(HubExchange exchange, HubRepository repository, HubCommit commit, HubFile file)
    {
        var headers = exchange.Response.Headers;
        headers["X-Repo-Commit"] = commit.Id;
        headers.AcceptRanges = "bytes";
        headers["X-Linked-Size"] = file.Content.Size.ToString(CultureInfo.InvariantCulture);
        headers["X-Linked-ETag"] = Quoted(file.Etag);
        headers.ETag = Quoted(file.Etag);
        headers.CacheControl = "no-cache";
        if (!file.IsLfs || !file.HasXet)
            return;
        headers["X-Xet-Hash"] = file.XetHash;
        headers.Link = $"<{XetAuth(exchange, repository, commit)}>; rel=\"xet-auth\", <{Reconstruction(exchange, file)}>; rel=\"xet-reconstruction-info\"";
    }

    private static Task SendXetInfoAsync(HubExchange exchange, HubRepository repository, HubCommit commit, HubFile file) =>
        exchange.SendJsonAsync(XetInfo, json =>
        {
            json.WriteStartObject();
            json.WriteString("hash", file.XetHash);
            json.WriteString("refreshUrl", XetAuth(exchange, repository, commit));
            json.WriteString("reconstructionUrl", Reconstruction(exchange, file));
            json.WriteString("etag", Quoted(file.Etag));
            json.WriteNumber("size", file.Content.Size);
            json.WriteEndObject();
        });

    private static string XetAuth(HubExchange exchange, HubRepository repository, HubCommit commit) =>
        $"{exchange.Hub.Url}/api/{HubJson.Plural(repository.Kind)}/{repository.Id}/xet-read-token/{commit.Id}";

    private static string Reconstruction(HubExchange exchange, HubFile file) => $"{exchange.Hub.CdnUrl}/v1/reconstructions/{file.XetHash}";

    private static string EscapePath(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
