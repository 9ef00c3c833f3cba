using System.Collections.Immutable;
using NixGen.Nix.Hashing;

namespace NixGen.Manifest;

/// <summary>Something that makes another model of one: a step of <c>transform</c>, or a script of <c>postDownload</c>.</summary>
/// <param name="Name">Its name, which becomes a part of a derivation's.</param>
/// <param name="Script">The bash text.</param>
public sealed record ChangeRequest(string Name, string Script)
{
    /// <summary>Attributes of nixpkgs whose programs it calls.</summary>
    public ImmutableArray<string> BuildInputs { get; init; } = [];

    /// <summary>Hash of the NAR of what comes of it, or null where it isn't fixed.</summary>
    public SriHash? OutputHash { get; init; }

    /// <summary><c>abort</c>, <c>warn</c> or <c>ignore</c>, or null.</summary>
    public string? OnFailure { get; init; }
}
