using System.Collections.Immutable;
using System.Text.RegularExpressions;
using NixGen.Emit.Templates;

namespace NixGen.Emit;

/// <summary>The fetch scripts that source kinds need, as they lie in the store.</summary>
public static partial class FetchScripts
{
    private const string Folder = "fetchers/";

    /// <summary>The script that all fetchers share.</summary>
    public const string Common = "common";

    /// <summary>The script that asks several sources in turn.</summary>
    public const string Alternates = "alternates";

    /// <summary>Stems of the scripts for some kinds: each kind's own, and the shared one where there is any; ordered ordinally.</summary>
    public static ImmutableArray<string> For(IEnumerable<string> kinds)
    {
        var scripts = EmbeddedTemplate.In(Folder);
        ImmutableArray<string> own = [.. kinds.Where(kind => scripts.Contains($"{Folder}{kind}.sh", StringComparer.Ordinal))];
        return own.IsEmpty ? own : [.. own.Add(Common).Order(StringComparer.Ordinal)];
    }

    /// <summary>A script's text. The shared one is joined of parts, in the order that <c>fetchers/default.nix</c> states.</summary>
    /// <param name="name">Its stem, such as <c>huggingface</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such script: a mistake of nixgen's.</exception>
    public static string Read(string name) => name == Common
        ? string.Join('\n', Parts().Matches(EmbeddedTemplate.Read($"{Folder}default.nix")).Select(part => EmbeddedTemplate.Read(Folder + part.Groups["path"].Value)))
        : EmbeddedTemplate.Read($"{Folder}{name}.sh");

    [GeneratedRegex(@"\./(?<path>common/[a-z-]+\.sh)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parts();
}
