using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Manifest;

/// <summary>One folder of the files of several models. It has no source of its own, and so no entry in the lock.</summary>
/// <param name="Name">The attribute name, as a model has one.</param>
/// <param name="NameSpan">Where the name stands in the manifest.</param>
/// <param name="Parts">The parts, ordered ordinally by name; <c>base</c> is among them.</param>
public sealed record Composition(string Name, SourceSpan NameSpan, ImmutableArray<CompositionPart> Parts)
{
    /// <summary>Nix meta attributes.</summary>
    public ModelMeta Meta { get; init; } = ModelMeta.Empty;
}

/// <summary>A model within a composition.</summary>
/// <param name="Name">What it is there: <c>base</c>, <c>lora</c>, …</param>
/// <param name="Model">The name of a model of the manifest.</param>
/// <param name="Into">The folder that its files go into, or null for the top.</param>
public sealed record CompositionPart(string Name, string Model, string? Into);
