using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest;

namespace NixGen.Sources.Fields;

/// <summary>What can be wrong with a field of a source, of whatever kind.</summary>
public static class FieldDiagnostics
{
    /// <summary>NG3010.</summary>
    public static readonly DiagnosticDescriptor BadField = new(
        "NG3010",
        "A field of the source has a value that can't be",
        "Each kind of source has its own fields; docs/reference/manifest.md lists them with their forms.");

    /// <summary>NG3011.</summary>
    public static readonly DiagnosticDescriptor MissingField = new(
        "NG3011",
        "The source lacks a field",
        "A kind of source needs this field to know what to fetch. A template of 'sources' can hold it for several models.");

    /// <summary>NG3012.</summary>
    public static readonly DiagnosticDescriptor BadShortSpec = new(
        "NG3012",
        "The short source can't be understood",
        "A short source is one line of text that begins with the scheme of its kind. What a kind takes is in its page under docs/sources.");

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [BadField, MissingField, BadShortSpec];

    internal static Diagnostic IsNotText(SourceSpan at, string key) => new()
    {
        Descriptor = BadField,
        Message = $"'{key}' is not text.",
        Location = at,
        Help = $"Write it in quotes: '{key}: \"…\"'.",
    };

    internal static Diagnostic HasBadPattern(SourceSpan at, string key) => new()
    {
        Descriptor = BadField,
        Message = $"'{key}' is a list of patterns, such as '*.safetensors'.",
        Location = at,
        Help = $"Write '{key}: [\"*.safetensors\", \"*.json\"]'.",
    };

    internal static Diagnostic HasBadValue(SourceSpan at, string key, string value, string problem, string example) => new()
    {
        Descriptor = BadField,
        Message = $"'{key}' {problem}.",
        Location = at,
        Expected = example,
        Actual = value,
        Help = $"Write it like '{example}'.",
    };

    internal static Diagnostic Lacks(LongSource source, string key, string example) => new()
    {
        Descriptor = MissingField,
        Message = $"The {source.Kind} source has no '{key}'.",
        Location = source.Span,
        Help = $"Add '{example}'.",
    };

    internal static Diagnostic HasBadSpec(ShortSpec spec, string problem, string example) => new()
    {
        Descriptor = BadShortSpec,
        Message = $"'{spec.Text}' {problem}.",
        Location = spec.Span,
        Help = $"Write it like '{example}'.",
    };
}
