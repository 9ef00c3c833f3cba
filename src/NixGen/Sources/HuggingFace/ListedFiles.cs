using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;

namespace NixGen.Sources.HuggingFace;

/// <summary>Checks a listing and takes from it what a request selects.</summary>
internal static class ListedFiles
{
    // Below this many the Hub doesn't cut the list of the description off.
    private const int TrustedSiblings = 1000;
    private const int MaxReported = 10;

    /// <summary>Whether the listing has every file that the repository's description names.</summary>
    public static bool AreComplete(
        HubQuestion question, ImmutableArray<TreeEntry> listed, ImmutableArray<string> siblings, DiagnosticBag diagnostics)
    {
        if (siblings.Length >= TrustedSiblings)
        {
            return true;
        }

        var paths = listed.Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        var missing = siblings.Where(path => !paths.Contains(path)).ToArray();
        if (missing.Length == 0)
        {
            return true;
        }

        diagnostics.Add(HubDiagnostics.ListsTooLittle(
            question, $"{missing.Length} of {siblings.Length} files are missing, such as '{LockDiagnostics.Printable(missing[0])}'"));
        return false;
    }

    /// <summary>The selected entries, ordered ordinally by path. Adds diagnostics; gives null where something selected can't be accepted, or nothing is selected.</summary>
    public static ImmutableArray<TreeEntry>? Select(
        HubQuestion question, HuggingFaceRequest request, ImmutableArray<TreeEntry> listed, DiagnosticBag diagnostics)
    {
        var selection = new FileSelection(request);
        var all = listed.Select(entry => entry.Path).ToArray();
        foreach (var pattern in selection.Unmatched(all))
        {
            diagnostics.Add(HubDiagnostics.HasUnusedPattern(question, pattern, Spelling.Nearest(pattern, all)));
        }

        var selected = listed.Where(entry => selection.Selects(entry.Path)).OrderBy(entry => entry.Path, StringComparer.Ordinal).ToImmutableArray();
        if (selected.IsEmpty)
        {
            diagnostics.Add(HubDiagnostics.SelectsNothing(question, all.Length));
            return null;
        }

        var problems = Problems(question, selected).ToArray();
        diagnostics.AddRange(problems.Take(MaxReported));
        return problems.Any(problem => problem.Severity == Severity.Error) ? null : selected;
    }

    // Errors first, so that warnings never push one out of the report.
    private static IEnumerable<Diagnostic> Problems(HubQuestion question, ImmutableArray<TreeEntry> selected)
    {
        foreach (var entry in selected)
        {
            if (LockedPath.Problem(entry.Path) is { } problem)
            {
                yield return HubDiagnostics.HasUnsafeName(question, entry.Path, problem);
            }
        }

        if (selected.FirstOrDefault(entry => entry.IsWithheld) is { } withheld)
        {
            yield return HubDiagnostics.WithholdsHashes(question, withheld.Path);
        }

        foreach (var clash in PathClash.Find(selected.Select(entry => entry.Path).ToArray()).OrderBy(clash => clash.Kind == PathClashKind.CaseOnly))
        {
            yield return clash.Kind == PathClashKind.CaseOnly
                ? HubDiagnostics.HasCaseClash(question, clash)
                : HubDiagnostics.HasNameClash(question, clash);
        }
    }
}
