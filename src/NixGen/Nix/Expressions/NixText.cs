using System.Text;

namespace NixGen.Nix.Expressions;

/// <summary>Which text a Nix string can hold: any without NUL, which ends strings inside Nix.</summary>
public static class NixText
{
    /// <summary>Whether a Nix string can hold some text: no NUL, and no half of a surrogate pair, which UTF-8 can't write.</summary>
    public static bool IsRepresentable(ReadOnlySpan<char> text) =>
        Ascii.IsValid(text) ? !text.Contains('\0') : !text.Contains('\0') && IsWellFormed(text);

    internal static string Require(string text) =>
        IsRepresentable(text) ? text : throw new ArgumentException("A Nix string holds neither NUL nor half of a surrogate pair.", nameof(text));

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }
}
