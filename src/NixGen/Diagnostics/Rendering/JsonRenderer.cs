using System.Collections.Immutable;
using System.Text.Json;

namespace NixGen.Diagnostics.Rendering;

/// <summary>Diagnostics as one JSON document with stable keys: a key that has nothing to say is null, not missing.</summary>
internal static class JsonRenderer
{
    private const int FormatVersion = 1;

    /// <summary>Writes the document.</summary>
    public static void Write(ImmutableArray<Diagnostic> diagnostics, TextWriter output) => JsonText.Write(output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", FormatVersion);
        writer.WriteNumber("errors", diagnostics.Count(item => item.Severity == Severity.Error));
        writer.WriteNumber("warnings", diagnostics.Count(item => item.Severity == Severity.Warning));
        writer.WriteStartArray("diagnostics");
        foreach (var item in diagnostics)
        {
            Write(writer, item);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, Diagnostic item)
    {
        writer.WriteStartObject();
        writer.WriteString("code", item.Code);
        writer.WriteString("severity", item.Severity switch
        {
            Severity.Error => "error",
            Severity.Warning => "warning",
            _ => "note",
        });
        writer.WriteString("kind", item.Descriptor.Kind switch
        {
            FailureKind.Usage => "usage",
            FailureKind.Stale => "stale",
            FailureKind.Upstream => "upstream",
            FailureKind.ContentMismatch => "contentMismatch",
            _ => "input",
        });
        writer.WriteString("title", item.Descriptor.Title);
        writer.WriteString("message", item.Message);
        WritePlace(writer, item.Location);
        writer.WriteString("expected", item.Expected);
        writer.WriteString("found", item.Actual);
        writer.WriteString("help", item.Help);
        writer.WriteStartArray("related");
        foreach (var related in item.Related)
        {
            writer.WriteStartObject();
            writer.WriteString("message", related.Message);
            WritePlace(writer, related.Location);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // Lines and columns from 1, columns in UTF-16 code units, the end exclusive: as editors and SARIF count.
    private static void WritePlace(Utf8JsonWriter writer, SourceSpan? place)
    {
        writer.WriteString("file", place?.Source.Path);
        Number("line", place?.Start.Line);
        Number("column", place?.Start.Column);
        Number("endLine", place?.End.Line);
        Number("endColumn", place?.End.Column);

        void Number(string name, int? value)
        {
            if (value is { } number)
            {
                writer.WriteNumber(name, number);
            }
            else
            {
                writer.WriteNull(name);
            }
        }
    }
}
