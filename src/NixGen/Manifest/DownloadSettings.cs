namespace NixGen.Manifest;

/// <summary>How downloads go on after an interruption.</summary>
public sealed record DownloadSettings
{
    /// <summary>What is used where the manifest says nothing.</summary>
    public static DownloadSettings Default { get; } = new();

    /// <summary>Whether a download whose token ran out goes on with a new one.</summary>
    public bool ResumeOnAuthFailure { get; init; } = true;

    /// <summary>How often it does so.</summary>
    public int MaxResumeAttempts { get; init; } = 3;
}
