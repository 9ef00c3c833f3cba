namespace NixGen.Diagnostics.Rendering;

/// <summary>How diagnostics are written.</summary>
public enum DiagnosticFormat
{
    /// <summary>For people: with an excerpt of the source and a caret.</summary>
    Text,

    /// <summary>One JSON document for programs.</summary>
    Json,

    /// <summary>SARIF 2.1.0, for code scanning.</summary>
    Sarif,

    /// <summary>Workflow commands of GitHub Actions, which become annotations.</summary>
    GitHub,
}
