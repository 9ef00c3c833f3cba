using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Manifest.Tree;

/// <summary>Collects the entries of one mapping and sees to it that keys are unique. Explicit keys win over merged ones, wherever they stand.</summary>
internal sealed class MappingBuilder(TreeProblems problems)
{
    private readonly Dictionary<string, SourceSpan> _keys = new(StringComparer.Ordinal);
    private readonly ImmutableArray<MappingEntry>.Builder _entries = ImmutableArray.CreateBuilder<MappingEntry>();
    private readonly List<MappingNode> _merged = [];

    /// <summary>Notes a key; false, with a diagnostic, where the mapping has it already.</summary>
    public bool Declare(string key, SourceSpan span)
    {
        if (_keys.TryAdd(key, span))
        {
            return true;
        }

        problems.Add(TreeDiagnostics.Duplicate(key, _keys[key], span));
        return false;
    }

    /// <summary>Adds an entry whose key was declared.</summary>
    public void Add(string key, SourceSpan keySpan, Node value) => _entries.Add(new(key, keySpan, value));

    /// <summary>Adds the entries of <paramref name="mapping"/> beneath all explicit ones and beneath all merged before.</summary>
    public void Merge(MappingNode mapping) => _merged.Add(mapping);

    /// <summary>The mapping.</summary>
    public MappingNode Build(SourceSpan span)
    {
        foreach (var mapping in _merged)
        {
            foreach (var entry in mapping.Entries)
            {
                if (_keys.TryAdd(entry.Key, entry.KeySpan))
                {
                    _entries.Add(entry with { Value = entry.Value with { Via = mapping.Via ?? entry.Value.Via } });
                }
            }
        }

        return new(_entries.ToImmutable(), span);
    }
}
