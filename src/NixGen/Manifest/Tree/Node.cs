using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Manifest.Tree;

/// <summary>A value of a manifest with its place in the text; YAML and JSON give the same tree.</summary>
/// <param name="Span">Where it stands; for content reached through a YAML alias, where the anchored content stands.</param>
public abstract record Node(SourceSpan Span)
{
    /// <summary>The alias through which this node is reached, or null where it is written in place.</summary>
    public SourceSpan? Via { get; init; }
}

/// <summary>Key–value pairs in the order of the text; keys are unique.</summary>
public sealed record MappingNode(ImmutableArray<MappingEntry> Entries, SourceSpan Span) : Node(Span)
{
    /// <summary>The value under a key, or null.</summary>
    public Node? this[string key] => Find(key)?.Value;

    /// <summary>The entry of a key, or null.</summary>
    public MappingEntry? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (string.Equals(entry.Key, key, StringComparison.Ordinal))
            {
                return entry;
            }
        }

        return null;
    }
}

/// <summary>One key and its value.</summary>
/// <param name="Key">The key's text.</param>
/// <param name="KeySpan">Where the key stands.</param>
/// <param name="Value">The value.</param>
public sealed record MappingEntry(string Key, SourceSpan KeySpan, Node Value);

/// <summary>Values in order.</summary>
public sealed record SequenceNode(ImmutableArray<Node> Items, SourceSpan Span) : Node(Span);

/// <summary>Text, number, truth value or null.</summary>
/// <param name="Text">The text as written, without quotes and with escapes resolved.</param>
/// <param name="Kind">What the text is by YAML's core schema or by JSON's grammar.</param>
/// <param name="Span">Where it stands.</param>
public sealed record ScalarNode(string Text, ScalarKind Kind, SourceSpan Span) : Node(Span);

/// <summary>What a scalar is.</summary>
public enum ScalarKind
{
    /// <summary>Text.</summary>
    String,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a fraction or an exponent, infinity or not-a-number.</summary>
    Float,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>Nothing.</summary>
    Null,
}
