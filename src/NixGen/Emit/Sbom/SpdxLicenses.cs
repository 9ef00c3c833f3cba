using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace NixGen.Emit.Sbom;

/// <summary>From what an upstream calls a licence to SPDX.</summary>
public static partial class SpdxLicenses
{
    // The Hub's names that are SPDX identifiers in lower case (https://huggingface.co/docs/hub/repositories-licenses,
    // https://spdx.org/licenses). What is missing here goes by its own name.
    private static readonly ImmutableDictionary<string, string> Identifiers = new[]
    {
        "AFL-3.0", "AGPL-3.0-only", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear", "BSL-1.0",
        "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-NC-2.0", "CC-BY-NC-3.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0",
        "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC0-1.0", "CDLA-Permissive-1.0",
        "CDLA-Permissive-2.0", "CDLA-Sharing-1.0", "ECL-2.0", "EPL-1.0", "EPL-2.0", "EUPL-1.1", "EUPL-1.2", "GFDL-1.3-only", "GPL-2.0-only",
        "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "ISC", "LGPL-2.1-only", "LGPL-3.0-only", "LPPL-1.3c", "MIT", "MPL-2.0", "MS-PL",
        "NCSA", "ODbL-1.0", "ODC-By-1.0", "OFL-1.1", "OSL-3.0", "PDDL-1.0", "PostgreSQL", "Unlicense", "WTFPL", "Zlib",
    }.ToImmutableDictionary(id => id, StringComparer.OrdinalIgnoreCase)
        .AddRange(new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            // Names without the ending that SPDX 3 of the licence list asks for.
            ["agpl-3.0"] = "AGPL-3.0-only",
            ["gpl-2.0"] = "GPL-2.0-only",
            ["gpl-3.0"] = "GPL-3.0-only",
            ["lgpl-2.1"] = "LGPL-2.1-only",
            ["lgpl-3.0"] = "LGPL-3.0-only",
            ["gfdl"] = "GFDL-1.3-only",
            ["odc-by"] = "ODC-By-1.0",
            ["odbl"] = "ODbL-1.0",
            ["pddl"] = "PDDL-1.0",
            ["ofl-1.1"] = "OFL-1.1",
        });

    private static readonly ImmutableHashSet<string> Exceptions = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase, "Classpath-exception-2.0", "GCC-exception-3.1", "Linux-syscall-note", "LLVM-exception");

    /// <summary>The SPDX identifier, or null where the licence has none that is known here.</summary>
    /// <param name="name">As upstream or the user writes it.</param>
    public static string? Identifier(string name) => Identifiers.GetValueOrDefault(name.Trim());

    /// <summary>An expression of SPDX (3.0.1, annex B) of identifiers and of references of the document's own, or null where nothing is known.</summary>
    /// <param name="stated">As upstream or the user states it: a name, an expression, or several joined by commas, all of which are true.</param>
    public static string? Expression(string? stated) =>
        stated?.Trim() is not { Length: > 0 } text || text.ToUpperInvariant() is "UNKNOWN" or "NOASSERTION" ? null : Compound(text) ?? Reference(text);

    /// <summary>The expression of what is stated, where it joins several licences or adds an exception to one; null where it is a single name.</summary>
    public static string? Compound(string stated)
    {
        var items = stated.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return items.Length switch
        {
            0 => null,
            1 => Joined(items[0]),
            _ => string.Join(" AND ", items.Select(item => Joined(item) is { } joined ? $"({joined})" : Reference(item))),
        };
    }

    // Words between which "and" stands are an expression only if SPDX knows one of them: there are names like "terms and conditions".
    private static string? Joined(string item)
    {
        var written = new List<string>();
        var (depth, isKnown, operators) = (0, false, 0);
        foreach (var token in Token().Matches(item).Select(match => match.Value))
        {
            var last = written.Count == 0 ? "AND" : written[^1];
            var isOperandNext = last is "AND" or "OR" or "(";
            switch (token.ToUpperInvariant())
            {
                case "(" when isOperandNext:
                    depth++;
                    written.Add(token);
                    break;
                case ")" when !isOperandNext && last != "WITH" && depth > 0:
                    depth--;
                    written.Add(token);
                    break;
                case "AND" or "OR" when !isOperandNext && last != "WITH":
                case "WITH" when Identifier(last) is not null:
                    operators++;
                    written.Add(token.ToUpperInvariant());
                    break;
                case not ("(" or ")" or "AND" or "OR" or "WITH") when last == "WITH" && Exceptions.TryGetValue(token, out var exception):
                    written.Add(exception);
                    break;
                case not ("(" or ")" or "AND" or "OR" or "WITH") when isOperandNext:
                    isKnown |= Identifier(token) is not null;
                    written.Add(Reference(token));
                    break;
                default:
                    return null;
            }
        }

        return operators > 0 && isKnown && depth == 0 && written[^1] is not ("AND" or "OR" or "WITH")
            ? string.Join(' ', written).Replace("( ", "(", StringComparison.Ordinal).Replace(" )", ")", StringComparison.Ordinal)
            : null;
    }

    // The Hub: `other` has its own name beside it.
    private static string Reference(string name)
    {
        var own = name.StartsWith("other:", StringComparison.OrdinalIgnoreCase) && name["other:".Length..].Trim() is { Length: > 0 } beside ? beside : name.Trim();
        return Identifier(own) ?? "LicenseRef-" + NotInReference().Replace(own.StartsWith("LicenseRef-", StringComparison.Ordinal) ? own["LicenseRef-".Length..] : own, "-");
    }

    [GeneratedRegex(@"[()]|[^\s()]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    [GeneratedRegex("[^A-Za-z0-9.-]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotInReference();
}
