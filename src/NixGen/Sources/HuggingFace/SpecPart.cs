namespace NixGen.Sources.HuggingFace;

/// <summary>A part of a spec that knows where it lies in it.</summary>
/// <param name="Spec">The whole spec.</param>
/// <param name="Start">Where the part begins.</param>
/// <param name="End">Just behind its last character.</param>
internal sealed record SpecPart(string Spec, int Start, int End)
{
    /// <summary>The part's text.</summary>
    public string Text => Spec[Start..End];

    /// <summary>The text with percent escapes resolved.</summary>
    public string Unescaped() => Uri.UnescapeDataString(Text);

    /// <summary>The part without slashes at its end.</summary>
    public SpecPart TrimSlash() => this with { End = Start + Text.TrimEnd('/').Length };

    /// <summary>What stands before and behind the first <paramref name="separator"/>; the latter is null without one.</summary>
    public (SpecPart Head, SpecPart? Tail) Cut(char separator)
    {
        var at = Spec.IndexOf(separator, Start, End - Start);
        return at < 0 ? (this, null) : (this with { End = at }, this with { Start = at + 1 });
    }

    /// <summary>The first segments, and what follows the slash behind them; the latter is null where nothing does.</summary>
    public (SpecPart Head, SpecPart? Tail) CutAfterSegments(int count)
    {
        var at = Start - 1;
        for (var i = 0; i < count; i++)
        {
            at = at + 1 > End ? -1 : Spec.IndexOf('/', at + 1, End - at - 1);
            if (at < 0)
            {
                return (this, null);
            }
        }

        return (this with { End = at }, at + 1 < End ? this with { Start = at + 1 } : null);
    }

    /// <summary>The type that a leading <c>datasets/</c>, <c>spaces/</c> or <c>models/</c> says, and the rest.</summary>
    public (RepositoryType Type, SpecPart Location) TakeType()
    {
        var (head, tail) = CutAfterSegments(1);
        return tail is not null && RepositoryTypes.ParsePlural(head.Text) is { } type ? (type, tail) : (RepositoryType.Model, this);
    }

    /// <summary>The revision and what follows it. A revision with slashes is <c>refs/pr/N</c>, <c>refs/convert/NAME</c>, or written with <c>%2F</c>.</summary>
    public (SpecPart Revision, SpecPart? Path) CutRevision()
    {
        var isReference = Text.StartsWith("refs/pr/", StringComparison.Ordinal) || Text.StartsWith("refs/convert/", StringComparison.Ordinal);
        return CutAfterSegments(isReference ? 3 : 1);
    }

    /// <summary>A problem of this part.</summary>
    public SpecProblem Says(string problem, string help) => new(Start, Math.Max(1, End - Start), $"'{Text}' {problem}.", help);
}
