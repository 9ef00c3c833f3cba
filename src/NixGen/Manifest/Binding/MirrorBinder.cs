using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Reads lists of mirrors.</summary>
internal static class MirrorBinder
{
    /// <summary>The mirrors of a list, in its order; none where there is no list.</summary>
    public static IEnumerable<Mirror> Bind(Node? list) =>
        (list as SequenceNode)?.Items.OfType<MappingNode>().Select(Bind).OfType<Mirror>() ?? [];

    private static Mirror? Bind(MappingNode mirror)
    {
        foreach (var kind in Enum.GetValues<MirrorKind>())
        {
            if (mirror.Text(MirrorVocabulary.Key(kind)) is { } url)
            {
                return new(kind, url, mirror.Truth("prefer") ?? false);
            }
        }

        return null;
    }
}
