using System.Collections.Immutable;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>How defaults, profiles and a model lie over each other: mappings are joined key by key, anything else is replaced whole.</summary>
internal static class MappingMerge
{
    /// <summary>What <paramref name="lower"/> says, overridden by <paramref name="upper"/>. Entries keep their own places in the text.</summary>
    public static MappingNode Over(MappingNode lower, MappingNode upper)
    {
        if (lower.Entries.IsEmpty)
        {
            return upper;
        }

        var entries = ImmutableArray.CreateBuilder<MappingEntry>(lower.Entries.Length + upper.Entries.Length);
        foreach (var entry in lower.Entries)
        {
            entries.Add((entry.Value, upper.Find(entry.Key)) switch
            {
                (_, null) => entry,
                (MappingNode below, { Value: MappingNode above } winner) => winner with { Value = Over(below, above) },
                (_, { } winner) => winner,
            });
        }

        foreach (var entry in upper.Entries)
        {
            if (lower.Find(entry.Key) is null)
            {
                entries.Add(entry);
            }
        }

        return upper with { Entries = entries.ToImmutable() };
    }
}
