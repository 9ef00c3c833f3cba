using System.Collections.Immutable;
using System.Text.Json;

namespace NixGen.Sources.HuggingFace;

/// <summary>What the Hub says of a repository at a revision (<c>GET /api/models/ID/revision/REV</c>).</summary>
/// <param name="Id">The canonical id.</param>
/// <param name="Commit">The commit, 40 hexadecimal digits.</param>
/// <param name="IsPrivate">Whether only some may see it.</param>
/// <param name="IsDisabled">Whether access is switched off.</param>
/// <param name="Gated">How access is gated, or null.</param>
/// <param name="License">The licence as its authors state it, or null.</param>
/// <param name="LastModified">When the revision was last modified, as the Hub writes it, or null.</param>
/// <param name="Scan">What the Hub's scanners say, or null.</param>
/// <param name="Siblings">Paths that the description names; the Hub cuts the list off in large repositories.</param>
internal sealed record RepositoryInfo(
    string Id,
    string Commit,
    bool IsPrivate,
    bool IsDisabled,
    string? Gated,
    string? License,
    string? LastModified,
    ScanReport? Scan,
    ImmutableArray<string> Siblings)
{
    private const int MaxWords = 200;

    /// <summary>Reads the Hub's JSON; says what is wrong with it.</summary>
    public static (RepositoryInfo? Info, string? Problem) Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (null, "it is not an object");
            }

            if (Text(root, "id") is not { } id || RepositoryId.Problem(id) is not null)
            {
                return (null, "'id' is no repository id");
            }

            if (Text(root, "sha") is not { } commit || !RevisionName.IsCommit(commit))
            {
                return (null, "'sha' is no commit");
            }

            return (new(id, commit, IsTrue(root, "private"), IsTrue(root, "disabled"), GateOf(root), LicenseOf(root), DateOf(root), ScanReport.Of(root), SiblingsOf(root)), null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (null, "it is not JSON");
        }
    }

    private static string? GateOf(JsonElement root) =>
        !root.TryGetProperty("gated", out var gated) || gated.ValueKind is JsonValueKind.False or JsonValueKind.Null ? null
        : gated.ValueKind == JsonValueKind.String && gated.GetString() is { Length: > 0 and < 20 } kind && kind.All(char.IsAsciiLetter) ? kind
        : "manual";

    // A string, or several; 'other' has its name beside it. The tags say it where the card doesn't.
    private static string? LicenseOf(JsonElement root)
    {
        if (root.TryGetProperty("cardData", out var card) && card.ValueKind == JsonValueKind.Object && card.TryGetProperty("license", out var stated))
        {
            var license = stated.ValueKind == JsonValueKind.Array
                ? string.Join(", ", stated.EnumerateArray().Where(IsText).Select(item => item.GetString()))
                : IsText(stated) ? stated.GetString() : null;
            if (license == "other" && Text(card, "license_name") is { Length: > 0 } name)
            {
                license = $"other: {name}";
            }

            if (Words(license) is { } words)
            {
                return words;
            }
        }

        return root.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Array
            ? tags.EnumerateArray().Where(IsText).Select(tag => tag.GetString() ?? "")
                .Where(tag => tag.StartsWith("license:", StringComparison.Ordinal)).Select(tag => Words(tag["license:".Length..])).FirstOrDefault()
            : null;
    }

    private static string? DateOf(JsonElement root) =>
        Text(root, "lastModified") is { Length: >= 10 and <= 40 } date
        && date.All(character => char.IsAsciiDigit(character) || character is '-' or ':' or '.' or '+' or 'T' or 'Z')
            ? date
            : null;

    private static ImmutableArray<string> SiblingsOf(JsonElement root) =>
        root.TryGetProperty("siblings", out var siblings) && siblings.ValueKind == JsonValueKind.Array
            ? [.. siblings.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => Text(item, "rfilename")).OfType<string>()]
            : [];

    private static string? Words(string? text)
    {
        var line = string.Concat((text ?? "").Select(character => char.IsControl(character) ? ' ' : character)).Trim();
        if (line.Length <= MaxWords)
        {
            return line.Length == 0 ? null : line;
        }

        // Half of a surrogate pair would make a lock that no reader takes.
        return line[..(char.IsHighSurrogate(line[MaxWords - 1]) ? MaxWords - 1 : MaxWords)];
    }

    private static bool IsText(JsonElement element) => element.ValueKind == JsonValueKind.String;

    private static bool IsTrue(JsonElement root, string key) => root.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement root, string key) =>
        root.TryGetProperty(key, out var value) && IsText(value) ? value.GetString() : null;
}
