using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.Selection;

/// <summary>Picks one quantization: all parts of one model, and its companions.</summary>
/// <param name="listing">What messages speak of.</param>
/// <param name="choice">What is asked for.</param>
/// <param name="sizes">The size in bytes of every file that may be picked, by path.</param>
/// <param name="diagnostics">Where faults go.</param>
internal sealed class GgufSelection(Listing listing, GgufChoice choice, IReadOnlyDictionary<string, long> sizes, DiagnosticBag diagnostics)
{
    // What llama.cpp and its front ends take for a projector, best first.
    private static readonly string[] _usualCompanions = ["F16", "FP16", "BF16", "Q8_0", "F32", "FP32"];

    /// <summary>The paths that are picked; null, with a diagnostic, where nothing fits, several do, or parts are missing.</summary>
    public ImmutableHashSet<string>? Pick()
    {
        var sets = sizes.Keys
            .Select(GgufName.Parse)
            .OfType<GgufName>()
            .GroupBy(name => name.Stem, StringComparer.Ordinal)
            .Select(parts => new GgufSet([.. parts.OrderBy(part => part.Part)], parts.Sum(part => sizes[part.Path])))
            .OrderBy(set => set.Stem, StringComparer.Ordinal)
            .ToImmutableArray();
        if (OneModel([.. sets.Where(set => set.Role == GgufRole.Model)]) is not { } model)
        {
            return null;
        }

        var companions = new List<GgufSet>();
        foreach (var (role, key, wanted) in new[] { (GgufRole.Projector, "mmproj", choice.Mmproj), (GgufRole.Draft, "mtp", choice.Mtp) })
        {
            ImmutableArray<GgufSet> offered = [.. sets.Where(set => set.Role == role)];
            if (wanted == GgufChoice.None || (wanted == GgufChoice.Auto && offered.IsEmpty))
            {
                continue;
            }

            if (Companion(key, wanted, offered, model) is not { } companion)
            {
                return null;
            }

            companions.Add(companion);
        }

        ImmutableArray<GgufSet> picked = [model, .. companions];
        foreach (var set in picked)
        {
            if (!set.IsComplete)
            {
                diagnostics.Add(WeightDiagnostics.LacksParts(listing, set));
                return null;
            }
        }

        return [.. picked.SelectMany(set => set.Parts).Select(part => part.Path)];
    }

    // A label as it is written counts before one with a prefix that was left out.
    private GgufSet? OneModel(ImmutableArray<GgufSet> offered)
    {
        var fitting = Fitting(offered, choice.Quant);
        switch (fitting.Length)
        {
            case 1:
                return fitting[0];
            case 0:
                diagnostics.Add(WeightDiagnostics.LacksQuant(listing, choice.Quant, offered));
                return null;
            default:
                diagnostics.Add(WeightDiagnostics.IsAmbiguous(listing, "gguf.quant", choice.Quant, fitting));
                return null;
        }
    }

    private GgufSet? Companion(string key, string wanted, ImmutableArray<GgufSet> offered, GgufSet model)
    {
        if (wanted != GgufChoice.Auto)
        {
            var fitting = Fitting(offered, wanted);
            if (fitting.Length != 1)
            {
                diagnostics.Add(fitting.IsEmpty
                    ? WeightDiagnostics.LacksCompanion(listing, key, wanted, offered)
                    : WeightDiagnostics.IsAmbiguous(listing, $"gguf.{key}", wanted, fitting));
            }

            return fitting.Length == 1 ? fitting[0] : null;
        }

        // Those of the model's own folder where there are any: another folder may hold another model.
        ImmutableArray<GgufSet> near = [.. offered.Where(set => set.Folder == model.Folder)];
        var candidates = near.IsEmpty ? offered : near;
        foreach (var label in _usualCompanions.Prepend(model.Label ?? ""))
        {
            ImmutableArray<GgufSet> fitting = [.. candidates.Where(set => string.Equals(set.Label, label, StringComparison.OrdinalIgnoreCase))];
            if (fitting.Length == 1)
            {
                return fitting[0];
            }
        }

        if (candidates.Length == 1)
        {
            return candidates[0];
        }

        diagnostics.Add(WeightDiagnostics.IsAmbiguous(listing, $"gguf.{key}", wanted, candidates));
        return null;
    }

    private static ImmutableArray<GgufSet> Fitting(ImmutableArray<GgufSet> offered, string label)
    {
        ImmutableArray<GgufSet> exact = [.. offered.Where(set => string.Equals(set.Label, label, StringComparison.OrdinalIgnoreCase))];
        return exact.IsEmpty ? [.. offered.Where(set => string.Equals(set.Parts[0].Quant, label, StringComparison.OrdinalIgnoreCase))] : exact;
    }
}

/// <summary>The parts of one GGUF model.</summary>
/// <param name="Parts">The parts, ordered by number; at least one.</param>
/// <param name="Size">Bytes of all.</param>
internal sealed record GgufSet(ImmutableArray<GgufName> Parts, long Size)
{
    public string Stem => Parts[0].Stem;

    public GgufRole Role => Parts[0].Role;

    public string? Label => Parts[0].Label;

    public string Folder => Stem.LastIndexOf('/') is var slash and >= 0 ? Stem[..slash] : "";

    public bool IsComplete =>
        Parts.Length == Parts[0].Parts && Parts.Select((part, index) => part.Part == index + 1 && part.Parts == Parts.Length).All(right => right);
}
