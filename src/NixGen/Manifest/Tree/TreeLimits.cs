namespace NixGen.Manifest.Tree;

/// <summary>How large a manifest may be. Far above what people write, far below what would hurt.</summary>
public static class TreeLimits
{
    /// <summary>How many mappings and lists may lie within each other, aliases followed.</summary>
    public const int Depth = 64;

    /// <summary>How many nodes all aliases together may stand for.</summary>
    public const int AliasedNodes = 250_000;

    /// <summary>Length of a file in bytes.</summary>
    public const int FileBytes = 64 * 1024 * 1024;

    /// <summary>How many problems of one file are reported before reading stops.</summary>
    public const int Problems = 100;
}
