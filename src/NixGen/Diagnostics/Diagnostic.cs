using System.Collections.Immutable;

namespace NixGen.Diagnostics;

/// <summary>One thing to tell the user: what, where, what was expected, and what to do next.</summary>
public sealed record Diagnostic
{
    /// <summary>What all diagnostics of this code share.</summary>
    public required DiagnosticDescriptor Descriptor { get; init; }

    /// <summary>What is wrong here, in one sentence. Never holds a secret.</summary>
    public required string Message { get; init; }

    /// <summary>Where, if it is in a file.</summary>
    public SourceSpan? Location { get; init; }

    /// <summary>What would have been right, or null.</summary>
    public string? Expected { get; init; }

    /// <summary>What was found, or null.</summary>
    public string? Actual { get; init; }

    /// <summary>What to do next, or null. May have several lines.</summary>
    public string? Help { get; init; }

    /// <summary>Other places that explain this one, each with a few words.</summary>
    public ImmutableArray<RelatedLocation> Related { get; init; } = [];

    /// <summary>The stable identifier.</summary>
    public string Code => Descriptor.Code;

    /// <summary>How much it weighs.</summary>
    public Severity Severity => Descriptor.Severity;
}

/// <summary>Another place that explains a diagnostic.</summary>
/// <param name="Location">The place.</param>
/// <param name="Message">What stands there, in a few words.</param>
public sealed record RelatedLocation(SourceSpan Location, string Message);
