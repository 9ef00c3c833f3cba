using System.Buffers;

namespace NixGen.Nix.Printing;

/// <summary>Writes text so that Nix reads the same text back (nix: <c>src/libexpr/lexer.l</c>, states <c>STRING</c> and <c>IND_STRING</c>).</summary>
internal static class StringEscaping
{
    // JSON's escapes wouldn't do: Nix reads \u0001 as the text u0001. Characters not listed here stand for themselves.
    private static readonly SearchValues<char> Special = SearchValues.Create("\"\\$\n\r\t");

    /// <summary>Writes the inside of <c>"…"</c>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="text">The value.</param>
    /// <param name="interpolationFollows">Whether <c>${</c> comes next, which a <c>$</c> at the end would disarm.</param>
    public static void WriteQuoted(NixBuffer output, ReadOnlySpan<char> text, bool interpolationFollows = false)
    {
        for (int plain; (plain = text.IndexOfAny(Special)) >= 0; text = text[(plain + 1)..])
        {
            output.Text(text[..plain]);
            var next = plain + 1 < text.Length ? text[plain + 1] : interpolationFollows ? '{' : '\0';
            output.Ascii(text[plain] switch
            {
                '"' => "\\\""u8,
                '\\' => "\\\\"u8,
                '\n' => "\\n"u8,
                '\r' => "\\r"u8,
                '\t' => "\\t"u8,
                _ => next == '{' ? "\\$"u8 : "$"u8,
            });
        }

        output.Text(text);
    }

    /// <summary>Writes a line of the inside of <c>''…''</c>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="text">The value, without line feeds.</param>
    /// <param name="interpolationFollows">Whether <c>${</c> comes next.</param>
    /// <param name="endFollows">Whether the text's part ends here, so that quotes or an interpolation come next.</param>
    public static void WriteIndented(NixBuffer output, ReadOnlySpan<char> text, bool interpolationFollows, bool endFollows)
    {
        for (int plain; (plain = text.IndexOfAny('\'', '$', '\r')) >= 0;)
        {
            output.Text(text[..plain]);
            text = text[plain..];
            var consumed = 1;
            switch (text[0])
            {
                case '\r':
                    output.Ascii("''\\r"u8);
                    break;
                case '$':
                    output.Ascii(text is ['$', '{', ..] || (text.Length == 1 && interpolationFollows) ? "''$"u8 : "$"u8);
                    break;
                case '\'' when text is ['\'', '\'', ..]:
                    output.Ascii("'''"u8);
                    consumed = 2;
                    break;
                default:
                    // A lone quote before anything that is itself written with quotes would join them.
                    var joins = text.Length == 1 ? endFollows : text[1] is '$' or '\r';
                    output.Ascii(joins ? "''\\'"u8 : "'"u8);
                    break;
            }

            text = text[consumed..];
        }

        output.Text(text);
    }
}
