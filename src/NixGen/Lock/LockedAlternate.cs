using System.Collections.Immutable;

namespace NixGen.Lock;

/// <summary>Another source of a model, locked by its own kind, with those of its files whose content the model has.</summary>
public sealed record LockedAlternate
{
    /// <summary>What was asked for.</summary>
    public required CanonicalRequest Request { get; init; }

    /// <summary>What it resolved to.</summary>
    public required ResolvedRevision Resolved { get; init; }

    /// <summary>Its files, one for each content, ordered ordinally by its own paths: the model may have the content under another.</summary>
    public required ImmutableArray<LockedFile> Files { get; init; }

    /// <inheritdoc/>
    public bool Equals(LockedAlternate? other) =>
        other is not null
        && Request.Equals(other.Request)
        && Resolved.Equals(other.Resolved)
        && Files.AsSpan().SequenceEqual(other.Files.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Resolved, Files.Length);
}
