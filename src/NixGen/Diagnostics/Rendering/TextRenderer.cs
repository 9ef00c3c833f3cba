using System.Collections.Immutable;
using System.Globalization;

namespace NixGen.Diagnostics.Rendering;

/// <summary>Diagnostics for people, in the manner of rustc: message, place, excerpt with a caret, what was expected and found, what to do.</summary>
internal sealed class TextRenderer(TextWriter output, AnsiPalette palette)
{
    /// <summary>Writes them, an empty line between two.</summary>
    public void Write(ImmutableArray<Diagnostic> diagnostics)
    {
        for (var i = 0; i < diagnostics.Length; i++)
        {
            if (i > 0)
            {
                Line("");
            }

            Write(diagnostics[i]);
        }
    }

    private void Write(Diagnostic item)
    {
        var colour = palette.Of(item.Severity);
        Line($"{colour}{Word(item.Severity)}[{item.Code}]{palette.End}{palette.Strong}: {VisibleText.Escape(item.Message)}{palette.End}");
        var gutter = item.Related
            .Select(related => related.Location)
            .Append(item.Location)
            .OfType<SourceSpan>()
            .Select(place => Digits(place.Start.Line))
            .DefaultIfEmpty(1)
            .Max();
        if (item.Location is { } location)
        {
            Place(location, gutter, "-->", '^', colour, "");
        }

        Labelled("expected", item.Expected, gutter);
        Labelled("found", item.Actual, gutter);
        Labelled("help", item.Help, gutter);
        foreach (var related in item.Related)
        {
            Place(related.Location, gutter, ":::", '-', palette.Note, related.Message);
        }
    }

    private void Place(SourceSpan place, int gutter, string arrow, char mark, string colour, string label)
    {
        var margin = new string(' ', gutter);
        Line($"{margin}{palette.Frame}{arrow}{palette.End} {VisibleText.Escape(place.ToString())}");
        if (place.Source.Text.Length == 0)
        {
            return;
        }

        var excerpt = Excerpt.Of(place);
        var number = excerpt.Line.ToString(CultureInfo.InvariantCulture).PadLeft(gutter);
        var caret = new string(' ', excerpt.CaretStart) + colour + new string(mark, excerpt.CaretWidth);
        var words = label.Length == 0 ? "" : " " + VisibleText.Escape(label);
        Line($"{margin} {palette.Frame}|{palette.End}");
        Line($"{palette.Frame}{number} |{palette.End} {excerpt.Text}");
        Line($"{margin} {palette.Frame}|{palette.End} {caret}{words}{palette.End}");
    }

    private void Labelled(string label, string? text, int gutter)
    {
        if (text is null)
        {
            return;
        }

        var margin = new string(' ', gutter + 1);
        var lines = VisibleText.EscapeLines(text).Split('\n');
        Line($"{margin}{palette.Frame}={palette.End} {palette.Strong}{label}{palette.End}: {lines[0]}");
        foreach (var line in lines.Skip(1))
        {
            Line($"{margin}  {new string(' ', label.Length + 2)}{line}");
        }
    }

    private void Line(string text)
    {
        output.Write(text.TrimEnd());
        output.Write('\n');
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };
}
