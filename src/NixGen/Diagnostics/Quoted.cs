using System.Text;

namespace NixGen.Diagnostics;

/// <summary>Puts text of unknown origin into messages: short, on one line, with nothing that a terminal would act on, and with what looks like a secret as asterisks.</summary>
public static class Quoted
{
    private const int MaxLength = 80;

    /// <summary>The text in backquotes, shortened, with control characters and bidirectional marks written as escapes.</summary>
    public static string Text(string text) => $"`{Bare(text)}`";

    /// <summary>As <see cref="Text"/>, without the backquotes.</summary>
    public static string Bare(string text)
    {
        var builder = new StringBuilder();
        foreach (var rune in LiteralSecrets.Mask(text).EnumerateRunes())
        {
            if (builder.Length >= MaxLength)
            {
                return builder.Append('…').ToString();
            }

            VisibleText.Append(builder, rune);
        }

        return builder.ToString();
    }

    /// <summary>The text as a JSON string, which is valid YAML too; shortened like <see cref="Bare"/>.</summary>
    public static string Json(string text) =>
        $"\"{Bare(text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal))}\"";
}
