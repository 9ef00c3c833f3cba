using System.Collections.Immutable;
using System.Text.Json;
using NixGen.Nix.Hashing;

namespace NixGen.Sources.Civitai;

/// <summary>A version as the site describes it (<c>GET /api/v1/model-versions/ID</c>).</summary>
/// <param name="Id">Its number.</param>
/// <param name="ModelId">Its model's number.</param>
/// <param name="Files">Its public files, in the site's order; none where the model is archived.</param>
internal sealed record CivitaiVersionInfo(long Id, long ModelId, ImmutableArray<CivitaiFileInfo> Files)
{
    private static readonly string[] _scans = ["pickleScanResult", "virusScanResult"];

    /// <summary>Reads the site's JSON; says what is wrong with it, as the end of a sentence.</summary>
    public static (CivitaiVersionInfo? Info, string? Problem) Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (Number(root, "id") is not { } id || Number(root, "modelId") is not { } modelId)
            {
                return (null, "it states no 'id' and 'modelId'");
            }

            var files = ImmutableArray.CreateBuilder<CivitaiFileInfo>();
            if (Member(root, "files") is { ValueKind: JsonValueKind.Array } list)
            {
                foreach (var item in list.EnumerateArray())
                {
                    if (Number(item, "id") is not { } file || Text(item, "name") is not { } name)
                    {
                        return (null, "a file has no 'id' and 'name'");
                    }

                    files.Add(File(item, file, name));
                }
            }

            return (new(id, modelId, files.ToImmutable()), null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return (null, "it is not JSON of the site");
        }
    }

    /// <summary>What an answer says went wrong: <c>error</c>, and <c>message</c> or <c>deadline</c> beside it; null where it says nothing.</summary>
    public static string? ErrorIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var words = new[] { Text(root, "error"), Text(root, "message"), Text(root, "deadline") is { } deadline ? $"until {deadline}" : null };
            return words.Any(word => word is not null) ? string.Join(": ", words.OfType<string>()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static CivitaiFileInfo File(JsonElement item, long id, string name)
    {
        var metadata = Member(item, "metadata") ?? default;
        var traits = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in new[] { ("type", Text(item, "type")), ("format", Text(metadata, "format")), ("size", Text(metadata, "size")), ("fp", Text(metadata, "fp")) })
        {
            if (value is not null)
            {
                traits[key] = value;
            }
        }

        var size = Member(item, "sizeKB") is { ValueKind: JsonValueKind.Number } kilobytes && kilobytes.TryGetDouble(out var count) && count is >= 0 and < 1e12
            ? (long)Math.Round(count * 1024)
            : 0;
        SriHash.TryFromHex(Text(Member(item, "hashes") ?? default, "SHA256"), out var hash);
        return new(id, name, size, hash, traits.ToImmutable())
        {
            IsPrimary = Member(item, "primary") is { ValueKind: JsonValueKind.True },
            Findings = [.. _scans.Where(key => Text(item, key) == "Danger")],
        };
    }

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Number(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) && number > 0 ? number : null;
}

/// <summary>A file as the site describes it.</summary>
/// <param name="Id">Its number, which only ever is this file's.</param>
/// <param name="Name">Its name; not checked yet.</param>
/// <param name="AboutBytes">Its length, more or less: the site counts in units of 1024 bytes.</param>
/// <param name="Sha256">Its hash, or null where the site hasn't scanned it yet.</param>
/// <param name="Traits"><c>type</c>, <c>format</c>, <c>size</c> and <c>fp</c>, as far as they are stated.</param>
internal sealed record CivitaiFileInfo(long Id, string Name, long AboutBytes, SriHash? Sha256, ImmutableSortedDictionary<string, string> Traits)
{
    /// <summary>Whether the site gives it to who states no file.</summary>
    public bool IsPrimary { get; init; }

    /// <summary>The scans that found a danger.</summary>
    public ImmutableArray<string> Findings { get; init; } = [];
}
