using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace NixGen.Nix.Hashing;

/// <summary>
/// A derivation's name: 1 to 207 characters of <c>A-Z a-z 0-9 + . _ ? = -</c>, not beginning with a dot.
/// A store path allows 211, but the derivation itself takes <c>.drv</c>; versions of Nix disagree on leading dots, so none is made
/// (nix: <c>src/libstore/path.cc</c>; nixpkgs: <c>lib.strings.sanitizeDerivationName</c>).
/// </summary>
public sealed record DerivationName
{
    /// <summary>The longest name, in characters (all are ASCII).</summary>
    public const int MaximumLength = 207;

    private static readonly SearchValues<char> Legal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+._?=-");

    private DerivationName(string text) => Text = text;

    /// <summary>The name itself.</summary>
    public string Text { get; }

    /// <summary>A name that is legal as it stands.</summary>
    /// <exception cref="ArgumentException">It isn't legal; <see cref="Sanitize"/> makes legal ones.</exception>
    public static DerivationName Create(string text) =>
        TryCreate(text, out var name) ? name : throw new ArgumentException($"'{text}' is no legal derivation name.", nameof(text));

    /// <summary>A name that is legal as it stands; false for any other text.</summary>
    public static bool TryCreate(string? text, [NotNullWhen(true)] out DerivationName? name)
    {
        var legal = text is { Length: > 0 and <= MaximumLength } && text[0] != '.' && !text.AsSpan().ContainsAnyExcept(Legal);
        name = legal && text is not null ? new(text) : null;
        return name is not null;
    }

    /// <summary>
    /// The name of the per-file derivation of some content: <c>model-file-</c> and the first 16 characters of the digest's base64,
    /// with <c>+</c> and <c>/</c> as <c>-</c> and <c>_</c>. It depends on content alone, so equal content is one store path whatever its
    /// model, its source or its file name (which a store path couldn't hold anyway).
    /// </summary>
    public static DerivationName ForFile(SriHash hash) =>
        new("model-file-" + Convert.ToBase64String(hash.Bytes.AsSpan(0, 12)).Replace('+', '-').Replace('/', '_'));

    /// <summary>
    /// Any text made legal: leading dots go, each run of other characters becomes one <c>-</c>, the last 207 characters stay, and
    /// nothing at all becomes <c>unknown</c>. The result is for people; it isn't unique.
    /// </summary>
    public static DerivationName Sanitize(string text)
    {
        var legal = new System.Text.StringBuilder(text.Length);
        var replaced = false;
        foreach (var character in text.AsSpan().TrimStart('.'))
        {
            if (Legal.Contains(character))
            {
                legal.Append(character);
            }
            else if (!replaced)
            {
                legal.Append('-');
            }

            replaced = !Legal.Contains(character);
        }

        var tail = legal.Length <= MaximumLength ? legal.ToString() : legal.ToString(legal.Length - MaximumLength, MaximumLength);
        var name = tail.TrimStart('.');
        return new(name.Length == 0 ? "unknown" : name);
    }

    /// <summary>The name itself.</summary>
    public override string ToString() => Text;
}
