using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace NixGen.Manifest.Reference;

/// <summary>Makes the reference page of the manifest, <c>docs/reference/manifest.md</c>, from its schema.</summary>
public static class ManifestReference
{
    /// <summary>The page as markdown, with line feeds and one at the end.</summary>
    /// <param name="schema">The schema, UTF-8.</param>
    public static string Markdown(ReadOnlyMemory<byte> schema)
    {
        using var document = JsonDocument.Parse(schema);
        var root = document.RootElement;
        var pages = new SchemaPages(root);
        var page = new StringBuilder();
        page.Append("# Manifest\n\n");
        page.Append("<!-- Made from schemas/manifest.v1.schema.json by `nixgen`; a test compares it. -->\n\n");
        page.Append(SchemaPages.Description(root)).Append(' ');
        page.Append("YAML or JSON, the same keys in both. Editors complete and check it with the line\n\n");
        page.Append("```yaml\n# yaml-language-server: $schema=path/to/schemas/manifest.v1.schema.json\n```\n");
        foreach (var (title, part) in pages.Sections())
        {
            AppendSection(page, title, part, pages);
        }

        return page.ToString();
    }

    private static void AppendSection(StringBuilder page, string title, JsonElement part, SchemaPages pages)
    {
        page.Append($"\n## {title}\n\n{SchemaPages.Description(part)}\n");
        var rows = pages.Rows(part);
        if (!rows.IsEmpty)
        {
            page.Append("\n| key | type | default | |\n|---|---|---|---|\n");
            foreach (var row in rows)
            {
                page.Append($"| `{row.Key}`{(row.IsRequired ? " (required)" : "")} | {row.Type} | {row.Default} | {Cell(row.Description)} |\n");
            }
        }

        if (part.TryGetProperty("examples", out var examples))
        {
            AppendExamples(page, examples.EnumerateArray().ToImmutableArray());
        }
    }

    private static void AppendExamples(StringBuilder page, ImmutableArray<JsonElement> examples)
    {
        page.Append("\n```yaml\n");
        for (var i = 0; i < examples.Length; i++)
        {
            page.Append(i > 0 ? "# or\n" : "").Append(YamlExample.Of(examples[i]));
        }

        page.Append("```\n");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
