using System.Text.Json;

namespace NixGen.Testing.Hub;

/// <summary><c>/api/models/{id}[/revision/{rev}]</c>: what the Hub says of a repository.</summary>
internal static class HubRepositoryPage
{
    /// <summary>Fields that are there unless <c>expand</c> chooses others.</summary>
    private static readonly string[] Usual =
        ["private", "gated", "disabled", "author", "sha", "lastModified", "createdAt", "tags", "pipeline_tag", "library_name", "cardData", "downloads", "likes", "siblings", "usedStorage"];

    private static readonly string[] OnlyExpanded =
    [
        "baseModels", "citation", "config", "datasets", "description", "downloadsAllTime", "gguf", "inference", "mainSize", "model-index", "models", "region",
        "resourceGroup", "runtime", "safetensors", "sdk", "spaces", "subdomain", "transformersInfo", "trendingScore", "widgetData", "xetEnabled",
    ];

    public static Task AnswerAsync(HubExchange exchange, HubRepository repository)
    {
        var commit = repository.Resolve(exchange.Route.Revision);
        if (commit is null)
            return exchange.FailAsync(HubError.RevisionNotFound(exchange.Route.Revision));
        var expand = Expanded(exchange);
        if (expand.Except(Usual, StringComparer.Ordinal).Except(OnlyExpanded, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            return exchange.FailAsync(HubError.BadRequest($"Invalid option: expected one of \"{string.Join("\"|\"", Usual)}\", not \"{unknown}\""));
        var blobs = exchange.Flag("blobs");
        if (expand.Length > 0 && (blobs || exchange.Flag("securityStatus")))
            return exchange.FailAsync(HubError.BadRequest("expand cannot be used with blobs or securityStatus"));
        return exchange.SendJsonAsync(json => Write(exchange, json, repository, commit, expand.Length > 0 ? expand : Usual, blobs));
    }

    private static string[] Expanded(HubExchange exchange) =>
        exchange.Query
            .Where(pair => pair.Key is "expand" or "expand[]")
            .SelectMany(pair => pair.Value.ToArray())
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToArray();

    private static void Write(HubExchange exchange, Utf8JsonWriter json, HubRepository repository, HubCommit commit, string[] fields, bool blobs)
    {
        json.WriteStartObject();
        json.WriteString("_id", GitObjects.BlobOid(System.Text.Encoding.UTF8.GetBytes(repository.Id))[..24]);
        json.WriteString("id", repository.Id);
        foreach (var field in fields)
            WriteField(exchange, json, repository, commit, field, blobs);
        if (exchange.Flag("securityStatus") && repository.ScansDone is { } done)
            WriteScan(json, commit, done);
        json.WriteEndObject();
    }

    private static void WriteScan(Utf8JsonWriter json, HubCommit commit, bool done)
    {
        json.WriteStartObject("securityRepoStatus");
        json.WriteBoolean("scansDone", done);
        json.WriteStartArray("filesWithIssues");
        foreach (var file in commit.Tree.Files.Values.Select(entry => entry.File).Where(file => file.SecurityStatus != "safe"))
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteString("level", file.SecurityStatus);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteField(HubExchange exchange, Utf8JsonWriter json, HubRepository repository, HubCommit commit, string field, bool blobs)
    {
        switch (field)
        {
            case "private":
                json.WriteBoolean(field, repository.IsPrivate);
                break;
            case "gated" when repository.Gate == HubGate.Open:
                json.WriteBoolean(field, false);
                break;
            case "gated":
                json.WriteString(field, repository.Gate == HubGate.Auto ? "auto" : "manual");
                break;
            case "disabled":
                json.WriteBoolean(field, repository.IsDisabled);
                break;
            case "author":
                json.WriteString(field, repository.Id.Split('/')[0]);
                break;
            case "sha":
                json.WriteString(field, commit.Id);
                break;
            case "lastModified":
                json.WriteString(field, HubJson.Date(commit.Date));
                break;
            case "createdAt":
                json.WriteString(field, "2023-06-01T08:00:00.000Z");
                break;
            case "tags":
                json.WriteStartArray(field);
                foreach (var tag in repository.Tags)
                    json.WriteStringValue(tag);
                if (repository.License is { } license)
                    json.WriteStringValue("license:" + license);
                json.WriteStringValue("region:us");
                json.WriteEndArray();
                break;
            case "cardData":
                json.WriteStartObject(field);
                if (repository.License is { } stated)
                    json.WriteString("license", stated);
                json.WriteEndObject();
                break;
            case "pipeline_tag" when repository.Kind == HubRepositoryKind.Model:
                json.WriteString(field, "text-generation");
                break;
            case "library_name" when repository.Kind == HubRepositoryKind.Model:
                json.WriteString(field, "transformers");
                break;
            case "sdk" when repository.Kind == HubRepositoryKind.Space:
                json.WriteString(field, "static");
                break;
            case "downloads" or "likes":
                json.WriteNumber(field, 42);
                break;
            case "usedStorage":
                json.WriteNumber(field, commit.Tree.Files.Values.Sum(entry => entry.File.Content.Size));
                break;
            case "siblings":
                WriteSiblings(exchange, json, repository, commit, blobs);
                break;
            default:
                break;
        }
    }

    private static void WriteSiblings(HubExchange exchange, Utf8JsonWriter json, HubRepository repository, HubCommit commit, bool blobs)
    {
        var redacted = LoopbackHub.IsRedacted(exchange, repository);
        json.WriteStartArray("siblings");
        foreach (var entry in commit.Tree.Files.Values.Take(exchange.Hub.SiblingsLimit))
        {
            json.WriteStartObject();
            json.WriteString("rfilename", entry.File.Path);
            if (blobs)
            {
                json.WriteNumber("size", entry.File.Content.Size);
                json.WriteString("blobId", entry.File.Oid);
                if (entry.File.IsLfs)
                {
                    json.WriteStartObject("lfs");
                    json.WriteString("sha256", redacted ? LoopbackHub.Redacted : entry.File.Content.Sha256);
                    json.WriteNumber("size", entry.File.Content.Size);
                    json.WriteNumber("pointerSize", entry.File.PointerSize);
                    json.WriteEndObject();
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
