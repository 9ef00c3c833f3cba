using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace NixGen.Nix.Expressions;

/// <summary>How a comment is written.</summary>
public enum CommentStyle
{
    /// <summary>Lines that begin with <c>#</c>.</summary>
    Line,

    /// <summary><c>/** … */</c>, documentation in Markdown (RFC 145).</summary>
    Documentation,
}

/// <summary>
/// A comment of one line or more. Whatever its text holds, it stays a comment: line ends become lines of the comment, <c>*/</c> can't end it,
/// and control characters, those that turn the direction of text among them, show as U+FFFD.
/// </summary>
public sealed record Comment
{
    /// <summary>A comment with this text, without <c>#</c>.</summary>
    public Comment(string text, CommentStyle style = CommentStyle.Line)
    {
        Style = style;
        var lines = text.ReplaceLineEndings("\n").Split('\n').Select(Harmless);
        Lines = [.. style == CommentStyle.Documentation ? lines.Select(static line => line.Replace("*/", "* /", StringComparison.Ordinal)) : lines];
    }

    /// <summary>How it is written.</summary>
    public CommentStyle Style { get; }

    /// <summary>The text's lines, made harmless, without spaces at their ends.</summary>
    public ImmutableArray<string> Lines { get; }

    private static string Harmless(string line)
    {
        var text = new StringBuilder(line.Length);
        foreach (var rune in line.TrimEnd().EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            text.Append((category is UnicodeCategory.Control && rune.Value != '\t') || IsDirectional(rune.Value) ? "\uFFFD" : rune.ToString());
        }

        return text.ToString();
    }

    // The embedding, override and isolate controls that make source read otherwise than it runs (Unicode UAX 9; "Trojan Source").
    private static bool IsDirectional(int rune) => rune is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x061C;
}
