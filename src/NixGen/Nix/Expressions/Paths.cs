using System.Buffers;
using System.Collections.Immutable;

namespace NixGen.Nix.Expressions;

/// <summary>A path relative to the file it is written in, such as <c>../lib/types.nix</c>.</summary>
public sealed record PathLiteral : Expression
{
    // nix, src/libexpr/lexer.l: PATH_CHAR. Other characters would need an interpolation, and paths that nixgen writes have none.
    private static readonly SearchValues<char> Legal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+");

    /// <summary>A path that goes up some folders and then down the segments; without either it is <c>./.</c>, the file's own folder.</summary>
    /// <param name="up">How many folders up.</param>
    /// <param name="segments">The names on the way down: letters, digits and <c>. _ - +</c>.</param>
    /// <exception cref="ArgumentException">A segment is empty, <c>.</c>, <c>..</c>, or holds another character.</exception>
    public PathLiteral(int up, params ImmutableArray<string> segments)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(up);
        foreach (var segment in segments)
        {
            if (segment is "" or "." or ".." || segment.AsSpan().ContainsAnyExcept(Legal))
            {
                throw new ArgumentException($"'{segment}' can't be part of a path literal.", nameof(segments));
            }
        }

        (Up, Segments) = (up, segments);
    }

    /// <summary>How many folders up.</summary>
    public int Up { get; }

    /// <summary>The names on the way down.</summary>
    public ImmutableArray<string> Segments { get; }

    /// <summary>From a relative path with <c>/</c>, such as <c>./lib/types.nix</c>, <c>lib</c> or <c>../..</c>.</summary>
    /// <exception cref="ArgumentException">The path is absolute or has a segment that no literal can hold; <c>..</c> may only come first.</exception>
    public static PathLiteral Parse(string relativePath)
    {
        var segments = relativePath.Split('/');
        var start = segments[0] == "." ? 1 : 0;
        var up = segments.Skip(start).TakeWhile(static segment => segment == "..").Count();
        return new(up, [.. segments.Skip(start + up)]);
    }
}

/// <summary>A path looked up in <c>NIX_PATH</c>, such as <c>&lt;nixpkgs&gt;</c>.</summary>
public sealed record SearchPath : Expression
{
    /// <summary>Looks up a name.</summary>
    /// <exception cref="ArgumentException">The name holds more than letters, digits, <c>_</c> and <c>-</c>.</exception>
    public SearchPath(string name) =>
        Name = name.Length > 0 && name.All(static character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-')
            ? name
            : throw new ArgumentException($"'{name}' can't be looked up.", nameof(name));

    /// <summary>The name between the brackets.</summary>
    public string Name { get; }
}
