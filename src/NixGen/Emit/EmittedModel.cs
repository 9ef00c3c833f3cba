using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources;
using NixGen.Sources.Mlflow;

namespace NixGen.Emit;

/// <summary>A model ready to be emitted: what was asked for, how its source kind understands it, and what it is locked to.</summary>
public sealed record EmittedModel
{
    /// <summary>Joins them.</summary>
    /// <param name="model">As asked for.</param>
    /// <param name="source">Its source.</param>
    /// <param name="locked">What it resolved to; null for an impure model, and for no other.</param>
    /// <exception cref="ArgumentException">The model isn't locked, or is impure and locked.</exception>
    public EmittedModel(ModelRequest model, SourceRequest source, LockedModel? locked)
    {
        if (model.Impure != locked is null)
        {
            throw new ArgumentException($"Model '{model.Name}' is {(model.Impure ? "impure and" : "not")} locked.", nameof(locked));
        }

        (Model, Source, Locked) = (model, source, locked);
    }

    /// <summary>As asked for.</summary>
    public ModelRequest Model { get; }

    /// <summary>Its source.</summary>
    public SourceRequest Source { get; }

    /// <summary>What it resolved to, or null where it is fetched without a lock.</summary>
    public LockedModel? Locked { get; }

    /// <summary>Further sources of its content, in order of preference.</summary>
    public ImmutableArray<EmittedAlternate> Alternates { get; init; } = [];

    /// <summary>The name of its source kind.</summary>
    public string Kind => Source.Canonical.Kind;

    /// <summary>The names of the kinds whose fetchers bring its files: its own, and that of the store where a registry keeps them.</summary>
    public ImmutableArray<string> Fetched =>
        Source is MlflowRequest { FromStore: true } && ObjectStores.KindOf(Locked?.Resolved.Storage) is { } store ? [Kind, store] : [Kind];
}
