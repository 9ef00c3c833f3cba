using System.Collections.Immutable;
using NixGen.Nix.Expressions;

namespace NixGen.Nix.Printing;

/// <content>Strings with parts, strings of lines, and verbatim text.</content>
internal sealed partial class Layout
{
    // nixfmt: Pretty.hs, StringPart. So short an interpolation isn't broken, whatever the line's length.
    private const int ShortInterpolation = 30;

    private static bool IsMultiLine(IndentedString text) => text.IsMultiLine;

    private bool FlatIndented(IndentedString text) =>
        text.IsIndentable ? !text.IsMultiLine && FlatParts(text.Parts, indented: true) : FlatParts(text.Parts, indented: false);

    private bool FlatParts(ImmutableArray<StringPart> parts, bool indented)
    {
        output.Ascii(indented ? "''"u8 : "\""u8);
        for (var index = 0; index < parts.Length; index++)
        {
            var interpolationFollows = index + 1 < parts.Length;
            switch (parts[index])
            {
                case TextPart { Text: var text } when text.Length > width:
                    return false;
                case TextPart { Text: var text } when indented:
                    StringEscaping.WriteIndented(output, text, interpolationFollows, endFollows: true);
                    break;
                case TextPart { Text: var text }:
                    StringEscaping.WriteQuoted(output, text, interpolationFollows);
                    break;
                case InterpolationPart { Expression: var expression } when !(Symbol("${"u8) && Flat(expression) && Symbol("}"u8)):
                    return false;
            }
        }

        return Symbol(indented ? "''"u8 : "\""u8);
    }

    private void Interpolated(ImmutableArray<StringPart> parts)
    {
        output.Ascii("\""u8);
        for (var index = 0; index < parts.Length; index++)
        {
            switch (parts[index])
            {
                case TextPart text:
                    StringEscaping.WriteQuoted(output, text.Text, index + 1 < parts.Length);
                    break;
                case InterpolationPart part:
                    Interpolation(part.Expression);
                    break;
            }
        }

        output.Ascii("\""u8);
    }

    private void Interpolation(Expression expression)
    {
        output.Ascii("${"u8);
        var start = output.Mark();
        var limit = width;
        width = IsSimple(expression) ? int.MaxValue : Math.Max(limit, output.Column + ShortInterpolation);
        var flat = Flat(expression);
        width = limit;
        if (!flat)
        {
            output.Return(start);
            output.NewLine(start.Level + 1);
            Print(expression, after: 0);
            output.NewLine(start.Level);
        }

        output.Ascii("}"u8);
    }

    private void Indented(IndentedString text)
    {
        if (!text.IsIndentable)
        {
            Interpolated(text.Parts);
            return;
        }

        var level = output.Level;
        output.Ascii("''"u8);
        var lineBegins = text.IsMultiLine;
        if (lineBegins)
        {
            output.EndStringLine();
            output.Level = level + 1;
        }

        for (var index = 0; index < text.Parts.Length; index++)
        {
            if (text.Parts[index] is TextPart part)
            {
                Lines(part.Text, index + 1 < text.Parts.Length, ref lineBegins);
                continue;
            }

            BeginLine(ref lineBegins);
            Interpolation(((InterpolationPart)text.Parts[index]).Expression);
        }

        output.Level = level;
        BeginLine(ref lineBegins);
        output.Ascii("''"u8);
    }

    private void Lines(ReadOnlySpan<char> text, bool interpolationFollows, ref bool lineBegins)
    {
        for (; ; )
        {
            var end = text.IndexOf('\n');
            var line = end < 0 ? text : text[..end];
            if (!line.IsEmpty)
            {
                BeginLine(ref lineBegins);
                StringEscaping.WriteIndented(output, line, interpolationFollows && end < 0, endFollows: end < 0);
            }

            if (end < 0)
            {
                return;
            }

            output.EndStringLine();
            lineBegins = true;
            text = text[(end + 1)..];
        }
    }

    private void BeginLine(ref bool lineBegins)
    {
        if (lineBegins)
        {
            output.Indent();
            lineBegins = false;
        }
    }

    private void Verbatim(VerbatimExpression verbatim)
    {
        var lineBegins = false;
        foreach (var range in verbatim.Text.AsSpan().Split('\n'))
        {
            if (range.Start.Value > 0)
            {
                output.EndStringLine();
                lineBegins = true;
            }

            var line = verbatim.Text.AsSpan()[range];
            if (!line.IsEmpty)
            {
                BeginLine(ref lineBegins);
                output.Text(line);
            }
        }
    }
}
