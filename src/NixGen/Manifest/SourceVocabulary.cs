using System.Collections.Immutable;

namespace NixGen.Manifest;

/// <summary>The long forms of sources that the schema accepts. A test holds this, the schema and the registry of source kinds together.</summary>
public static class SourceVocabulary
{
    /// <summary>The kinds, ordered ordinally by name.</summary>
    public static ImmutableArray<SourceFields> Kinds { get; } =
    [
        new("huggingface", ["repo", "type", "revision", "files", "exclude", "endpoint"], ["repo"]),
        new("mock", ["org", "model", "files"], ["files"]),
    ];

    /// <summary>The fields of a kind, or null for an unknown kind.</summary>
    public static SourceFields? Find(string kind) => Kinds.FirstOrDefault(known => known.Kind == kind);
}

/// <summary>The fields of one source kind.</summary>
/// <param name="Kind">The kind's name, such as <c>huggingface</c>.</param>
/// <param name="All">Every field.</param>
/// <param name="Required">The fields that a source must have, its template's included.</param>
public sealed record SourceFields(string Kind, ImmutableArray<string> All, ImmutableArray<string> Required);
