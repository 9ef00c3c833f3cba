using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace NixGen.Manifest.Reference;

/// <summary>Arranges a schema for readers: a section for each kind of mapping, a row for each key.</summary>
internal sealed class SchemaPages(JsonElement root)
{
    private const string Definitions = "#/definitions/";

    // Definitions that are worth a section, in reading order, with their titles.
    private static readonly ImmutableArray<(string Name, string Title)> Order =
    [
        ("model", "models.NAME"),
        ("source", "source"),
        ("huggingface", "source.huggingface"),
        ("mock", "source.mock"),
        ("sourceTemplate", "sources.NAME"),
        ("profile", "profiles.NAME"),
        ("group", "groups.NAME"),
        ("auth", "auth"),
        ("network", "network"),
        ("integration", "integration"),
        ("meta", "meta"),
    ];

    /// <summary>The sections.</summary>
    public ImmutableArray<(string Title, JsonElement Part)> Sections() =>
    [
        ("Top level", root),
        .. Order.Select(section => (section.Title, Resolve(Definitions + section.Name))),
    ];

    /// <summary>The keys of a mapping; keys of mappings within it follow with a dot.</summary>
    public ImmutableArray<SchemaRow> Rows(JsonElement part)
    {
        var rows = ImmutableArray.CreateBuilder<SchemaRow>();
        Collect(part, "", rows);
        return rows.ToImmutable();
    }

    /// <summary>What a part of the schema says of itself.</summary>
    public static string Description(JsonElement part) =>
        part.TryGetProperty("description", out var text) ? text.GetString() ?? "" : "";

    private void Collect(JsonElement part, string prefix, ImmutableArray<SchemaRow>.Builder rows)
    {
        if (!part.TryGetProperty("properties", out var properties))
        {
            return;
        }

        var required = part.TryGetProperty("required", out var names)
            ? names.EnumerateArray().Select(name => name.GetString()).ToImmutableArray()
            : [];
        foreach (var property in properties.EnumerateObject())
        {
            var value = property.Value.TryGetProperty("$ref", out var reference)
                ? Resolve(reference.GetString() ?? "")
                : property.Value;
            var section = Order.FirstOrDefault(known => reference.ValueKind == JsonValueKind.String && reference.GetString() == Definitions + known.Name);
            rows.Add(new(
                prefix + property.Name,
                section.Title is null ? Type(value) : $"[{section.Title}](#{Anchor(section.Title)})",
                value.TryGetProperty("default", out var fallback) ? $"`{fallback.GetRawText()}`" : "",
                Description(value),
                required.Contains(property.Name)));
            if (section.Title is null)
            {
                Collect(value, $"{prefix}{property.Name}.", rows);
            }
        }
    }

    private JsonElement Resolve(string reference) =>
        root.GetProperty("definitions").GetProperty(reference[Definitions.Length..]);

    private string Type(JsonElement part)
    {
        if (part.TryGetProperty("enum", out var values))
        {
            return string.Join(", ", values.EnumerateArray().Select(value => $"`{value}`"));
        }

        if (!part.TryGetProperty("type", out var type))
        {
            return "";
        }

        return type.ValueKind == JsonValueKind.Array
            ? string.Join(" or ", type.EnumerateArray().Select(one => Word(one.GetString(), part)))
            : Word(type.GetString(), part);
    }

    private string Word(string? type, JsonElement part) => type switch
    {
        "string" => "text",
        "integer" => Range(part),
        "boolean" => "boolean",
        "array" => $"list of {Type(Items(part))}",
        _ when part.TryGetProperty("patternProperties", out _) => "mapping by name",
        _ => "mapping",
    };

    private JsonElement Items(JsonElement part)
    {
        var items = part.GetProperty("items");
        return items.TryGetProperty("$ref", out var reference) ? Resolve(reference.GetString() ?? "") : items;
    }

    private static string Range(JsonElement part) =>
        part.TryGetProperty("minimum", out var least) && part.TryGetProperty("maximum", out var most)
            ? string.Create(CultureInfo.InvariantCulture, $"{least}–{most}")
            : "whole number";

    private static string Anchor(string title) =>
        string.Concat(title.ToLowerInvariant().Where(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'));
}

/// <summary>One key of a mapping.</summary>
/// <param name="Key">The key, with the mappings around it.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Default">What holds where it is left out, or empty.</param>
/// <param name="Description">What it is for.</param>
/// <param name="IsRequired">Whether it must be there.</param>
internal sealed record SchemaRow(string Key, string Type, string Default, string Description, bool IsRequired);
