namespace NixGen.Nix.Expressions;

/// <summary>
/// Reads just enough of Nix's lexical grammar (nix: <c>src/libexpr/lexer.l</c>) to know which lines of some source lie inside strings, and
/// whether all brackets, strings and comments end.
/// </summary>
internal ref struct VerbatimScanner
{
    private readonly ReadOnlySpan<char> text;
    private readonly Stack<char> open = new();
    private int position;
    private bool endsInComment;

    private VerbatimScanner(ReadOnlySpan<char> text) => this.text = text;

    /// <summary>What keeps some source from being indented, as a phrase with a line number; null if nothing does.</summary>
    public static string? FindFault(ReadOnlySpan<char> text) => new VerbatimScanner(text).Scan();

    private string? Scan()
    {
        if (text.IsWhiteSpace() || text.ContainsAny('\0', '\r'))
        {
            return "it is empty, or holds NUL or a carriage return";
        }

        while (position < text.Length)
        {
            var fault = open.TryPeek(out var innermost) && innermost is '"' or '\'' or '|'
                ? innermost == '"' ? Quoted() : Indented(innermost == '|')
                : Code();
            if (fault is not null)
            {
                return $"line {text[..Math.Min(position, text.Length)].Count('\n') + 1}: {fault}";
            }
        }

        return open.Count > 0 ? $"'{(open.Peek() == '|' ? '\'' : open.Peek())}' isn't closed" : endsInComment ? "it ends in a comment" : null;
    }

    private string? Code()
    {
        var rest = text[position..];
        endsInComment = false;
        switch (rest)
        {
            case ['#', ..]:
                var end = rest.IndexOf('\n');
                endsInComment = end < 0;
                position = end < 0 ? text.Length : position + end + 1;
                return null;
            case ['/', '*', ..]:
                var close = rest[2..].IndexOf("*/", StringComparison.Ordinal);
                position += close < 0 ? 0 : close + 4;
                return close < 0 ? "a comment isn't closed" : null;
            case ['\'', '\'', ..]:
                position += 2;
                open.Push(BeginsOnNextLine() ? '\'' : '|');
                return null;
            case ['$', '{', ..]:
                position += 2;
                open.Push('{');
                return null;
            case ['"' or '(' or '[' or '{', ..]:
                open.Push(rest[0]);
                position++;
                return null;
            case [')' or ']' or '}', ..]:
                position++;
                var expected = rest[0] switch { ')' => '(', ']' => '[', _ => '{' };
                return open.TryPop(out var opening) && opening == expected ? null : $"'{rest[0]}' closes nothing";
            default:
                position += WordLength(rest);
                return null;
        }
    }

    // Quotes inside an identifier, as in foldl', begin no string.
    private static int WordLength(ReadOnlySpan<char> rest)
    {
        var length = 1;
        if (char.IsAsciiLetter(rest[0]) || rest[0] == '_')
        {
            while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length]) || rest[length] is '_' or '\'' or '-'))
            {
                length++;
            }
        }

        return length;
    }

    private readonly bool BeginsOnNextLine() => text[position..].TrimStart(' ') is ['\n', ..];

    private string? Quoted()
    {
        switch (text[position..])
        {
            case ['\n', ..] or ['\\', '\n', ..]:
                return "a string between double quotes goes over several lines, and indenting it would change it";
            case ['\\', _, ..]:
                position += 2;
                return null;
            case ['"', ..]:
                open.Pop();
                position++;
                return null;
            case ['$', '{', ..]:
                open.Push('{');
                position += 2;
                return null;
            case ['$', not ('{' or '"' or '\\' or '\n'), ..]:
                position += 2;
                return null;
            default:
                position++;
                return null;
        }
    }

    private string? Indented(bool beganOnThisLine)
    {
        switch (text[position..])
        {
            case ['\n', ..] when beganOnThisLine:
                return "a string between pairs of single quotes goes over several lines but begins on its first, and indenting it would change it";
            case ['\'', '\'', '\\', '\n', ..]:
                return "an escaped line end, behind which indenting would change the string";
            case ['\'', '\'', '\\', _, ..]:
                position += 4;
                return null;
            case ['\'', '\'', '\'' or '$', ..]:
                position += 3;
                return null;
            case ['\'', '\'', ..]:
                open.Pop();
                position += 2;
                return null;
            case ['$', '{', ..]:
                open.Push('{');
                position += 2;
                return null;
            case ['$', not ('{' or '\'' or '\n'), ..] or ['\'', not ('\'' or '$' or '\n'), ..]:
                position += 2;
                return null;
            default:
                position++;
                return null;
        }
    }
}
