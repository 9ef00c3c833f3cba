using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources.Selection;

/// <summary>A list of files that an upstream gave, with what messages need to speak of it.</summary>
/// <param name="Model">The model as asked for.</param>
/// <param name="Holder">What holds the files, as a sentence begins with it: <c>The bucket 'models'</c>.</param>
/// <param name="Place">Where a person can look at them: a URL without secrets, or a command.</param>
public sealed record Listing(ModelRequest Model, string Holder, string Place)
{
    private const int MaxReported = 10;

    /// <summary><see cref="Holder"/> as it stands within a sentence.</summary>
    internal string Lower => char.ToLowerInvariant(Holder[0]) + Holder[1..];

    /// <summary>What patterns select, ordered ordinally by path. Adds diagnostics; gives null where a selected name isn't safe, names clash, or nothing is selected.</summary>
    /// <param name="selection">The patterns.</param>
    /// <param name="listed">What is listed.</param>
    /// <param name="pathOf">The path within the model.</param>
    /// <param name="sizeOf">The size in bytes.</param>
    /// <param name="diagnostics">Where faults go.</param>
    public ImmutableArray<T>? Select<T>(
        FileSelection selection, ImmutableArray<T> listed, Func<T, string> pathOf, Func<T, long> sizeOf, DiagnosticBag diagnostics)
    {
        var all = listed.Select(pathOf).ToArray();
        foreach (var pattern in selection.Unmatched(all))
        {
            diagnostics.Add(SelectionDiagnostics.HasUnusedPattern(this, pattern, Spelling.Nearest(pattern, all)));
        }

        var selected = listed.Where(item => selection.Selects(pathOf(item))).OrderBy(pathOf, StringComparer.Ordinal).ToImmutableArray();
        if (!selected.IsEmpty && selection.Weights != WeightChoice.All)
        {
            var sizes = selected.GroupBy(pathOf, StringComparer.Ordinal).ToDictionary(same => same.Key, same => sizeOf(same.First()), StringComparer.Ordinal);
            if (new WeightSelection(this, selection, diagnostics).Pick(sizes) is not { } picked)
            {
                return null;
            }

            selected = [.. selected.Where(item => picked.Contains(pathOf(item)))];
        }

        if (selected.IsEmpty)
        {
            diagnostics.Add(SelectionDiagnostics.SelectsNothing(this, all.Length));
            return null;
        }

        var problems = Problems([.. selected.Select(pathOf)]).ToArray();
        diagnostics.AddRange(problems.Take(MaxReported));
        return problems.Any(problem => problem.Severity == Severity.Error) ? null : selected;
    }

    // Errors first, so that warnings never push one out of the report.
    private IEnumerable<Diagnostic> Problems(string[] paths)
    {
        foreach (var path in paths)
        {
            if (LockedPath.Problem(path) is { } problem)
            {
                yield return SelectionDiagnostics.HasUnsafeName(this, path, problem);
            }
        }

        foreach (var clash in PathClash.Find(paths).OrderBy(clash => clash.Kind == PathClashKind.CaseOnly))
        {
            yield return clash.Kind == PathClashKind.CaseOnly
                ? SelectionDiagnostics.HasCaseClash(this, clash)
                : SelectionDiagnostics.HasNameClash(this, clash);
        }
    }
}
