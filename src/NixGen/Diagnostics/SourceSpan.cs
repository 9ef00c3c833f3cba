namespace NixGen.Diagnostics;

/// <summary>A run of characters together with the text that it lies in.</summary>
public sealed record SourceSpan(SourceText Source, TextSpan Span)
{
    /// <summary>Line and column of the first character, both counted from 1.</summary>
    public (int Line, int Column) Start => Source.Position(Span.Start);

    /// <summary>Line and column just behind the last character, both counted from 1.</summary>
    public (int Line, int Column) End => Source.Position(Span.End);

    /// <summary><c>file:line:column</c>, the form that editors and terminals make a link of.</summary>
    public override string ToString() => $"{Source.Path}:{Start.Line}:{Start.Column}";
}
