using NixGen.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace NixGen.Manifest.Tree;

/// <summary>Applies the tags of YAML's core schema and refuses all others.</summary>
internal static class YamlTags
{
    private const string Core = "tag:yaml.org,2002:";

    /// <summary>The scalar that an event stands for; a refused tag still gives its text, so that later checks can go on.</summary>
    public static ScalarNode Scalar(Scalar scalar, SourceSpan span, TreeProblems problems)
    {
        var text = scalar.Value;
        var implied = scalar.Style == ScalarStyle.Plain ? YamlScalars.Kind(text) : ScalarKind.String;
        if (TextFaults.Find(text) is { } fault)
        {
            problems.Add(TreeDiagnostics.CharacterThatIsNotText(span, fault));
        }

        if (scalar.Tag.IsEmpty)
        {
            return new(text, implied, span);
        }

        var meant = YamlScalars.Kind(text);
        (ScalarKind Kind, bool Fits)? tagged = Name(scalar.Tag) switch
        {
            "str" or "!" => (ScalarKind.String, true),
            "int" => (ScalarKind.Integer, meant == ScalarKind.Integer),
            "float" => (ScalarKind.Float, meant is ScalarKind.Float or ScalarKind.Integer),
            "bool" => (ScalarKind.Boolean, meant == ScalarKind.Boolean),
            "null" => (ScalarKind.Null, meant == ScalarKind.Null),
            "merge" when text == "<<" => (ScalarKind.String, true),
            "map" or "seq" => (implied, false),
            _ => null,
        };
        if (tagged is not { } known)
        {
            problems.Add(TreeDiagnostics.RefusedTag(Written(span), Display(scalar.Tag)));
            return new(text, implied, span);
        }

        var node = new ScalarNode(text, known.Fits ? known.Kind : implied, span);
        if (!known.Fits)
        {
            problems.Add(TreeDiagnostics.WrongTag(span, Display(scalar.Tag), NodeWords.Describe(node)));
        }

        return node;
    }

    /// <summary>Checks the tag of a mapping or a list.</summary>
    public static void Collection(NodeEvent start, string expected, SourceSpan span, TreeProblems problems)
    {
        if (start.Tag.IsEmpty || Name(start.Tag) is "!" || Name(start.Tag) == expected)
        {
            return;
        }

        problems.Add(Name(start.Tag) is "str" or "int" or "float" or "bool" or "null" or "map" or "seq"
            ? TreeDiagnostics.WrongTag(Written(span), Display(start.Tag), expected == "map" ? "a mapping" : "a list")
            : TreeDiagnostics.RefusedTag(Written(span), Display(start.Tag)));
    }

    // The name within YAML's own tags, "!" for the non-specific tag, or null for foreign tags.
    private static string? Name(TagName tag) =>
        tag.IsNonSpecific ? "!" : tag.Value.StartsWith(Core, StringComparison.Ordinal) ? tag.Value[Core.Length..] : null;

    private static string Display(TagName tag) =>
        tag.IsNonSpecific ? "!" : tag.Value.StartsWith(Core, StringComparison.Ordinal) ? "!!" + tag.Value[Core.Length..] : tag.Value;

    // The tag alone where the span begins with it.
    private static SourceSpan Written(SourceSpan span)
    {
        var text = span.Source.Text.AsSpan(span.Span.Start, span.Span.Length);
        var end = text.IndexOfAny(" \t\r\n");
        return text is ['!', ..] && end > 0 ? span.Source.At(new(span.Span.Start, end)) : span;
    }
}
