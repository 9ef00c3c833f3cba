using System.Collections.Immutable;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Reads lists of mirrors.</summary>
internal static class MirrorBinder
{
    /// <summary>The keys that say what kind of mirror one is, in the order of <see cref="MirrorKind"/>.</summary>
    public static ImmutableArray<string> Kinds { get; } = ["endpoint", "hashed", "base"];

    /// <summary>The mirrors of a list, in its order; none where there is no list.</summary>
    public static IEnumerable<Mirror> Bind(Node? list) =>
        (list as SequenceNode)?.Items.OfType<MappingNode>().Select(Bind).OfType<Mirror>() ?? [];

    private static Mirror? Bind(MappingNode mirror)
    {
        for (var i = 0; i < Kinds.Length; i++)
        {
            if (mirror.Text(Kinds[i]) is { } url)
            {
                return new((MirrorKind)i, url, mirror.Truth("prefer") ?? false);
            }
        }

        return null;
    }
}
