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

    /// <summary>The SPDX identifier, or null where the licence has none that is known here.</summary>
    /// <param name="name">As upstream or the user writes it.</param>
    public static string? Identifier(string name) => Identifiers.GetValueOrDefault(name.Trim());

    /// <summary>An expression of SPDX: the identifier, or a reference of the document's own (SPDX 3.0.1, annex B).</summary>
    public static string Expression(string name) => Identifier(name) ?? "LicenseRef-" + NotInReference().Replace(name.Trim(), "-");

    [GeneratedRegex("[^A-Za-z0-9.-]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotInReference();
}
