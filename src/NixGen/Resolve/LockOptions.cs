using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;

namespace NixGen.Resolve;

/// <summary>What a lock run may do.</summary>
public sealed record LockOptions
{
    /// <summary>The models to work on, or null for all. Others stay as they are, locked or not.</summary>
    public ImmutableArray<string>? Names { get; init; }

    /// <summary>Whether to move revisions: to ask upstream again for models whose request is unchanged. Pinned models stay.</summary>
    public bool Update { get; init; }

    /// <summary>Whether to refuse instead of changing the lock.</summary>
    public bool Locked { get; init; }

    /// <summary>Whether to take the lock as it is, without comparing requests; only a model that it lacks is an error.</summary>
    public bool Frozen { get; init; }

    /// <summary>How many models are resolved at once.</summary>
    public int Parallelism { get; init; } = 8;
}

/// <summary>What a lock run came to. Models that were resolved are in the lock even if others failed, so that no work is lost: save the lock, then report the failures.</summary>
/// <param name="Lock">The new lock. Failed models keep their old entry, if they had one that can be trusted.</param>
/// <param name="Diff">What is otherwise than before.</param>
/// <param name="Models">What happened to each model of the manifest, in its order.</param>
/// <param name="Diagnostics">What to tell the user, in the manifest's order.</param>
public sealed record LockOutcome(
    LockFile Lock,
    LockDiff Diff,
    ImmutableArray<ModelOutcome> Models,
    ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Whether every model is locked as the manifest asks.</summary>
    public bool Succeeded => !Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error);
}

/// <summary>What happened to one model.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Locked">Its entry in the new lock, or null where there is none.</param>
public sealed record ModelOutcome(string Name, ModelOutcomeKind Kind, LockedModel? Locked);

/// <summary>What can happen to a model.</summary>
public enum ModelOutcomeKind
{
    /// <summary>Its entry was right already; nothing was asked of upstream.</summary>
    Kept,

    /// <summary>Upstream was asked and has nothing new.</summary>
    Unchanged,

    /// <summary>It was locked anew.</summary>
    Locked,

    /// <summary>It couldn't be locked, and a diagnostic says why.</summary>
    Failed,

    /// <summary>It wasn't among the names asked for.</summary>
    Skipped,

    /// <summary>It is impure, so there is nothing to lock, and the lock has no entry of it.</summary>
    Unlockable,
}
