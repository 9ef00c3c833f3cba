using System.Buffers;

namespace NixGen.Nix.Expressions;

/// <summary>
/// What Nix's grammar takes as an identifier: <c>[A-Za-z_][A-Za-z0-9_'-]*</c> that is no keyword (nix: <c>src/libexpr/lexer.l</c>).
/// <c>or</c> counts as a keyword: it is one after a selection, and quoting it is right everywhere.
/// </summary>
public static class NixIdentifier
{
    private static readonly SearchValues<char> Following =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_'-");

    /// <summary>Whether some text can stand unquoted as a variable or an attribute name.</summary>
    public static bool IsIdentifier(ReadOnlySpan<char> text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_') && !text.ContainsAnyExcept(Following) && !IsKeyword(text);

    /// <summary>Whether some text is a keyword, which only quotes make a name.</summary>
    public static bool IsKeyword(ReadOnlySpan<char> text) =>
        text is "assert" or "else" or "if" or "in" or "inherit" or "let" or "or" or "rec" or "then" or "with";

    internal static string Require(string text) =>
        IsIdentifier(text) ? text : throw new ArgumentException($"'{text}' is no Nix identifier.", nameof(text));
}
