using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.Selection;

/// <summary>Leaves out the weights that a request doesn't take.</summary>
/// <param name="listing">What messages speak of.</param>
/// <param name="selection">The request.</param>
/// <param name="diagnostics">Where faults, and notes of what is left out, go.</param>
internal sealed class WeightSelection(Listing listing, FileSelection selection, DiagnosticBag diagnostics)
{
    /// <summary>The paths that are left; null, with a diagnostic, where the choice can't be met.</summary>
    /// <param name="sizes">Sizes in bytes of what patterns have selected, by path.</param>
    public ImmutableHashSet<string>? Pick(IReadOnlyDictionary<string, long> sizes)
    {
        var left = sizes;
        if (selection.Weights.Gguf is { } choice)
        {
            var gguf = sizes.Where(entry => FileSelection.IsGguf(entry.Key)).ToDictionary(StringComparer.Ordinal);
            if (new GgufSelection(listing, choice, gguf, diagnostics).Pick() is not { } picked)
            {
                return null;
            }

            // Beside the model only what is asked for by name: a folder of quantizations needs nothing else to be run.
            left = sizes
                .Where(entry => picked.Contains(entry.Key) || (!FileSelection.IsGguf(entry.Key) && selection.Names(entry.Key)))
                .ToDictionary(StringComparer.Ordinal);
        }

        return selection.Weights.Format is { } format ? Prefer(format, left) : [.. left.Keys];
    }

    private ImmutableHashSet<string>? Prefer(WeightFormat format, IReadOnlyDictionary<string, long> sizes)
    {
        var held = sizes
            .Where(entry => WeightFormats.Of(entry.Key) is not null)
            .GroupBy(entry => WeightFormats.Of(entry.Key) ?? WeightFormat.Other)
            .ToDictionary(group => group.Key, group => group.Sum(entry => entry.Value));
        if (!held.Remove(format))
        {
            diagnostics.Add(WeightDiagnostics.LacksFormat(listing, format, held));
            return null;
        }

        if (held.Count > 0)
        {
            diagnostics.Add(WeightDiagnostics.LeavesOut(listing, format, held));
        }

        return [.. sizes.Keys.Where(path => WeightFormats.Of(path) is not { } other || other == format)];
    }
}
