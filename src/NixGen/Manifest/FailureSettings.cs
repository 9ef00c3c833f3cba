namespace NixGen.Manifest;

/// <summary>What happens when a download fails for good.</summary>
public sealed record FailureSettings
{
    /// <summary>What is used where the manifest says nothing.</summary>
    public static FailureSettings Default { get; } = new();

    /// <summary>What happens to what was fetched until then.</summary>
    public FailureAction Action { get; init; } = FailureAction.Clean;

    /// <summary>Absolute path of the folder that keeps partial downloads; there if and only if <see cref="Action"/> is <see cref="FailureAction.Persist"/>.</summary>
    public string? PersistPath { get; init; }

    /// <summary>Rounds over the source and its mirrors, where <see cref="Action"/> is <see cref="FailureAction.Retry"/>.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>Seconds between two rounds.</summary>
    public int RetryDelay { get; init; } = 5;

    /// <summary>Bash text that is run when a download has failed, or null.</summary>
    public string? NotifyCommand { get; init; }
}

/// <summary>What happens to a partial download.</summary>
public enum FailureAction
{
    /// <summary>It goes with the build.</summary>
    Clean,

    /// <summary>It stays in a folder, where the next build goes on with it.</summary>
    Persist,

    /// <summary>The source and its mirrors are tried again, round after round.</summary>
    Retry,
}
