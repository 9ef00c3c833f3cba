using System.Collections.Immutable;
using System.Text.Json;

namespace NixGen.Sources.Gcs;

/// <summary>One page of a list of objects ("Objects: list").</summary>
/// <param name="Items">The objects.</param>
/// <param name="NextPageToken">What asks for the next page, or null on the last.</param>
internal sealed record GcsPage(ImmutableArray<GcsItem> Items, string? NextPageToken)
{
    /// <summary>Reads one; null where the answer isn't one. A page without <c>items</c> is empty.</summary>
    public static GcsPage? Parse(ReadOnlyMemory<byte> body) => Read(body, root =>
    {
        var items = ImmutableArray.CreateBuilder<GcsItem>();
        if (root.TryGetProperty("items", out var list))
        {
            if (list.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            foreach (var element in list.EnumerateArray())
            {
                if (GcsItem.Parse(element) is not { } item)
                {
                    return null;
                }

                items.Add(item);
            }
        }

        var next = root.TryGetProperty("nextPageToken", out var token) && token.ValueKind == JsonValueKind.String ? token.GetString() : null;
        return new GcsPage(items.ToImmutable(), string.IsNullOrEmpty(next) ? null : next);
    });

    /// <summary>Reads the description of one object; null where the answer isn't one.</summary>
    public static GcsItem? ParseItem(ReadOnlyMemory<byte> body) => Read(body, GcsItem.Parse);

    private static T? Read<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is what half a surrogate pair in a name gives.
            return null;
        }
    }
}
