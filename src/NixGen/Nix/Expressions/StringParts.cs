using System.Collections.Immutable;

namespace NixGen.Nix.Expressions;

/// <summary>A part of an <see cref="InterpolatedString"/> or an <see cref="IndentedString"/>.</summary>
public abstract record StringPart
{
    private protected StringPart()
    {
    }

    /// <summary>Literal text: never code.</summary>
    public static implicit operator StringPart(string text) => new TextPart(text);

    /// <summary>An expression whose value is put in.</summary>
    public static implicit operator StringPart(Expression expression) => new InterpolationPart(expression);
}

/// <summary>Literal text in a string; whatever it holds, it is data.</summary>
public sealed record TextPart : StringPart
{
    /// <summary>Literal text.</summary>
    /// <exception cref="ArgumentException">No Nix string can hold the text.</exception>
    public TextPart(string text) => Text = NixText.Require(text);

    /// <summary>The text's value.</summary>
    public string Text { get; }
}

/// <summary><c>${expression}</c> in a string.</summary>
/// <param name="Expression">What is put in.</param>
public sealed record InterpolationPart(Expression Expression) : StringPart;

/// <summary><c>"text ${expression} text"</c>.</summary>
public sealed record InterpolatedString : Expression
{
    /// <summary>A string put together from parts.</summary>
    public InterpolatedString(params ImmutableArray<StringPart> parts) => Parts = StringParts.Join(parts);

    /// <summary>The parts, in order; no text stands beside another.</summary>
    public ImmutableArray<StringPart> Parts { get; }
}

/// <summary>
/// A string between pairs of single quotes, one line of the value a line. Nix takes the common indentation away again, so the value is the
/// one given here. Values that this form can't hold (all lines indented, or spaces at the end) print as an ordinary string.
/// </summary>
public sealed record IndentedString : Expression
{
    /// <summary>A string put together from parts.</summary>
    public IndentedString(params ImmutableArray<StringPart> parts)
    {
        Parts = StringParts.Join(parts);
        IsIndentable = StringParts.AreIndentable(Parts);
        IsMultiLine = IsIndentable && Parts.Any(static part => part is TextPart { Text: var text } && text.Contains('\n', StringComparison.Ordinal));
    }

    /// <summary>Text without interpolation.</summary>
    public IndentedString(string text)
        : this([new TextPart(text)])
    {
    }

    /// <summary>The parts, in order; no text stands beside another.</summary>
    public ImmutableArray<StringPart> Parts { get; }

    internal bool IsIndentable { get; }

    internal bool IsMultiLine { get; }
}

/// <summary>What lists of parts have in common.</summary>
internal static class StringParts
{
    // A dollar or a quote at the end of one text means something else before another text than before an interpolation.
    public static ImmutableArray<StringPart> Join(ImmutableArray<StringPart> parts)
    {
        var joined = ImmutableArray.CreateBuilder<StringPart>(parts.Length);
        foreach (var part in parts)
        {
            switch (part)
            {
                case TextPart { Text: "" }:
                    break;
                case TextPart { Text: var text } when joined is [.., TextPart { Text: var before }]:
                    joined[^1] = new TextPart(before + text);
                    break;
                default:
                    joined.Add(part);
                    break;
            }
        }

        return joined.ToImmutable();
    }

    /// <summary>
    /// Whether Nix gives the value back after it has taken the common indentation away: some line must begin without a space, and the last
    /// one must not be spaces alone, which Nix drops (nix: <c>src/libexpr/parser.y</c>, <c>stripIndentation</c>).
    /// </summary>
    public static bool AreIndentable(ImmutableArray<StringPart> parts)
    {
        var flush = false;
        var lineBegins = true;
        var onlySpaces = false;
        foreach (var part in parts)
        {
            if (part is not TextPart { Text: var text })
            {
                flush |= lineBegins;
                (lineBegins, onlySpaces) = (false, false);
                continue;
            }

            foreach (var character in text)
            {
                flush |= lineBegins && character is not (' ' or '\n');
                onlySpaces = character == ' ' && (lineBegins || onlySpaces);
                lineBegins = character == '\n';
            }
        }

        return flush && !onlySpaces;
    }
}
