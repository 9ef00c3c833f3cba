using NixGen.Diagnostics;
using YamlDotNet.Core;

namespace NixGen.Manifest.Tree;

/// <summary>Puts the YAML parser's findings into words and places that people know.</summary>
internal static class YamlSyntax
{
    private static SyntaxFault BadTag { get; } = new("the tag is malformed", "remove it, or put a value that begins with `!` into quotes");

    /// <summary>The diagnostic of a tag that can't be a tag.</summary>
    public static Diagnostic MalformedTag(SourceText source, int position)
    {
        var tag = source.Text.IndexOf('!', Clamp(source, position));
        return TreeDiagnostics.BrokenSyntax(source.At(new(tag < 0 ? Clamp(source, position) : tag, tag < 0 ? 0 : 1)), BadTag);
    }

    /// <summary>The diagnostic of a parser's exception.</summary>
    public static Diagnostic Explain(SourceText source, YamlException exception, List<SourceSpan> openFlows)
    {
        var start = Clamp(source, (int)exception.Start.Index);
        var end = Math.Max(start, Clamp(source, (int)exception.End.Index));
        if (exception.Message.Contains(" tab ", StringComparison.Ordinal))
        {
            return TreeDiagnostics.TabIndentation(FindTab(source, start) ?? source.At(new(start, end - start)));
        }

        var length = end - start;
        var lineEnd = source.Text.IndexOf('\n', start);
        if (lineEnd >= 0 && start + length > lineEnd)
        {
            length = Math.Max(0, lineEnd - start);
        }

        var diagnostic = TreeDiagnostics.BrokenSyntax(
            source.At(new(start, Math.Max(length, start < source.Text.Length ? 1 : 0))),
            Words(source, exception.Message, start));
        var isInBracket = openFlows.Count > 0 && exception.Message.Contains("',' or", StringComparison.Ordinal);
        return isInBracket ? diagnostic with { Related = [new(openFlows[^1], "this bracket is open")] } : diagnostic;
    }

    /// <summary>The diagnostic of a document that ends within a bracket.</summary>
    public static Diagnostic Unfinished(SourceText source, int position, List<SourceSpan> openFlows) =>
        TreeDiagnostics.BrokenSyntax(
            openFlows.Count > 0 ? openFlows[^1] : source.At(new(Clamp(source, position), 0)),
            openFlows.Count > 0
                ? new($"the bracket {Quoted.Text(source.Text.Substring(openFlows[^1].Span.Start, openFlows[^1].Span.Length))} isn't closed", "add the closing bracket, or a missing comma")
                : new("the document ends unexpectedly", "look for something unfinished before this place"));

    /// <summary>The diagnostic of an entry that begins with its colon.</summary>
    public static Diagnostic NoKey(SourceSpan at) =>
        TreeDiagnostics.BrokenSyntax(at, new("an entry has no key", "write the key before the `:`"));

    private static SyntaxFault Words(SourceText source, string message, int start)
    {
        var character = start < source.Text.Length ? source.Text[start] : '\0';
        return message switch
        {
            _ when Has("cannot start any token") => new(
                $"{Quoted.Text(character.ToString())} can't begin a value in YAML",
                "put the value into quotes"),
            _ when Has("found invalid mapping") => new(
                "a mapping can't begin here",
                "indent the key like its neighbours, or put a value that holds `: ` into quotes"),
            _ when Has("expected '-' indicator") => new(
                "a list goes on here with something that isn't a list item",
                "begin each item with `- ` at the same indentation, and indent keys like their neighbours"),
            _ when Has("did not find expected key") => new(
                "a key was expected here",
                "indent the line like its neighbours, and close quotes and brackets before it"),
            _ when Has("could not find expected ':'") => new(
                "a `:` was expected after this key",
                "write `key: value`, with a space behind the colon"),
            _ when Has("quoted scalar") && Has("end of stream") => new(
                "the quote isn't closed",
                "add the closing quote"),
            _ when Has("quoted scalar") && Has("document indicator") => new(
                "the quote isn't closed before the document ends",
                "add the closing quote"),
            _ when Has("unknown escape") => new(
                "this text in double quotes holds an unknown escape",
                "write `\\\\` for a backslash, or use single quotes, where nothing is an escape"),
            _ when Has("surrogate") => new(
                "this text holds half of a surrogate pair",
                "write the character itself, or both halves of the escape"),
            _ when Has("',' or ']'") => new(
                "the list isn't closed, or a comma is missing",
                "add `,` between items and `]` at the end"),
            _ when Has("',' or '}'") => new(
                "the mapping isn't closed, or a comma is missing",
                "add `,` between entries and `}` at the end"),
            _ when Has("expected node content") => new(
                "a value was expected here",
                "add the value, or remove what stands in its place"),
            _ when Has("<document end>") || Has("<document start>") => new(
                "the document should end here, but something follows",
                "write `key: value` with a space behind the colon, and indent it like its neighbours"),
            _ when Has("lock sequence entries are not allowed") => new(
                "a list can't begin here",
                "put the list on lines of its own, or write it as `[…]`"),
            _ when Has("multi-line double-quoted") => new(
                "a text in quotes goes on here without indentation",
                "indent its further lines, or close the quote before this place"),
            _ when Has("values are not allowed") => new(
                "a value can't begin here",
                "write one `key: value` on a line, or put text that holds `: ` into quotes"),
            _ when Has("keys are not allowed") => new("a key can't begin here", "put it on a line of its own"),
            _ when Has("hexadecimal") => new("this text in double quotes holds an unfinished escape", "write two digits behind `\\x`, four behind `\\u` and eight behind `\\U`"),
            _ when Has("directive") => new("a line that begins with `%` is malformed", "remove it: a manifest needs no directives"),
            _ when Has("more than one anchor") => new("a value has two anchors", "keep one `&name`"),
            _ when Has("undefined tag handle") => new("the tag's handle isn't defined", "remove the tag"),
            _ when Has("scanning a tag") || Has("end of tag") => BadTag,
            _ when Has("anchor or alias") => new("the name of an anchor or alias is missing or malformed", "write `&name` or `*name`, or put the text into quotes"),
            _ when Has("block scalar") => new("the header of a block of text is malformed", "write `|` or `>` alone on its line, and the text indented below"),
            _ => new($"the YAML parser can't go on: {Quoted.Bare(Lower(message))}", "look at this line and the one before it"),
        };

        bool Has(string part) => message.Contains(part, StringComparison.Ordinal);
    }

    private static string Lower(string message) =>
        message.Length > 0 ? char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.') : message;

    private static SourceSpan? FindTab(SourceText source, int start)
    {
        var lineStart = start == 0 ? 0 : source.Text.LastIndexOf('\n', start - 1) + 1;
        for (var i = lineStart; i < source.Text.Length; i++)
        {
            if (source.Text[i] == '\t' && IsIndentation(source.Text, i))
            {
                return source.At(new(i, 1));
            }
        }

        return null;
    }

    private static bool IsIndentation(string text, int index)
    {
        while (index > 0 && text[index - 1] is ' ' or '\t')
        {
            index--;
        }

        return index == 0 || text[index - 1] == '\n';
    }

    private static int Clamp(SourceText source, int index) => Math.Clamp(index, 0, source.Text.Length);
}
