using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace NixGen.Testing.Hub;

/// <summary>The API's lists: tree, paths-info, refs, commits, sizes, scan.</summary>
internal static class HubListings
{
    public static Task TreeAsync(HubExchange exchange, HubRepository repository, HubCommit commit)
    {
        var rows = commit.Tree.List(exchange.Route.Path, exchange.Flag("recursive"));
        if (rows is not { } all)
            return NoEntryAsync(exchange, commit);
        var expand = exchange.Flag("expand");
        var size = Limit(exchange, expand ? exchange.Hub.ExpandedPageSize : exchange.Hub.PageSize);
        if (!TryCursor(exchange, commit, out var start))
            return exchange.FailAsync(HubError.BadRequest("Invalid cursor"));
        if (start + size < all.Length)
            exchange.LinkNext(WithCursor(exchange, Cursor(commit, start + size)));
        var redacted = LoopbackHub.IsRedacted(exchange, repository);
        return exchange.SendJsonAsync(json =>
        {
            json.WriteStartArray();
            for (var index = start; index < Math.Min(all.Length, start + size); index++)
                HubJson.WriteRow(json, all[index], expand, redacted);
            json.WriteEndArray();
        });
    }

    public static async Task PathsInfoAsync(HubExchange exchange, HubRepository repository, HubCommit commit)
    {
        if (!HttpMethods.IsPost(exchange.Request.Method))
        {
            await exchange.FailAsync(HubError.PageNotFound);
            return;
        }

        var (paths, expand) = await PathsAskedAsync(exchange);
        if (paths.Count > 1000)
        {
            await exchange.FailAsync(new HubError(StatusCodes.Status413PayloadTooLarge, null, "Too many paths"));
            return;
        }

        var redacted = LoopbackHub.IsRedacted(exchange, repository);
        await exchange.SendJsonAsync(json =>
        {
            json.WriteStartArray();
            foreach (var path in paths)
            {
                if (commit.Tree.Row(path) is { } row)
                    HubJson.WriteRow(json, row, expand, redacted);
            }

            json.WriteEndArray();
        });
    }

    public static Task RefsAsync(HubExchange exchange, HubRepository repository)
    {
        return exchange.SendJsonAsync(json =>
        {
            json.WriteStartObject();
            Write("branches", "refs/heads/");
            Write("converts", "refs/convert/");
            Write("tags", "refs/tags/");
            if (exchange.Flag("include_prs") || exchange.Flag("include_pull_requests"))
                Write("pullRequests", "refs/pr/");
            json.WriteEndObject();

            void Write(string field, string prefix)
            {
                json.WriteStartArray(field);
                foreach (var (name, commit) in repository.Refs.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)))
                {
                    json.WriteStartObject();
                    json.WriteString("name", name[prefix.Length..]);
                    json.WriteString("ref", name);
                    json.WriteString("targetCommit", commit.Id);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }
        });
    }

    public static Task CommitsAsync(HubExchange exchange, HubCommit head)
    {
        var history = new List<HubCommit>();
        for (var commit = head; commit is not null; commit = commit.Parent)
            history.Add(commit);
        var size = Limit(exchange, 1000, usual: 50);
        var page = exchange.Query.TryGetValue("p", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 0;
        exchange.Response.Headers["X-Total-Count"] = history.Count.ToString(CultureInfo.InvariantCulture);
        if ((page + 1) * size < history.Count)
            exchange.LinkNext($"{exchange.Request.Path}?p={page + 1}&limit={size}");
        return exchange.SendJsonAsync(json =>
        {
            json.WriteStartArray();
            foreach (var commit in history.Skip(page * size).Take(size))
                HubJson.WriteCommit(json, commit);
            json.WriteEndArray();
        });
    }

    public static Task TreeSizeAsync(HubExchange exchange, HubCommit commit)
    {
        var folder = exchange.Route.Path;
        if (folder.Length > 0 && commit.Tree.Row(folder) is null)
            return NoEntryAsync(exchange, commit);
        var size = commit.Tree.Files.Where(pair => folder.Length == 0 || pair.Key == folder || pair.Key.StartsWith(folder + "/", StringComparison.Ordinal))
            .Sum(pair => pair.Value.File.Content.Size);
        return exchange.SendJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("path", "/" + folder);
            json.WriteNumber("size", size);
            json.WriteEndObject();
        });
    }

    public static Task NoEntryAsync(HubExchange exchange, HubCommit commit)
    {
        exchange.Response.Headers["X-Repo-Commit"] = commit.Id;
        return exchange.FailAsync(HubError.EntryNotFound);
    }

    private static int Limit(HubExchange exchange, int most, int? usual = null) =>
        exchange.Query.TryGetValue("limit", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 0
            ? Math.Min(asked, most)
            : usual ?? most;

    private static string Cursor(HubCommit commit, int start) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{{\"c\":\"{commit.Id}\",\"o\":{start}}}")) + ":" + start.ToString("x", CultureInfo.InvariantCulture);

    private static bool TryCursor(HubExchange exchange, HubCommit commit, out int start)
    {
        start = 0;
        if (!exchange.Query.TryGetValue("cursor", out var text))
            return true;
        var cursor = text.ToString();
        var colon = cursor.LastIndexOf(':');
        return colon > 0
            && int.TryParse(cursor[(colon + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out start)
            && cursor == Cursor(commit, start);
    }

    /// <summary>The same request with another cursor.</summary>
    private static string WithCursor(HubExchange exchange, string cursor)
    {
        var target = exchange.Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?')[0];
        var query = exchange.Query.Where(pair => pair.Key != "cursor").Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value.ToString())}");
        return $"{path}?{string.Join('&', query.Append("cursor=" + Uri.EscapeDataString(cursor)))}";
    }

    private static async Task<(List<string> Paths, bool Expand)> PathsAskedAsync(HubExchange exchange)
    {
        if (exchange.Request.HasFormContentType)
        {
            var form = await exchange.Request.ReadFormAsync(exchange.Context.RequestAborted);
            return (form["paths"].OfType<string>().ToList(), form["expand"].ToString() is "true" or "True" or "1");
        }

        using var document = await JsonDocument.ParseAsync(exchange.Request.Body, default, exchange.Context.RequestAborted);
        var paths = document.RootElement.GetProperty("paths").EnumerateArray().Select(path => path.GetString()).OfType<string>().ToList();
        return (paths, document.RootElement.TryGetProperty("expand", out var expand) && expand.ValueKind == JsonValueKind.True);
    }
}
