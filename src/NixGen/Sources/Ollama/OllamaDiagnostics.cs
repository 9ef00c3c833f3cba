using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Sources.Registries;

namespace NixGen.Sources.Ollama;

/// <summary>What can be wrong with Ollama's models.</summary>
public static class OllamaDiagnostics
{
    /// <summary>NG3430.</summary>
    public static readonly DiagnosticDescriptor TwoNames = new(
        "NG3430",
        "The model's name and a field beside it say different things",
        "A name may hold the tag and the registry; 'tag' and 'registry' say the same beside it. Where both are there, they have to agree.");

    /// <summary>NG3431.</summary>
    public static readonly DiagnosticDescriptor CloudModel = new(
        "NG3431",
        "The model runs on somebody else's machine",
        "A cloud model of Ollama has no weights: its manifest only names the host that runs it. There is nothing to fetch, and nothing that Nix could pin.",
        Kind: FailureKind.Upstream);

    /// <summary>NG3432.</summary>
    public static readonly DiagnosticDescriptor OfTheHub = new(
        "NG3432",
        "Models of the Hugging Face Hub are sources of their own",
        "For names that begin with 'hf.co/', Ollama asks the Hub, which makes a manifest up at that moment; the next answer may be another. So the files are pinned where they lie, in a repository of the Hub, and the manifest is made when the model is built. The long form of an `ollama` source is for registries only.");

    /// <summary>NG3433.</summary>
    public static readonly DiagnosticDescriptor NoWeights = new(
        "NG3433",
        "The manifest holds nothing that a model is made of",
        "A model of Ollama has layers: weights as 'model' or 'tensor', and what belongs to them.",
        Kind: FailureKind.Upstream);

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [TwoNames, CloudModel, OfTheHub, NoWeights];

    internal static Diagnostic SaysTwoTags(SourceSpan at, string named, string tag) => new()
    {
        Descriptor = TwoNames,
        Message = $"'model' has the tag '{named}', and 'tag' is '{tag}'.",
        Location = at,
        Help = "Leave one of them out.",
    };

    internal static Diagnostic SaysTwoRegistries(SourceSpan at, string named, string registry) => new()
    {
        Descriptor = TwoNames,
        Message = $"'model' names the registry '{named}', and 'registry' is '{registry}'.",
        Location = at,
        Help = "Leave one of them out.",
    };

    internal static Diagnostic IsOfTheHub(SourceSpan at, OllamaRequest request) => new()
    {
        Descriptor = OfTheHub,
        Message = $"'{request.Registry.Host}/{request.Repository}' is a repository of the Hugging Face Hub.",
        Location = at,
        Help = $"Write it in short: 'source: ollama:hf.co/{request.Repository}:{(request.Tag == OllamaName.DefaultTag ? "Q4_K_M" : request.Tag)}'.",
    };

    internal static Diagnostic IsInTheCloud(RegistryQuestion question, string host, string model) => new()
    {
        Descriptor = CloudModel,
        Message = $"Model '{question.Model.Name}' is a cloud model: '{question.Name}' only says that {Quoted.Text(host)} runs {Quoted.Text(model)}.",
        Location = question.Model.Source.Span,
        Help = "Choose a tag with weights: those of cloud models end with 'cloud'.",
    };

    internal static Diagnostic HasNoWeights(RegistryQuestion question) => new()
    {
        Descriptor = NoWeights,
        Message = $"The manifest of '{question.Name}' has no layers, so model '{question.Model.Name}' would be empty.",
        Location = question.Model.Source.Span,
        Help = "Choose another tag.",
    };
}
