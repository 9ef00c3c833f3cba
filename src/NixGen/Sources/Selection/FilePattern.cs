using System.Collections.Immutable;
using System.Text;

namespace NixGen.Sources.Selection;

/// <summary>A pattern for file paths that matches what the Hub's own client matches (huggingface_hub, <c>filter_repo_objects</c>, which is Python's <c>fnmatch.fnmatchcase</c>): <c>*</c> is any text, slashes included, <c>?</c> any one character, <c>[seq]</c> and <c>[!seq]</c> one of a set. There is no escape character.</summary>
/// <remarks>Matching takes time proportional to path × pattern at worst: a star never needs to be reconsidered once a later one matched.</remarks>
public sealed class FilePattern
{
    private readonly ImmutableArray<Element> _elements;

    /// <summary>Compiles a pattern; every text is one.</summary>
    public FilePattern(string text)
    {
        Text = text;
        _elements = Compile(Normalize(text));
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>The spelling that is matched: backslashes are slashes, and a folder stands for what is in it.</summary>
    public static string Normalize(string pattern)
    {
        var slashed = pattern.Replace('\\', '/');
        return slashed.EndsWith('/') ? slashed + "*" : slashed;
    }

    /// <summary>Whether the whole path matches.</summary>
    public bool Matches(string path)
    {
        Rune[] runes = [.. path.Replace('\\', '/').EnumerateRunes()];
        int at = 0, element = 0, starElement = -1, starAt = 0;
        while (at < runes.Length)
        {
            if (element < _elements.Length && _elements[element] is not AnyText && _elements[element].Takes(runes[at]))
            {
                at++;
                element++;
            }
            else if (element < _elements.Length && _elements[element] is AnyText)
            {
                starElement = element++;
                starAt = at;
            }
            else if (starElement >= 0)
            {
                element = starElement + 1;
                at = ++starAt;
            }
            else
            {
                return false;
            }
        }

        while (element < _elements.Length && _elements[element] is AnyText)
        {
            element++;
        }

        return element == _elements.Length;
    }

    private static ImmutableArray<Element> Compile(string text)
    {
        Rune[] pattern = [.. text.EnumerateRunes()];
        var elements = ImmutableArray.CreateBuilder<Element>();
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i].Value)
            {
                case '*':
                    if (elements.Count == 0 || elements[^1] is not AnyText)
                    {
                        elements.Add(new AnyText());
                    }

                    break;
                case '?':
                    elements.Add(new AnyCharacter());
                    break;
                case '[' when SetEnd(pattern, i + 1) is var end and >= 0:
                    elements.Add(Set.Of(pattern.AsSpan((i + 1)..end)));
                    i = end;
                    break;
                default:
                    elements.Add(new Literal(pattern[i]));
                    break;
            }
        }

        return elements.ToImmutable();
    }

    // A bracket that comes first in the set, or first after '!', belongs to it; without an end the bracket is a plain character.
    private static int SetEnd(Rune[] pattern, int start)
    {
        var at = start;
        if (at < pattern.Length && pattern[at].Value == '!')
        {
            at++;
        }

        if (at < pattern.Length && pattern[at].Value == ']')
        {
            at++;
        }

        return at < pattern.Length ? Array.IndexOf(pattern, new Rune(']'), at) : -1;
    }

    private abstract record Element
    {
        public abstract bool Takes(Rune rune);
    }

    private sealed record AnyText : Element
    {
        public override bool Takes(Rune rune) => true;
    }

    private sealed record AnyCharacter : Element
    {
        public override bool Takes(Rune rune) => true;
    }

    private sealed record Literal(Rune Character) : Element
    {
        public override bool Takes(Rune rune) => rune == Character;
    }

    private sealed record Set(bool Negated, ImmutableArray<(Rune First, Rune Last)> Ranges) : Element
    {
        public static Set Of(ReadOnlySpan<Rune> text)
        {
            var negated = text[0].Value == '!';
            var characters = negated ? text[1..] : text;
            var ranges = ImmutableArray.CreateBuilder<(Rune, Rune)>();
            for (var i = 0; i < characters.Length; i++)
            {
                if (i + 2 < characters.Length && characters[i + 1].Value == '-')
                {
                    // A range that ends before it begins holds nothing.
                    if (characters[i] <= characters[i + 2])
                    {
                        ranges.Add((characters[i], characters[i + 2]));
                    }

                    i += 2;
                }
                else
                {
                    ranges.Add((characters[i], characters[i]));
                }
            }

            return new(negated, ranges.ToImmutable());
        }

        public override bool Takes(Rune rune)
        {
            foreach (var (first, last) in Ranges)
            {
                if (first <= rune && rune <= last)
                {
                    return !Negated;
                }
            }

            return Negated;
        }
    }
}
