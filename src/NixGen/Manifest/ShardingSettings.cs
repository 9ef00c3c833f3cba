namespace NixGen.Manifest;

/// <summary>How the files of one recursive derivation are fetched.</summary>
/// <param name="ParallelDownloads">Files at once.</param>
public sealed record ShardingSettings(int ParallelDownloads)
{
    /// <summary>What is used where the manifest says nothing.</summary>
    public static ShardingSettings Default { get; } = new(4);
}
