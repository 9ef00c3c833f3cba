using System.Text;

namespace NixGen.Diagnostics.Rendering;

/// <summary>One line of source as it is shown, and where in it the caret goes; both in cells of a terminal.</summary>
/// <param name="Line">The line's number, counted from 1.</param>
/// <param name="Text">The line: tabs as spaces, invisible characters as escapes, secrets as asterisks, a long line cut around the caret.</param>
/// <param name="CaretStart">Cells before the caret.</param>
/// <param name="CaretWidth">Cells under which it goes; at least 1.</param>
internal sealed record Excerpt(int Line, string Text, int CaretStart, int CaretWidth)
{
    private const int TabWidth = 4;
    private const int MaxWidth = 100;
    private const int Before = 60;

    /// <summary>The excerpt of a place: its first line.</summary>
    public static Excerpt Of(SourceSpan place)
    {
        var (line, column) = place.Start;
        var (endLine, endColumn) = place.End;
        var text = place.Source.ShownLine(line);
        var start = Math.Min(column - 1, text.Length);
        var end = endLine == line ? Math.Min(endColumn - 1, text.Length) : text.Length;

        // Only what can be seen is looked at: a line may be the whole of a minified file.
        var from = WindowStart(text, start);
        var to = Math.Min(text.Length, from + (2 * MaxWidth));
        var shown = new StringBuilder(from > 0 ? "…" : "");
        var width = shown.Length;
        var caretStart = -1;
        var caretEnd = -1;
        for (var i = from; i < to && width < MaxWidth;)
        {
            caretStart = caretStart < 0 && i >= start ? width : caretStart;
            caretEnd = caretEnd < 0 && i >= end ? width : caretEnd;
            if (!Rune.TryGetRuneAt(text, i, out var rune))
            {
                rune = Rune.ReplacementChar;
            }

            i += rune.Utf16SequenceLength;
            width += Append(shown, rune, width);
            to = width >= MaxWidth && i < text.Length ? i : to;
        }

        if (to < text.Length)
        {
            shown.Append('…');
        }

        caretStart = caretStart < 0 ? width : caretStart;
        caretEnd = caretEnd < 0 ? width : caretEnd;
        return new(line, shown.ToString().TrimEnd(), caretStart, Math.Max(1, caretEnd - caretStart));
    }

    private static int WindowStart(string text, int start)
    {
        if (text.Length <= MaxWidth || start <= Before)
        {
            return 0;
        }

        var from = Math.Max(0, Math.Min(start - Before, text.Length - MaxWidth));
        return from > 0 && char.IsLowSurrogate(text[from]) ? from - 1 : from;
    }

    private static int Append(StringBuilder shown, Rune rune, int column)
    {
        if (rune.Value == '\t')
        {
            var width = TabWidth - (column % TabWidth);
            shown.Append(' ', width);
            return width;
        }

        var before = shown.Length;
        VisibleText.Append(shown, rune);
        return VisibleText.IsVisible(rune) ? CharacterWidth.Of(rune) : shown.Length - before;
    }
}
