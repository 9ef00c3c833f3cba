namespace NixGen.Nix.Expressions;

/// <summary>
/// Trusted Nix source, taken as it stands: a template of nixgen's own, never anything from a manifest, a lock or an upstream.
/// The printer moves all its lines to the right together, which changes no meaning, because text in which it would is refused here.
/// </summary>
public sealed record VerbatimExpression : Expression
{
    /// <summary>One expression, with the comments above it; empty lines around it are dropped.</summary>
    /// <exception cref="ArgumentException">
    /// The text is empty, or brackets, strings or comments in it don't end, or it ends in a comment, or moving it would change a string:
    /// one of <c>"…"</c> over several lines, or one of <c>''…''</c> over several lines that has text behind its opening quotes.
    /// Carriage returns and NUL are refused too.
    /// </exception>
    public VerbatimExpression(string text)
    {
        Text = text.TrimEnd().TrimStart('\n');
        if (VerbatimScanner.FindFault(Text) is { } fault)
        {
            throw new ArgumentException($"This text can't be indented: {fault}.", nameof(text));
        }

        IsOneLine = !Text.Contains('\n', StringComparison.Ordinal);
    }

    /// <summary>The source.</summary>
    public string Text { get; }

    internal bool IsOneLine { get; }
}
