using System.Collections.Immutable;
using System.Text.Json;

namespace NixGen.Diagnostics.Rendering;

/// <summary>Diagnostics as SARIF 2.1.0 (OASIS), which code scanning services read.</summary>
internal static class SarifRenderer
{
    /// <summary>Writes the log: one run.</summary>
    public static void Write(ImmutableArray<Diagnostic> diagnostics, TextWriter output) => JsonText.Write(output, writer =>
    {
        var rules = diagnostics
            .Select(item => item.Descriptor)
            .DistinctBy(rule => rule.Code)
            .OrderBy(rule => rule.Code, StringComparer.Ordinal)
            .ToImmutableArray();
        writer.WriteStartObject();
        writer.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        writer.WriteString("version", "2.1.0");
        writer.WriteStartArray("runs");
        writer.WriteStartObject();
        WriteTool(writer, rules);
        writer.WriteString("columnKind", "utf16CodeUnits");
        writer.WriteStartArray("results");
        foreach (var item in diagnostics)
        {
            WriteResult(writer, item, rules.IndexOf(item.Descriptor));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteTool(Utf8JsonWriter writer, ImmutableArray<DiagnosticDescriptor> rules)
    {
        writer.WriteStartObject("tool");
        writer.WriteStartObject("driver");
        writer.WriteString("name", "nixgen");
        writer.WriteString("version", typeof(SarifRenderer).Assembly.GetName().Version?.ToString(3));
        writer.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            writer.WriteStartObject();
            writer.WriteString("id", rule.Code);
            WriteText(writer, "shortDescription", rule.Title);
            WriteText(writer, "fullDescription", rule.Explanation);
            writer.WriteStartObject("defaultConfiguration");
            writer.WriteString("level", Level(rule.Severity));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter writer, Diagnostic item, int rule)
    {
        writer.WriteStartObject();
        writer.WriteString("ruleId", item.Code);
        writer.WriteNumber("ruleIndex", rule);
        writer.WriteString("level", Level(item.Severity));
        WriteText(writer, "message", DiagnosticProse.Whole(item));
        writer.WriteStartArray("locations");
        if (item.Location is { } location)
        {
            writer.WriteStartObject();
            WritePlace(writer, location);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("relatedLocations");
        foreach (var (index, related) in item.Related.Index())
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", index);
            WriteText(writer, "message", related.Message);
            WritePlace(writer, related.Location);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter writer, SourceSpan place)
    {
        writer.WriteStartObject("physicalLocation");
        writer.WriteStartObject("artifactLocation");
        writer.WriteString("uri", ToUri(place.Source.Path));
        writer.WriteEndObject();
        writer.WriteStartObject("region");
        writer.WriteNumber("startLine", place.Start.Line);
        writer.WriteNumber("startColumn", place.Start.Column);
        writer.WriteNumber("endLine", place.End.Line);
        writer.WriteNumber("endColumn", place.End.Column);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string text)
    {
        writer.WriteStartObject(name);
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }

    private static string ToUri(string path)
    {
        var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        return path.StartsWith('/') ? "file://" + escaped : escaped;
    }

    private static string Level(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };
}
