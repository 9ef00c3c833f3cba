using System.Collections.Immutable;
using System.Text.Json;

namespace NixGen.Sources.GitLfs;

/// <summary>One exchange with the batch API (git-lfs, docs/api/batch.md).</summary>
internal static class LfsBatch
{
    /// <summary>Of requests and answers.</summary>
    public const string MediaType = "application/vnd.git-lfs+json";

    /// <summary>How many objects the usual client asks for at once.</summary>
    public const int UsualSize = 100;

    /// <summary>A question where objects are.</summary>
    public static UpstreamRequest Request(LfsServer server, IEnumerable<LfsPointer> pointers)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("operation", "download");
            json.WriteStartArray("transfers");
            json.WriteStringValue("basic");
            json.WriteEndArray();
            json.WriteString("hash_algo", "sha256");
            json.WriteStartArray("objects");
            foreach (var pointer in pointers)
            {
                json.WriteStartObject();
                json.WriteString("oid", pointer.Sha256.Hex);
                json.WriteNumber("size", pointer.Size);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new(new($"{server.Address}/objects/batch"), server.Authorization)
        {
            Scheme = server.Scheme,
            Accept = MediaType,
            Method = HttpMethod.Post,
            Body = new(body.ToArray(), MediaType),
        };
    }

    /// <summary>What the server has against single objects, by their SHA-256 in hex; or what it has against the request.</summary>
    public static (ImmutableDictionary<string, LfsFault>? Objects, LfsFault? Fault) Read(UpstreamResponse response, IReadOnlyCollection<LfsPointer> asked)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Body);
            var root = document.RootElement;
            if (!response.IsSuccess)
            {
                return (null, new(response.Status, Text(root, "message")));
            }

            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("objects", out var objects) || objects.ValueKind != JsonValueKind.Array)
            {
                return (null, new(0, "it lists no objects"));
            }

            var transfer = Text(root, "transfer");
            return transfer is "" or "basic"
                ? (Faults(objects, asked), null)
                : (null, new(0, $"it wants the transfer '{transfer}', which wasn't offered"));
        }
        catch (JsonException)
        {
            return (null, response.IsSuccess ? new(0, "it isn't JSON") : new(response.Status, ""));
        }
    }

    private static ImmutableDictionary<string, LfsFault> Faults(JsonElement objects, IReadOnlyCollection<LfsPointer> asked)
    {
        var faults = asked.Select(pointer => pointer.Sha256.Hex).Distinct(StringComparer.Ordinal)
            .ToDictionary(oid => oid, _ => new LfsFault(0, "the answer doesn't mention it"), StringComparer.Ordinal);
        foreach (var item in objects.EnumerateArray())
        {
            var oid = Text(item, "oid");
            if (FaultOf(item) is { } fault)
            {
                faults[oid] = fault;
            }
            else
            {
                faults.Remove(oid);
            }
        }

        return faults.ToImmutableDictionary(StringComparer.Ordinal);
    }

    private static LfsFault? FaultOf(JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("error", out var error))
        {
            return new(error.ValueKind == JsonValueKind.Object && error.TryGetProperty("code", out var code) && code.TryGetInt32(out var number) ? number : 0, Text(error, "message"));
        }

        var hasLink = item.ValueKind == JsonValueKind.Object
            && item.TryGetProperty("actions", out var actions) && actions.ValueKind == JsonValueKind.Object
            && actions.TryGetProperty("download", out var download)
            && Uri.TryCreate(Text(download, "href"), UriKind.Absolute, out var link) && link.Scheme is "https" or "http";
        return hasLink ? null : new(0, "the answer doesn't say where it is");
    }

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() ?? ""
            : "";
}
