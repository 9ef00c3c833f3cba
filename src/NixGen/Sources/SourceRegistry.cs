using System.Collections.Immutable;

namespace NixGen.Sources;

/// <summary>The kinds of source that nixgen knows. The schema, the help, the docs and the emitted adapters are made from this list.</summary>
public static class SourceRegistry
{
    /// <summary>All kinds, ordered ordinally by name.</summary>
    public static ImmutableArray<ISourceKind> Kinds { get; } = [];
}
