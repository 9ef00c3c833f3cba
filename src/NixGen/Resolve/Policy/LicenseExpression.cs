using System.Text.RegularExpressions;

namespace NixGen.Resolve.Policy;

/// <summary>A licence as an upstream states it: an SPDX expression, the Hub's own name, or several joined by commas.</summary>
/// <remarks>SPDX 2.3, annex D: <c>OR</c> leaves the choice, <c>AND</c> doesn't, <c>WITH</c> adds an exception, which grants more and so is left out.</remarks>
internal static partial class LicenseExpression
{
    /// <summary>Whether nothing else than an acceptable licence has to be accepted to use the model.</summary>
    /// <param name="stated">What is stated.</param>
    /// <param name="isAcceptable">Says it of one licence, by its name in lower case.</param>
    public static bool Accepts(string stated, Func<string, bool> isAcceptable) =>
        // What a list joins is all true of the model.
        stated.ToLowerInvariant().Replace("(", " ", StringComparison.Ordinal).Replace(")", " ", StringComparison.Ordinal)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .All(item => Or().Split(Unnamed(item)).Any(choice => And().Split(choice).All(part => isAcceptable(With().Split(part.Trim())[0].Trim()))));

    // The Hub: `other` has its own name beside it.
    private static string Unnamed(string item) => item.StartsWith("other:", StringComparison.Ordinal) ? item["other:".Length..].Trim() : item;

    [GeneratedRegex(@"\s+or\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Or();

    [GeneratedRegex(@"\s+and\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex And();

    [GeneratedRegex(@"\s+with\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex With();
}
