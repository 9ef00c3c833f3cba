using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.HuggingFace;

/// <summary>What can be wrong with the declaration of a Hugging Face source.</summary>
public static class HuggingFaceDiagnostics
{
    private const string IdRules =
        "An id is 'name' or 'organisation/name'; each part has ASCII letters, digits, '-', '_' and '.', doesn't begin or end with '-' or '.', and holds neither '--' nor '..'; the whole doesn't end with '.git'.";

    /// <summary>NG3101.</summary>
    public static readonly DiagnosticDescriptor BadSpec = new(
        "NG3101",
        "The short source can't be understood",
        "Short sources of the Hub are 'hf:org/model', 'hf:org/model@revision', 'hf:datasets/org/name', 'hf:spaces/org/name', 'hf://org/model@revision/file', and URLs of huggingface.co such as 'https://huggingface.co/org/model/tree/main'. " + IdRules);

    /// <summary>NG3102.</summary>
    public static readonly DiagnosticDescriptor BadRepository = new(
        "NG3102",
        "The repository id is not one of the Hub's",
        IdRules);

    /// <summary>NG3103.</summary>
    public static readonly DiagnosticDescriptor BadRevision = new(
        "NG3103",
        "The revision can't be a reference of git",
        "A revision is a branch, a tag, a commit, or a reference such as 'refs/pr/1'. It also becomes the name of a file under 'refs/' in the Hub's cache.");

    /// <summary>NG3104.</summary>
    public static readonly DiagnosticDescriptor BadEndpoint = new(
        "NG3104",
        "The Hub's base URL is wrong",
        "'endpoint' and HF_ENDPOINT are https URLs without user, query and fragment. 'http' is accepted for this machine only, because a token would travel readable.");

    /// <summary>NG3105.</summary>
    public static readonly DiagnosticDescriptor BadField = new(
        "NG3105",
        "A field of the source has a value that can't be",
        "The fields of a Hugging Face source are 'repo', 'type' (model, dataset or space), 'revision', 'files', 'exclude' and 'endpoint'.");

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
        [BadSpec, BadRepository, BadRevision, BadEndpoint, BadField];

    internal static Diagnostic HasBadSpec(SourceSpan at, SpecProblem problem) => new()
    {
        Descriptor = BadSpec,
        Message = problem.Message,
        Location = at,
        Help = problem.Help,
    };

    internal static Diagnostic LacksRepository(SourceSpan at) => new()
    {
        Descriptor = BadRepository,
        Message = "The source names no repository.",
        Location = at,
        Help = "Add 'repo: organisation/name'.",
    };

    internal static Diagnostic HasBadRepository(SourceSpan at, string repository, string problem, string? guess) => new()
    {
        Descriptor = BadRepository,
        Message = $"The repository id '{repository}' {problem}.",
        Location = at,
        Expected = "name or organisation/name",
        Actual = repository,
        Help = guess is null ? "Copy the id from the top of the repository's page." : $"Did you mean '{guess}'?",
    };

    internal static Diagnostic HasBadRevision(SourceSpan at, string revision, string problem) => new()
    {
        Descriptor = BadRevision,
        Message = revision.Length == 0 ? "The revision is empty." : $"The revision '{revision}' {problem}.",
        Location = at,
        Help = "Give a branch, a tag, a commit, or a reference such as 'refs/pr/1'. Without one it is 'main'.",
    };

    internal static Diagnostic HasBadEndpoint(SourceSpan? at, string what, string problem) => new()
    {
        Descriptor = BadEndpoint,
        Message = $"{what} {problem}.",
        Location = at,
        Help = "Give a URL such as 'https://huggingface.co'.",
    };

    internal static Diagnostic HasBadType(SourceSpan at, string name) => new()
    {
        Descriptor = BadField,
        Message = $"There is no repository type '{name}'.",
        Location = at,
        Expected = "model, dataset, space",
        Actual = name,
        Help = Spelling.Nearest(name, ["model", "dataset", "space"]) is { } guess
            ? $"Did you mean '{guess}'?"
            : "Use 'model', 'dataset' or 'space'.",
    };
}
