using System.Globalization;
using System.Text;

namespace NixGen.Diagnostics;

/// <summary>Makes text safe to show: what a terminal would act on, or a reader would not see, becomes an escape.</summary>
public static class VisibleText
{
    /// <summary>Appends a character as it is, or as <c>\u{…}</c> where it is a control, format, surrogate, separator or unassigned character.</summary>
    public static void Append(StringBuilder builder, Rune rune)
    {
        if (IsVisible(rune))
        {
            builder.Append(rune.ToString());
        }
        else
        {
            builder.Append("\\u{").Append(rune.Value.ToString("x", CultureInfo.InvariantCulture)).Append('}');
        }
    }

    /// <summary>The text with invisible characters as escapes; line breaks and tabs too.</summary>
    public static string Escape(string text)
    {
        foreach (var character in text)
        {
            if (character is < ' ' or > '~')
            {
                var builder = new StringBuilder(text.Length + 8);
                foreach (var rune in text.EnumerateRunes())
                {
                    Append(builder, rune);
                }

                return builder.ToString();
            }
        }

        return text;
    }

    /// <summary>As <see cref="Escape"/>, but line breaks stay.</summary>
    public static string EscapeLines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => Escape(line.TrimEnd('\r'))));

    /// <summary>Whether a character may be shown as it is.</summary>
    public static bool IsVisible(Rune rune) =>
        rune.Value is >= 0x20 and < 0x7f || Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
