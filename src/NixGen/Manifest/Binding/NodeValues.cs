using System.Collections.Immutable;
using System.Globalization;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Reads typed values of a tree. What is missing or of another type reads as null: the schema has reported it.</summary>
internal static class NodeValues
{
    /// <summary>The mapping under a key.</summary>
    public static MappingNode? Mapping(this MappingNode? mapping, string key) => mapping?[key] as MappingNode;

    /// <summary>The text under a key.</summary>
    public static string? Text(this MappingNode? mapping, string key) => AsText(mapping?[key]);

    /// <summary>The texts of the list under a key; null where there is no list.</summary>
    public static ImmutableArray<string>? Texts(this MappingNode? mapping, string key) =>
        mapping?[key] is SequenceNode list
            ? [.. list.Items.Select(AsText).OfType<string>()]
            : null;

    /// <summary>The whole number under a key.</summary>
    public static int? Number(this MappingNode? mapping, string key) =>
        mapping?[key] is ScalarNode { Kind: ScalarKind.Integer } scalar && AsNumber(scalar) is >= int.MinValue and <= int.MaxValue and var number
            ? (int)number
            : null;

    /// <summary>The truth value under a key.</summary>
    public static bool? Truth(this MappingNode? mapping, string key) =>
        mapping?[key] is ScalarNode { Kind: ScalarKind.Boolean } scalar ? scalar.Text[0] is 't' or 'T' : null;

    /// <summary>A node's text, where it is text.</summary>
    public static string? AsText(Node? node) => node is ScalarNode { Kind: ScalarKind.String } scalar ? scalar.Text : null;

    /// <summary>The value of a whole number of YAML's core schema; numbers beyond 64 bits become the nearest that fits.</summary>
    public static long AsNumber(ScalarNode scalar)
    {
        var text = scalar.Text;
        if (text.StartsWith("0o", StringComparison.Ordinal))
        {
            var octal = text[2..].TrimStart('0');
            return octal.Length > 20 ? long.MaxValue : octal.Aggregate(0L, (sum, digit) => (sum * 8) + (digit - '0'));
        }

        var isHex = text.StartsWith("0x", StringComparison.Ordinal);
        var digits = isHex ? text[2..].TrimStart('0') : text;
        if (isHex && (digits.Length is 0 or > 15))
        {
            return digits.Length == 0 ? 0 : long.MaxValue;
        }

        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.AllowLeadingSign;
        return long.TryParse(digits, style, CultureInfo.InvariantCulture, out var number)
            ? number
            : text[0] == '-' ? long.MinValue : long.MaxValue;
    }
}
