using System.Collections.Immutable;

namespace NixGen.Manifest;

/// <summary>The keys that say of which kind a mirror is.</summary>
public static class MirrorVocabulary
{
    /// <summary>The keys, in the order of <see cref="MirrorKind"/>.</summary>
    public static ImmutableArray<string> Kinds { get; } = ["endpoint", "hashed", "base"];

    /// <summary>The key of a kind.</summary>
    public static string Key(MirrorKind kind) => Kinds[(int)kind];
}
