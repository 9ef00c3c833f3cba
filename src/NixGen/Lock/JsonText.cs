using System.Globalization;
using System.Text;

namespace NixGen.Lock;

/// <summary>Writes JSON strings so that a reader of the file sees what is there: controls, line separators and marks that change the direction of text are escaped, other characters stay as they are.</summary>
internal static class JsonText
{
    /// <summary>Appends a quoted JSON string (RFC 8259 §7).</summary>
    public static void Append(StringBuilder output, string value)
    {
        output.Append('"');
        var start = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var character = value[i];
            if (char.IsHighSurrogate(character) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                i++;
                continue;
            }

            if (!NeedsEscape(character))
            {
                continue;
            }

            output.Append(value, start, i - start);
            start = i + 1;
            AppendEscaped(output, character);
        }

        output.Append(value, start, value.Length - start).Append('"');
    }

    private static bool NeedsEscape(char character) =>
        character is '"' or '\\'
        || (!char.IsAscii(character) || character is < ' ' or '\u007f')
        && (char.IsControl(character) || char.IsSurrogate(character) || IsInvisible(character));

    // Line separators, zero-width characters and direction marks: a diff must not read otherwise than it is.
    private static bool IsInvisible(char character) =>
        CharUnicodeInfo.GetUnicodeCategory(character)
            is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static void AppendEscaped(StringBuilder output, char character)
    {
        switch (character)
        {
            case '"':
            case '\\':
                output.Append('\\').Append(character);
                break;
            case '\n':
                output.Append("\\n");
                break;
            case '\t':
                output.Append("\\t");
                break;
            default:
                output.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
                break;
        }
    }
}
