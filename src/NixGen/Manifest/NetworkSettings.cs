using System.Collections.Immutable;

namespace NixGen.Manifest;

/// <summary>Limits and mirrors of the downloads that builds do.</summary>
public sealed record NetworkSettings
{
    /// <summary>What is used where the manifest says nothing.</summary>
    public static NetworkSettings Default { get; } = new();

    /// <summary>Seconds to connect.</summary>
    public int ConnectTimeout { get; init; } = 30;

    /// <summary>Seconds without a byte after which a transfer counts as stalled.</summary>
    public int ReadTimeout { get; init; } = 300;

    /// <summary>How often a transfer is tried.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Seconds before the first retry; doubles with each.</summary>
    public int BaseDelay { get; init; } = 2;

    /// <summary>Transfers at once of one derivation.</summary>
    public int Connections { get; init; } = 8;

    /// <summary>Bytes a second over all connections of one derivation, as text such as <c>50M</c>; null for no limit.</summary>
    public string? BandwidthLimit { get; init; }

    /// <summary>Other places that have the files: the model's own, then those of the whole manifest.</summary>
    public ImmutableArray<Mirror> Mirrors { get; init; } = [];
}
