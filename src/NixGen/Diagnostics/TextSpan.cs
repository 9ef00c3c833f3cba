namespace NixGen.Diagnostics;

/// <summary>A run of characters in a <see cref="SourceText"/>.</summary>
/// <param name="Start">Offset of the first character, in UTF-16 code units from the start of the text.</param>
/// <param name="Length">Length in UTF-16 code units; 0 marks a place between characters.</param>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>Offset just behind the last character.</summary>
    public int End => Start + Length;
}
