using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace NixGen.Sources.Mlflow;

/// <summary>Reads answers, whatever is in them.</summary>
internal static class MlflowJson
{
    /// <summary>A text, or null for what is none or empty.</summary>
    public static string? Text(JsonElement element, string key)
    {
        try
        {
            return Member(element, key) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair
        }
    }

    /// <summary>A 64-bit number: as JSON has it, or as text, as the JSON mapping of Protocol Buffers has it; null for anything else.</summary>
    public static long? Number(JsonElement element, string key) => Member(element, key) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
        { ValueKind: JsonValueKind.String } when long.TryParse(Text(element, key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) => value,
        _ => null,
    };

    /// <summary>A truth; what is left out is false.</summary>
    public static bool Flag(JsonElement element, string key) => Member(element, key) is { ValueKind: JsonValueKind.True };

    /// <summary>An object, or null.</summary>
    public static JsonElement? Object(JsonElement element, params ReadOnlySpan<string> keys)
    {
        JsonElement? at = element;
        foreach (var key in keys)
        {
            at = at is { } here && Member(here, key) is { ValueKind: JsonValueKind.Object } inner ? inner : null;
        }

        return at;
    }

    /// <summary>The items of a list; none where it is left out, as Protocol Buffers leave out what is empty. Null for what is no list.</summary>
    public static ImmutableArray<JsonElement>? List(JsonElement element, string key) => Member(element, key) switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        _ => null,
    };

    private static JsonElement? Member(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) ? value : null;
}
