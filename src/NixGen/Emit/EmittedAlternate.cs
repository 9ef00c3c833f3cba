using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources;

namespace NixGen.Emit;

/// <summary>One of the further sources of a model, ready to be emitted.</summary>
/// <param name="Source">How its kind understands it.</param>
/// <param name="Locked">What it resolved to, and which content of the model it has.</param>
public sealed record EmittedAlternate(SourceRequest Source, LockedAlternate Locked)
{
    /// <summary>Credentials that the manifest names for this source alone, or null.</summary>
    public AuthSettings? Auth { get; init; }

    /// <summary>The name of its kind.</summary>
    public string Kind => Source.Canonical.Kind;
}
