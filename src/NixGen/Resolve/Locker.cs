using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Resolve.Git;
using NixGen.Resolve.Policy;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>Turns what the manifest asks for into what the lock holds. Entries whose request is unchanged are kept untouched, without a request.</summary>
/// <param name="upstream">The way to the network.</param>
/// <param name="environment">The machine's variables.</param>
public sealed class Locker(UpstreamClient upstream, HostEnvironment environment)
{
    private readonly GitPrograms _git = new(upstream.Options, environment);

    /// <summary>Locks what is missing or asked for otherwise than before, and with <see cref="LockOptions.Update"/> what has moved upstream. Models that left the manifest leave the lock, unless only some were named; impure models are not in it.</summary>
    /// <param name="manifest">What is asked for.</param>
    /// <param name="existing">The lock as it was read.</param>
    /// <param name="options">What may be done.</param>
    /// <param name="progress">Told what goes on; called from several threads.</param>
    /// <param name="cancellationToken">Ends the run; nothing is kept of it.</param>
    public async Task<LockOutcome> LockAsync(
        ModelManifest manifest,
        LockReading existing,
        LockOptions options,
        IResolveProgress progress,
        CancellationToken cancellationToken)
    {
        var admission = new PolicyAdmission(manifest.Policy);
        var plans = manifest.Models.Select(model => ModelPlan.Of(model, existing, options)).ToArray();
        var outcomes = new ModelOutcome[plans.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, plans.Length),
            parallel,
            async (i, cancellation) => outcomes[i] = await CarryOutAsync(plans[i], admission, progress, cancellation));

        var locked = LockOf(existing, outcomes, options);
        var diagnostics = RunProblems(manifest, existing, options)
            .Concat(plans.SelectMany(plan => plan.Diagnostics.Items))
            .Concat(admission.OfAll(plans.Select(plan => locked.Models.GetValueOrDefault(plan.Model.Name)).OfType<LockedModel>()))
            .ToImmutableArray();
        return new(locked, LockDiff.Between(existing.Lock, locked), [.. outcomes], diagnostics);
    }

    private async Task<ModelOutcome> CarryOutAsync(ModelPlan plan, PolicyAdmission admission, IResolveProgress progress, CancellationToken cancellationToken)
    {
        var name = plan.Model.Name;
        if (plan.Outcome is { } decided)
        {
            // What was locked before there was a policy is asked about too.
            return plan.Existing is { } kept && !admission.Admits(plan.Model, kept, plan.Diagnostics)
                ? new(name, ModelOutcomeKind.Failed, kept)
                : new(name, decided, plan.Existing);
        }

        var existing = plan.HasSameRequest ? plan.Existing : null;
        if (plan.Source is not { } source
            || await ResolveAsync(plan.Model, source, existing, admission, plan.Diagnostics, progress, cancellationToken) is not { } resolved)
        {
            return new(name, ModelOutcomeKind.Failed, plan.Existing);
        }

        var locked = new LockedModel
        {
            Name = name,
            Request = source.Request.Canonical,
            Resolved = resolved.Resolved,
            Files = resolved.Files,
        };
        if (!admission.Admits(plan.Model, locked, plan.Diagnostics)
            || !StatedHashes.Agree(plan.Model, locked, plan.Diagnostics) || !OllamaLayout.Fits(plan.Model, locked, plan.Diagnostics))
        {
            return new(name, ModelOutcomeKind.Failed, plan.Existing);
        }

        if (await ResolveAlternatesAsync(plan, locked, progress, cancellationToken) is not { } alternates)
        {
            return new(name, ModelOutcomeKind.Failed, plan.Existing);
        }

        locked = locked with { Alternates = alternates };
        return locked.Equals(plan.Existing)
            ? new(name, ModelOutcomeKind.Unchanged, plan.Existing)
            : new(name, ModelOutcomeKind.Locked, locked);
    }

    // All of them are asked, so that one run tells all that is wrong. What they had before says nothing of the files that
    // the model has now.
    private async Task<ImmutableArray<LockedAlternate>?> ResolveAlternatesAsync(
        ModelPlan plan, LockedModel locked, IResolveProgress progress, CancellationToken cancellationToken)
    {
        var alternates = ImmutableArray.CreateBuilder<LockedAlternate>(plan.Alternates.Length);
        foreach (var (declaration, source) in plan.Model.Alternates.Zip(plan.Alternates))
        {
            var asked = Alternates.Request(plan.Model, declaration, source.Kind.Name);
            if (await ResolveAsync(asked, source, null, OpenAdmission.Instance, plan.Diagnostics, progress, cancellationToken) is { } found
                && Alternates.Lock(asked, locked, source, found, plan.Diagnostics) is { } alternate)
            {
                alternates.Add(alternate);
            }
        }

        return alternates.Count == plan.Alternates.Length ? alternates.ToImmutable() : null;
    }

    private async Task<LockedSource?> ResolveAsync(
        ModelRequest model,
        BoundSource source,
        LockedModel? existing,
        IAdmission admission,
        DiagnosticBag diagnostics,
        IResolveProgress progress,
        CancellationToken cancellationToken)
    {
        try
        {
            return await source.Kind.ResolveAsync(
                new()
                {
                    Model = model,
                    Request = source.Request,
                    Existing = existing,
                    Http = upstream.For(model.Name, progress),
                    Git = _git,
                    Hashes = upstream.Hashes,
                    Environment = environment,
                    Admission = admission,
                    Diagnostics = diagnostics,
                    Progress = progress,
                },
                cancellationToken);
        }
        catch (UpstreamException exception)
        {
            diagnostics.Add(ResolveDiagnostics.HasNoAnswer(model, exception));
            return null;
        }
    }

    private static LockFile LockOf(LockReading existing, ModelOutcome[] outcomes, LockOptions options)
    {
        if (options.Frozen || options.Locked)
        {
            return existing.Lock;
        }

        // Other models stay where only some were named. A doubtful entry never does: writing it would seal it.
        var models = (options.Names is null ? LockFile.Empty : existing.Lock).Models.ToBuilder();
        models.RemoveRange(existing.ToLockAgain);
        models.RemoveRange(outcomes.Where(outcome => outcome.Kind == ModelOutcomeKind.Unlockable).Select(outcome => outcome.Name));
        foreach (var outcome in outcomes)
        {
            var isFresh = outcome.Kind is ModelOutcomeKind.Locked or ModelOutcomeKind.Unchanged;
            if (outcome.Locked is { } locked && (isFresh || !existing.ToLockAgain.Contains(outcome.Name, StringComparer.Ordinal)))
            {
                models[outcome.Name] = locked;
            }
        }

        return new(models.ToImmutable());
    }

    private static IEnumerable<Diagnostic> RunProblems(ModelManifest manifest, LockReading existing, LockOptions options)
    {
        var names = manifest.Models.Select(model => model.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in options.Names ?? [])
        {
            if (manifest.Compositions.FirstOrDefault(composition => composition.Name == name) is { } composition)
            {
                yield return ResolveDiagnostics.HasNoRevision(composition);
            }
            else if (!names.Contains(name))
            {
                yield return ResolveDiagnostics.HasUnknownName(name, names);
            }
        }

        if (!options.Locked || options.Frozen)
        {
            yield break;
        }

        var impure = manifest.Models.Where(model => model.Impure).Select(model => model.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in existing.Lock.Models.Keys.Where(name => options.Names is null && (!names.Contains(name) || impure.Contains(name))))
        {
            yield return ResolveDiagnostics.WouldRemove(name, impure.Contains(name));
        }

        if (!existing.IsCurrent)
        {
            yield return ResolveDiagnostics.WouldRewrite();
        }
    }
}
