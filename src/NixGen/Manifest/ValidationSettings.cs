using System.Collections.Immutable;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest;

/// <summary>What looks at a model's files when it is built. What isn't stated is left to the preset, and null or empty here.</summary>
public sealed record ValidationSettings
{
    /// <summary>Nothing stated: the preset <c>standard</c>.</summary>
    public static ValidationSettings Default { get; } = new();

    /// <summary>Whether anything may be looked at: not where it is turned off, and not with the preset <c>none</c>.</summary>
    public bool IsOn => Enable ?? Preset != "none";

    /// <summary>The preset's name, or null.</summary>
    public string? Preset { get; init; }

    /// <summary>Whether anything is looked at, or null.</summary>
    public bool? Enable { get; init; }

    /// <summary>Whether the preset's scanners are left out, or null.</summary>
    public bool? SkipDefaults { get; init; }

    /// <summary>Scanners that are turned on or off by name.</summary>
    public ImmutableSortedDictionary<string, bool> Scanners { get; init; } = ImmutableSortedDictionary.Create<string, bool>(StringComparer.Ordinal);

    /// <summary>Validators behind the preset's own, in order.</summary>
    public ImmutableArray<ValidatorRequest> Validators { get; init; } = [];

    /// <summary><c>abort</c>, <c>warn</c> or <c>skip</c>, or null.</summary>
    public string? OnFailure { get; init; }

    /// <summary>Seconds for each validator without a limit of its own, or null.</summary>
    public int? Timeout { get; init; }

    /// <summary>Globals that pickles may name beside those known as plain data, as <c>module.name</c>.</summary>
    public ImmutableArray<string> PickleAllow { get; init; } = [];

    /// <summary><c>security.enablePickleScan</c>, or null.</summary>
    public bool? EnablePickleScan { get; init; }

    /// <summary><c>security.enableModelScan</c>, or null.</summary>
    public bool? EnableModelScan { get; init; }

    /// <summary><c>security.customScanners</c>.</summary>
    public ImmutableArray<ValidatorRequest> CustomScanners { get; init; } = [];

    /// <summary><c>security.failOnScanError</c>, or null.</summary>
    public bool? FailOnScanError { get; init; }
}

/// <summary>One validator: one of the library's, or one of the user's own.</summary>
public sealed record ValidatorRequest
{
    /// <summary>The library's name of it, such as <c>maxSize</c>; null for the user's own.</summary>
    public string? Key { get; init; }

    /// <summary>The argument of the library's validator, as it stands in the manifest; null where it takes none.</summary>
    public Node? Argument { get; init; }

    /// <summary>The name of the user's own, or null.</summary>
    public string? Name { get; init; }

    /// <summary>The bash text of the user's own, or null.</summary>
    public string? Script { get; init; }

    /// <summary>What it looks for, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Seconds, or null.</summary>
    public int? Timeout { get; init; }

    /// <summary><c>abort</c>, <c>warn</c> or <c>skip</c>, or null.</summary>
    public string? OnFailure { get; init; }

    /// <summary>Attributes of nixpkgs whose programs it calls.</summary>
    public ImmutableArray<string> BuildInputs { get; init; } = [];
}
