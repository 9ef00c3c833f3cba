using System.Collections.Immutable;

namespace NixGen.Manifest;

/// <summary>What is checked of a model's token when the model is locked. The scanners that stand beside it are in <see cref="ValidationSettings"/>.</summary>
/// <remarks>That secrets stay out of logs, and credentials away from hooks, is always so: the manifest can say it, and can't deny it.</remarks>
public sealed record SecuritySettings
{
    /// <summary>No check.</summary>
    public static SecuritySettings Default { get; } = new();

    /// <summary>Scopes that the token must have.</summary>
    public ImmutableArray<string> RequiredScopes { get; init; } = [];

    /// <summary>Whether to warn of a token that may do more than is needed.</summary>
    public bool WarnOnExcessiveScopes { get; init; }
}
