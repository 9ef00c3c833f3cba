using System.Collections.Immutable;

namespace NixGen.Manifest;

/// <summary>What the user asked for, with defaults, profiles, source templates and includes merged. Immutable.</summary>
public sealed record ModelManifest
{
    /// <summary>How the emitted flake is described and what it depends on.</summary>
    public required FlakeSettings Flake { get; init; }

    /// <summary>The models that have sources, ordered ordinally by name; names are unique.</summary>
    public required ImmutableArray<ModelRequest> Models { get; init; }

    /// <summary>What is composed of them, ordered ordinally by name; no name is a model's too.</summary>
    public ImmutableArray<Composition> Compositions { get; init; } = [];

    /// <summary>What models may be.</summary>
    public PolicySettings Policy { get; init; } = PolicySettings.Default;

    /// <summary>Named sets of model names, ordered ordinally; every member exists.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Groups { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);
}

/// <summary>Settings of the emitted flake.</summary>
/// <param name="Description">The flake's description.</param>
/// <param name="Nixpkgs">Flake reference of nixpkgs.</param>
/// <param name="Systems">Nix system names, in the user's order.</param>
public sealed record FlakeSettings(string Description, string Nixpkgs, ImmutableArray<string> Systems)
{
    /// <summary>What is used where the manifest says nothing.</summary>
    public static FlakeSettings Default { get; } = new(
        "AI models pinned by nixgen",
        "github:NixOS/nixpkgs/nixos-unstable",
        ["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"]);
}
