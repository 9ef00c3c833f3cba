using NixGen.Manifest.Tree;
using NixGen.Sources.Fields;

namespace NixGen.Sources.Selection;

/// <summary>The fields <c>gguf</c> and <c>format</c> of a source; the schema has checked their forms.</summary>
public static class WeightFields
{
    /// <summary>What the fields ask for.</summary>
    public static WeightChoice Read(FieldReader fields)
    {
        var format = fields.Text("format") is { } name ? WeightFormats.Parse(name) : null;
        return new(fields.Node("gguf") is { } gguf ? Choice(gguf) : null, format);
    }

    private static GgufChoice? Choice(Node gguf) => gguf switch
    {
        ScalarNode quant => new(quant.Text),
        MappingNode mapping when Text(mapping, "quant") is { } quant =>
            new(quant, Text(mapping, "mmproj") ?? GgufChoice.Auto, Text(mapping, "mtp") ?? GgufChoice.Auto),
        _ => null,
    };

    private static string? Text(MappingNode mapping, string key) => (mapping[key] as ScalarNode)?.Text;
}
