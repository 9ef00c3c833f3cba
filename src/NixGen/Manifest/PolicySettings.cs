using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Manifest;

/// <summary>What models of a manifest may be. It is checked when they are locked, before any of their content is downloaded.</summary>
public sealed record PolicySettings
{
    /// <summary>Nothing is demanded.</summary>
    public static PolicySettings Default { get; } = new();

    /// <summary>Licences that models may have, in lower case; empty for any.</summary>
    public ImmutableArray<string> AllowedLicenses { get; init; } = [];

    /// <summary>Licences that models may not have, in lower case.</summary>
    public ImmutableArray<string> DeniedLicenses { get; init; } = [];

    /// <summary>Who may publish models: names before the slash, or patterns of whole names; empty for anybody.</summary>
    public ImmutableArray<string> Publishers { get; init; } = [];

    /// <summary>Formats that weights may have, by the names that <c>format</c> has; empty for any.</summary>
    public ImmutableArray<string> Formats { get; init; } = [];

    /// <summary>The most bytes that one model may have, or null.</summary>
    public long? MaxSize { get; init; }

    /// <summary>The most bytes that all models may have together, or null.</summary>
    public long? MaxTotalSize { get; init; }

    /// <summary>What is refused whatever else is so: <c>flagged</c>, <c>gated</c>, <c>pickle</c>, <c>unlicensed</c>, <c>unscanned</c>.</summary>
    public ImmutableHashSet<string> Refuse { get; init; } = [];

    /// <summary>Where it stands, or null where it doesn't.</summary>
    public SourceSpan? Span { get; init; }
}
