using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Reference;

/// <summary>Writes a JSON value as YAML that people would write: blocks, quotes only where they are needed, short lists in one line.</summary>
internal static class YamlExample
{
    /// <summary>The value as YAML, with a line feed at the end.</summary>
    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        Append(text, value, 0);
        return text.ToString().TrimStart('\n', ' ').TrimEnd('\n') + "\n";
    }

    private static void Append(StringBuilder text, JsonElement value, int indent)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                foreach (var property in value.EnumerateObject())
                {
                    text.Append('\n').Append(' ', indent).Append(Scalar(property.Name)).Append(':');
                    Append(text, property.Value, indent + 2);
                }

                break;
            case JsonValueKind.Array when value.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array):
                foreach (var item in value.EnumerateArray())
                {
                    var inner = new StringBuilder();
                    Append(inner, item, indent + 2);
                    text.Append('\n').Append(' ', indent).Append("- ").Append(inner.ToString().TrimStart('\n', ' '));
                }

                break;
            case JsonValueKind.Array:
                text.Append(" [").AppendJoin(", ", value.EnumerateArray().Select(Inline)).Append(']');
                break;
            default:
                text.Append(' ').Append(Inline(value));
                break;
        }
    }

    private static string Inline(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Scalar(value.GetString() ?? "") : value.GetRawText();

    private static string Scalar(string text)
    {
        var isPlain = YamlScalars.Kind(text) == ScalarKind.String
            && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '/' or ':' or '@' or ' ' or '+' or '=' or '~')
            && char.IsAsciiLetterOrDigit(text[0])
            && text[^1] is not (' ' or ':')
            && !text.Contains(": ", StringComparison.Ordinal);
        return isPlain ? text : $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
    }
}
