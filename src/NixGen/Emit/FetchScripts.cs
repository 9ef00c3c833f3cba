using System.Collections.Immutable;
using System.Text.RegularExpressions;
using NixGen.Emit.Templates;

namespace NixGen.Emit;

/// <summary>The fetch scripts that source kinds need, as they lie in the store.</summary>
public static partial class FetchScripts
{
    private const string Folder = "fetchers/";
    private const string ForAll = "common";

    /// <summary>The script that all fetchers share.</summary>
    public const string Common = "common";

    /// <summary>The script that asks several sources in turn.</summary>
    public const string Alternates = "alternates";

    /// <summary>The parts of the shared script that know object stores: mirrors there need them too.</summary>
    public const string Clouds = "clouds";

    /// <summary>Stems of the scripts for some kinds: each kind's own, and the shared one where there is any; ordered ordinally.</summary>
    public static ImmutableArray<string> For(IEnumerable<string> kinds)
    {
        var scripts = EmbeddedTemplate.In(Folder);
        ImmutableArray<string> own = [.. kinds.Where(kind => scripts.Contains($"{Folder}{kind}.sh", StringComparer.Ordinal))];
        return own.IsEmpty ? own : [.. own.Add(Common).Order(StringComparer.Ordinal)];
    }

    /// <summary>A script's text, the shared one with all its parts.</summary>
    /// <param name="name">Its stem, such as <c>huggingface</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such script: a mistake of nixgen's.</exception>
    public static string Read(string name) => name == Common
        ? Join(_ => true)
        : EmbeddedTemplate.Read($"{Folder}{name}.sh");

    /// <summary>The shared script without the parts that nothing needs.</summary>
    /// <param name="parts">Folders of parts, beside those that are for all.</param>
    public static string ReadCommon(IReadOnlySet<string> parts) => Join(part => part == ForAll || parts.Contains(part));

    /// <summary>Folders of the parts of the shared script that a script says it needs, beside those that are for all.</summary>
    /// <param name="name">Its stem, such as <c>huggingface</c>; the shared one needs none.</param>
    public static ImmutableArray<string> Parts(string name) => name == Common
        ? []
        : [.. Needs().Matches(Read(name)).SelectMany(line => line.Groups["names"].Value.Split(' '))];

    // In the order that fetchers/default.nix states.
    private static string Join(Func<string, bool> isWanted) => string.Join('\n', PartPaths()
        .Matches(EmbeddedTemplate.Read($"{Folder}default.nix"))
        .Where(part => isWanted(part.Groups["folder"].Value))
        .Select(part => EmbeddedTemplate.Read(Folder + part.Groups["path"].Value)));

    [GeneratedRegex(@"\./(?<path>(?<folder>[a-z]+)/[a-z-]+\.sh)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PartPaths();

    [GeneratedRegex("^# Parts: (?<names>[a-z ]+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Needs();
}
