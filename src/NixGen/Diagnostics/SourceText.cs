namespace NixGen.Diagnostics;

/// <summary>A file's text and where its lines begin. Reads nothing itself.</summary>
public sealed class SourceText
{
    // A text with more secrets than this is one.
    private const int MaxSecrets = 1_000;

    // Arrays, because every run makes these and the immutable collections of numbers would have to be compiled first.
    private readonly int[] _lineStarts;
    private readonly System.Threading.Lock _gate = new();
    private volatile TextSpan[] _concealed = [];

    /// <summary>Holds <paramref name="text"/> under the name that diagnostics show.</summary>
    /// <param name="path">The path as the user wrote it; <c>-</c> for standard input.</param>
    /// <param name="text">The whole text, without a byte order mark.</param>
    public SourceText(string path, string text)
    {
        Path = path;
        Text = text;
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                starts.Add(i + 1);
            }
        }

        _lineStarts = starts.ToArray();
    }

    /// <summary>The path as diagnostics show it.</summary>
    public string Path { get; }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>Line and column, both counted from 1, of a character offset.</summary>
    public (int Line, int Column) Position(int offset)
    {
        var index = Array.BinarySearch(_lineStarts, Math.Clamp(offset, 0, Text.Length));
        var line = index >= 0 ? index : ~index - 1;
        return (line + 1, Math.Clamp(offset, 0, Text.Length) - _lineStarts[line] + 1);
    }

    /// <summary>The text of a line, counted from 1, without its line break.</summary>
    public string Line(int line)
    {
        var start = _lineStarts[line - 1];
        var end = line < _lineStarts.Length ? _lineStarts[line] - 1 : Text.Length;
        return Text[start..end].TrimEnd('\r');
    }

    /// <summary>Marks a run of characters as a secret: no diagnostic, and no excerpt of any, shows it from now on.</summary>
    public void Conceal(TextSpan span)
    {
        lock (_gate)
        {
            if (Array.IndexOf(_concealed, span) < 0)
            {
                _concealed = _concealed.Length < MaxSecrets ? [.. _concealed, span] : [new(0, Text.Length)];
            }
        }
    }

    /// <summary>Whether a run of characters touches a secret.</summary>
    public bool IsConcealed(TextSpan span)
    {
        foreach (var secret in _concealed)
        {
            if (secret.Start < span.End && span.Start < secret.End)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text of a line, counted from 1, without its line break and with an asterisk for each character of a secret.</summary>
    public string ShownLine(int line)
    {
        var text = Line(line);
        if (_concealed.Length == 0)
        {
            return text;
        }

        var start = _lineStarts[line - 1];
        return string.Create(text.Length, (text, start, _concealed), static (shown, state) =>
        {
            state.text.CopyTo(shown);
            foreach (var secret in state._concealed)
            {
                var from = Math.Clamp(secret.Start - state.start, 0, shown.Length);
                var to = Math.Clamp(secret.End - state.start, from, shown.Length);
                shown[from..to].Fill('*');
            }
        });
    }

    /// <summary>A place in this text.</summary>
    public SourceSpan At(TextSpan span) => new(this, span);
}
