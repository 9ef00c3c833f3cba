using NixGen.Diagnostics;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Loading;

/// <summary>One file of a manifest.</summary>
/// <param name="Source">Its text.</param>
/// <param name="Bytes">Its bytes as read.</param>
/// <param name="Root">Its tree.</param>
/// <param name="Parent">The file that includes it, or null for one that the user named.</param>
internal sealed record LoadedFile(SourceText Source, ReadOnlyMemory<byte> Bytes, Node Root, LoadedFile? Parent)
{
    /// <summary>The top-level mapping, or null where the file holds something else.</summary>
    public MappingNode? Top => Root as MappingNode;
}
