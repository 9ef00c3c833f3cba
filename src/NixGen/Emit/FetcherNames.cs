using System.Collections.Immutable;
using NixGen.Emit.Templates;

namespace NixGen.Emit;

/// <summary>The fetch scripts that source kinds need.</summary>
internal static class FetcherNames
{
    private const string Folder = "fetchers/";

    /// <summary>Stems of the scripts for some kinds: each kind's own, and the shared one where there is any; ordered ordinally.</summary>
    public static ImmutableArray<string> For(IEnumerable<string> kinds)
    {
        var scripts = EmbeddedTemplate.In(Folder);
        ImmutableArray<string> own = [.. kinds.Where(kind => scripts.Contains($"{Folder}{kind}.sh", StringComparer.Ordinal))];
        return own.IsEmpty ? own : [.. own.Add("common").Order(StringComparer.Ordinal)];
    }
}
