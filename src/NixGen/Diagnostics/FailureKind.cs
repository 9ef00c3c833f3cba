namespace NixGen.Diagnostics;

/// <summary>Whose fault an error is; the command line gives each its own exit code.</summary>
public enum FailureKind
{
    /// <summary>The manifest, the lock or the output folder is wrong: exit code 1.</summary>
    Input,

    /// <summary>The command was called wrongly: exit code 2.</summary>
    Usage,

    /// <summary>What is checked in is not what would be written: exit code 3.</summary>
    Stale,

    /// <summary>An upstream failed, refused, or does not have it: exit code 4.</summary>
    Upstream,

    /// <summary>Content does not match its hash: exit code 5.</summary>
    ContentMismatch,
}
