using System.Text.Json;

namespace NixGen.Sources.HuggingFace;

/// <summary>The names of a repository's branches and tags (<c>GET /api/models/ID/refs</c>), for suggestions only.</summary>
internal static class ReferenceNames
{
    private static readonly string[] _lists = ["branches", "tags"];

    /// <summary>The names; none where the answer isn't what is expected.</summary>
    public static IReadOnlyList<string> Parse(UpstreamResponse response)
    {
        if (!response.IsSuccess)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(response.Body);
            return [.. _lists.SelectMany(list => Names(document.RootElement, list))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Names(JsonElement root, string list) =>
        root.TryGetProperty(list, out var references)
            ? references.EnumerateArray()
                .Select(reference => reference.TryGetProperty("name", out var name) ? name.GetString() : null)
                .OfType<string>()
                .Where(name => RevisionName.Problem(name) is null)
            : [];
}
