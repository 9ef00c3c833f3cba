using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources;

namespace NixGen.Emit;

/// <summary>A model ready to be emitted: what was asked for, how its source kind understands it, and what it is locked to.</summary>
/// <param name="Model">As asked for.</param>
/// <param name="Source">Its source.</param>
/// <param name="Locked">What it resolved to.</param>
public sealed record EmittedModel(ModelRequest Model, SourceRequest Source, LockedModel Locked);
