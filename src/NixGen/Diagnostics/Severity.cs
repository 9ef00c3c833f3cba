namespace NixGen.Diagnostics;

/// <summary>How much a diagnostic weighs.</summary>
public enum Severity
{
    /// <summary>The run goes on and its result stands.</summary>
    Note,

    /// <summary>The run goes on; somebody should look.</summary>
    Warning,

    /// <summary>Nothing is written while one stands.</summary>
    Error,
}
