namespace NixGen.Manifest.Tree;

/// <summary>What plain scalars mean: the core schema of YAML 1.2.2 §10.3.2, so <c>no</c> and <c>12:30</c> are text and <c>0123</c> is a number.</summary>
internal static class YamlScalars
{
    /// <summary>The kind of a plain scalar without a tag.</summary>
    public static ScalarKind Kind(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Boolean,
        _ when !MayBeNumber(text[0]) => ScalarKind.String,
        _ when IsInteger(text) => ScalarKind.Integer,
        _ when IsFloat(text) => ScalarKind.Float,
        _ => ScalarKind.String,
    };

    private static bool MayBeNumber(char first) => char.IsAsciiDigit(first) || first is '+' or '-' or '.';

    private static bool IsInteger(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("0o"))
        {
            return text.Length > 2 && !text[2..].ContainsAnyExceptInRange('0', '7');
        }

        if (text.StartsWith("0x"))
        {
            return text.Length > 2 && AllHex(text[2..]);
        }

        return AllDigits(WithoutSign(text));
    }

    private static bool IsFloat(ReadOnlySpan<char> text)
    {
        if (text is ".nan" or ".NaN" or ".NAN")
        {
            return true;
        }

        text = WithoutSign(text);
        if (text is ".inf" or ".Inf" or ".INF")
        {
            return true;
        }

        var exponent = text.IndexOfAny('e', 'E');
        if (exponent >= 0)
        {
            if (!AllDigits(WithoutSign(text[(exponent + 1)..])))
            {
                return false;
            }

            text = text[..exponent];
        }

        var dot = text.IndexOf('.');
        return dot switch
        {
            < 0 => AllDigits(text),
            0 => AllDigits(text[1..]),
            _ => AllDigits(text[..dot]) && (dot == text.Length - 1 || AllDigits(text[(dot + 1)..])),
        };
    }

    private static ReadOnlySpan<char> WithoutSign(ReadOnlySpan<char> text) =>
        text.Length > 0 && text[0] is '+' or '-' ? text[1..] : text;

    private static bool AllDigits(ReadOnlySpan<char> text) =>
        text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    private static bool AllHex(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigit(character))
            {
                return false;
            }
        }

        return true;
    }
}
