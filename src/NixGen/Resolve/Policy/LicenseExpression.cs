using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace NixGen.Resolve.Policy;

/// <summary>A licence as an upstream states it: an SPDX expression, the Hub's own name, or several joined by commas.</summary>
/// <remarks>
/// SPDX 2.3, annex D: <c>OR</c> leaves the choice, <c>AND</c> doesn't and binds closer, <c>WITH</c> adds an exception, which
/// grants more and so is left out. <c>templates/validators/contents/expressions.py</c> judges the same when models are built.
/// </remarks>
/// <param name="allowed">Licences that are acceptable, in lower case; all where there is none.</param>
/// <param name="denied">Licences that aren't, in lower case.</param>
internal sealed partial class LicenseExpression(ImmutableArray<string> allowed, ImmutableArray<string> denied)
{
    private const int Deepest = 32;
    private static readonly ImmutableArray<string> _endings = ["-only", "-or-later", "+"];

    /// <summary>Whether nothing else than an acceptable licence has to be accepted to use the model.</summary>
    /// <param name="stated">What is stated.</param>
    public bool Accepts(string stated) =>
        // What a list joins is all true of the model.
        stated.ToLowerInvariant()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .All(item => AcceptsItem(Unnamed(item)));

    // The Hub: `other` has its own name beside it.
    private static string Unnamed(string item) => item.StartsWith("other:", StringComparison.Ordinal) ? item["other:".Length..].Trim() : item;

    private bool AcceptsItem(string item)
    {
        ImmutableArray<string> tokens = [.. Token().Matches(item).Select(match => match.Value)];
        var position = 0;
        if (Choice(tokens, ref position, 0) is { } accepted && position == tokens.Length)
        {
            return accepted;
        }

        // What is no expression is a name; what it holds of denied ones is denied all the same.
        return IsAcceptable(item) && !tokens.Any(IsDenied);
    }

    private bool? Choice(ImmutableArray<string> tokens, ref int position, int depth)
    {
        var accepted = Sum(tokens, ref position, depth);
        while (accepted is not null && Take(tokens, "or", ref position))
        {
            accepted = Sum(tokens, ref position, depth) is { } other ? accepted.Value | other : null;
        }

        return accepted;
    }

    private bool? Sum(ImmutableArray<string> tokens, ref int position, int depth)
    {
        var accepted = One(tokens, ref position, depth);
        while (accepted is not null && Take(tokens, "and", ref position))
        {
            accepted = One(tokens, ref position, depth) is { } other ? accepted.Value & other : null;
        }

        return accepted;
    }

    // Null where there is no licence.
    private bool? One(ImmutableArray<string> tokens, ref int position, int depth)
    {
        if (Take(tokens, "(", ref position))
        {
            var accepted = depth < Deepest ? Choice(tokens, ref position, depth + 1) : null;
            return Take(tokens, ")", ref position) ? accepted : null;
        }

        if (Name(tokens, ref position) is not { } license)
        {
            return null;
        }

        return Take(tokens, "with", ref position) && Name(tokens, ref position) is null ? null : IsAcceptable(license);
    }

    private static bool Take(ImmutableArray<string> tokens, string token, ref int position)
    {
        if (position >= tokens.Length || tokens[position] != token)
        {
            return false;
        }

        position++;
        return true;
    }

    private static string? Name(ImmutableArray<string> tokens, ref int position) =>
        position < tokens.Length && tokens[position] is not ("(" or ")" or "or" or "and" or "with") ? tokens[position++] : null;

    private bool IsAcceptable(string license) => !IsDenied(license) && (allowed.IsEmpty || Names(license).Any(allowed.Contains));

    private bool IsDenied(string license) => Names(license).Any(denied.Contains);

    private static IEnumerable<string> Names(string license) =>
        _endings.Where(ending => license.EndsWith(ending, StringComparison.Ordinal)).Select(ending => license[..^ending.Length]).Prepend(license);

    [GeneratedRegex(@"[()]|[^\s()]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
