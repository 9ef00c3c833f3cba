using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>What is to be done for one model; decided without the network.</summary>
/// <param name="Model">The model as asked for.</param>
/// <param name="Existing">Its entry in the old lock, or null.</param>
/// <param name="Source">Its source, understood; null where it is wrong or isn't needed.</param>
/// <param name="Alternates">Its further sources, understood; none where one is wrong or isn't needed.</param>
/// <param name="HasSameRequest">Whether the old entry answers the same request.</param>
/// <param name="Outcome">What happens to it, if nothing has to be asked of its source; else null.</param>
/// <param name="Diagnostics">What there is to say of it.</param>
internal sealed record ModelPlan(
    ModelRequest Model,
    LockedModel? Existing,
    BoundSource? Source,
    ImmutableArray<BoundSource> Alternates,
    bool HasSameRequest,
    ModelOutcomeKind? Outcome,
    DiagnosticBag Diagnostics)
{
    /// <summary>Decides.</summary>
    public static ModelPlan Of(ModelRequest model, LockReading read, LockOptions options)
    {
        var existing = read.Lock.Models.GetValueOrDefault(model.Name);
        var diagnostics = new DiagnosticBag();
        if (model.Impure)
        {
            return OfImpure(model, options, diagnostics);
        }

        if (options.Frozen)
        {
            // An entry of other kinds of sources says nothing of these.
            var isLocked = existing is not null
                && IsOfKind(model.Source, existing.Request)
                && model.Alternates.Length == existing.Alternates.Length
                && model.Alternates.Zip(existing.Alternates).All(pair => IsOfKind(pair.First, pair.Second.Request));
            if (!isLocked)
            {
                diagnostics.Add(ResolveDiagnostics.IsNotLocked(model));
            }

            return new(model, existing, null, [], false, isLocked ? ModelOutcomeKind.Kept : ModelOutcomeKind.Failed, diagnostics);
        }

        var source = SourceRegistry.Bind(model.Source, diagnostics);
        ImmutableArray<BoundSource> alternates =
            [.. model.Alternates.Select(alternate => SourceRegistry.Bind(alternate, diagnostics)).OfType<BoundSource>()];
        if (alternates.Length < model.Alternates.Length)
        {
            source = null;
        }

        var isSame = source is not null
            && existing is not null
            && source.Request.Canonical.Equals(existing.Request)
            && alternates.Select(alternate => alternate.Request.Canonical).SequenceEqual(existing.Alternates.Select(alternate => alternate.Request))
            && !read.ToLockAgain.Contains(model.Name, StringComparer.Ordinal);
        return new(model, existing, source, alternates, isSame, Decide(model, existing, source, isSame, options, diagnostics), diagnostics);
    }

    private static bool IsOfKind(SourceDeclaration declaration, CanonicalRequest locked) =>
        SourceRegistry.KindOf(declaration) is not { } kind || kind.Name == locked.Kind;

    // The warning stands wherever the model is worked on, since what it gives up can't be seen in the output.
    private static ModelPlan OfImpure(ModelRequest model, LockOptions options, DiagnosticBag diagnostics)
    {
        var source = SourceRegistry.Bind(model.Source, diagnostics);
        if (options.Names is not { } names || names.Contains(model.Name, StringComparer.Ordinal))
        {
            diagnostics.Add(ResolveDiagnostics.IsImpure(model));
        }

        if (source?.Request.NeedsLock is { } why)
        {
            diagnostics.Add(ResolveDiagnostics.CannotBeImpure(model, why));
            source = null;
        }

        return new(model, null, source, [], false, source is null ? ModelOutcomeKind.Failed : ModelOutcomeKind.Unlockable, diagnostics);
    }

    private static ModelOutcomeKind? Decide(
        ModelRequest model, LockedModel? existing, BoundSource? source, bool isSame, LockOptions options, DiagnosticBag diagnostics)
    {
        if (source is null)
        {
            return ModelOutcomeKind.Failed;
        }

        if (options.Names is { } names && !names.Contains(model.Name, StringComparer.Ordinal))
        {
            return ModelOutcomeKind.Skipped;
        }

        if (isSame && existing is not null && !(options.Update && !model.Pin))
        {
            if (options.Update)
            {
                diagnostics.Add(ResolveDiagnostics.IsPinned(model));
            }

            return StatedHashes.Agree(model, existing, diagnostics) && OllamaLayout.Fits(model, existing, diagnostics) ? ModelOutcomeKind.Kept : ModelOutcomeKind.Failed;
        }

        if (!options.Locked)
        {
            return null;
        }

        diagnostics.Add(ResolveDiagnostics.WouldChange(model, existing is not null, isSame));
        return ModelOutcomeKind.Failed;
    }
}
