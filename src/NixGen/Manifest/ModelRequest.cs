using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;
using NixGen.Nix.Hashing;

namespace NixGen.Manifest;

/// <summary>One model as asked for: not yet resolved, so it can't be emitted.</summary>
public sealed record ModelRequest
{
    /// <summary>The attribute name and the stem of derivation names: <c>[A-Za-z0-9_][A-Za-z0-9_.+-]*</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where the name stands in the manifest.</summary>
    public required SourceSpan NameSpan { get; init; }

    /// <summary>Where it comes from, still in the source kind's own words.</summary>
    public required SourceDeclaration Source { get; init; }

    /// <summary>Further sources of the same content, which are asked where those before them don't have it; most models have none.</summary>
    public ImmutableArray<SourceDeclaration> Alternates { get; init; } = [];

    /// <summary>Which credentials to use.</summary>
    public AuthSettings Auth { get; init; } = AuthSettings.Default;

    /// <summary>What is checked of the credentials when the model is locked.</summary>
    public SecuritySettings Security { get; init; } = SecuritySettings.Default;

    /// <summary>What looks at the files when the model is built.</summary>
    public ValidationSettings Validation { get; init; } = ValidationSettings.Default;

    /// <summary>What the model is changed into once it is validated, in order; empty for most.</summary>
    public ImmutableArray<ChangeRequest> Steps { get; init; } = [];

    /// <summary>Scripts that change the model before the steps do.</summary>
    public ImmutableArray<ChangeRequest> Scripts { get; init; } = [];

    /// <summary>What quantizes the model after everything else, or null.</summary>
    public QuantizeRequest? Quantize { get; init; }

    /// <summary>Whether what is built is another model than the one that is fetched.</summary>
    public bool IsChanged => !Steps.IsEmpty || !Scripts.IsEmpty || Quantize is not null;

    /// <summary>What is recorded of where it comes from.</summary>
    public ProvenanceSettings Provenance { get; init; } = ProvenanceSettings.Default;

    /// <summary>Limits, retries and mirrors of the build's downloads.</summary>
    public NetworkSettings Network { get; init; } = NetworkSettings.Default;

    /// <summary>How downloads go on after an interruption.</summary>
    public DownloadSettings Download { get; init; } = DownloadSettings.Default;

    /// <summary>What happens when a download fails for good.</summary>
    public FailureSettings OnDownloadFailure { get; init; } = FailureSettings.Default;

    /// <summary>How the files of one recursive derivation are fetched.</summary>
    public ShardingSettings Sharding { get; init; } = ShardingSettings.Default;

    /// <summary>Further variables that reach the build.</summary>
    public ImmutableArray<string> ImpureEnvVars { get; init; } = [];

    /// <summary>How the result is laid out.</summary>
    public HuggingFaceIntegration Integration { get; init; } = HuggingFaceIntegration.Default;

    /// <summary>How the result is laid out as a model store of Ollama.</summary>
    public OllamaIntegration Ollama { get; init; } = OllamaIntegration.Default;

    /// <summary>Which files of the result are real ones and not links.</summary>
    public Materialize Materialize { get; init; } = Materialize.Auto;

    /// <summary>Nix meta attributes.</summary>
    public ModelMeta Meta { get; init; } = ModelMeta.Empty;

    /// <summary>The user's own version label, or null.</summary>
    public string? Version { get; init; }

    /// <summary>Hash of the NAR of the whole tree: one recursive fixed-output derivation; or null.</summary>
    public SriHash? Hash { get; init; }

    /// <summary>Hashes that the user states for files, by path; the locker checks them.</summary>
    public ImmutableSortedDictionary<string, SriHash> FileHashes { get; init; } =
        ImmutableSortedDictionary.Create<string, SriHash>(StringComparer.Ordinal);

    /// <summary>Whether <c>update</c> leaves the revision where it is.</summary>
    public bool Pin { get; init; }

    /// <summary>Whether the model is fetched without hashes by an impure derivation. Such a model isn't locked.</summary>
    public bool Impure { get; init; }

    /// <summary>Whether nothing is downloaded until the model is first used.</summary>
    public bool Lazy { get; init; }
}

/// <summary>A source as it stands in the manifest.</summary>
/// <param name="Span">Where it stands.</param>
public abstract record SourceDeclaration(SourceSpan Span)
{
    /// <summary>Credentials that are for this source alone, in place of the model's; null where it names none.</summary>
    public AuthSettings? Auth { get; init; }
}

/// <summary>A source in short form, such as <c>hf:org/model@main</c>.</summary>
public sealed record ShortSpec(string Text, SourceSpan Span) : SourceDeclaration(Span);

/// <summary>A source in long form: a kind and its fields, with a template of <c>sources:</c> merged in.</summary>
/// <param name="Kind">The kind's name, such as <c>huggingface</c>.</param>
/// <param name="Fields">The fields; the schema has accepted them.</param>
/// <param name="Span">Where it stands.</param>
public sealed record LongSource(string Kind, MappingNode Fields, SourceSpan Span) : SourceDeclaration(Span);

/// <summary>How a model is laid out in the Hub's cache.</summary>
/// <param name="Enable">Whether the output is a repository folder of the Hub's cache; otherwise it is a plain folder.</param>
/// <param name="Org">Organisation to use in the folder's name instead of the repository's, or null.</param>
/// <param name="Model">Name to use in the folder's name instead of the repository's, or null.</param>
/// <param name="Refs">Further names under <c>refs/</c> that lead to the locked commit.</param>
public sealed record HuggingFaceIntegration(bool Enable, string? Org, string? Model, ImmutableArray<string> Refs)
{
    /// <summary>The cache layout under the repository's own name, with the requested revision as its only ref.</summary>
    public static HuggingFaceIntegration Default { get; } = new(true, null, null, []);
}

/// <summary>How a model is laid out for Ollama.</summary>
/// <param name="Enable">Whether the output is a model store of Ollama; null for what is usual for the kind of source.</param>
/// <param name="Name">What Ollama calls the model, <c>model</c> or <c>namespace/model</c>, or null for the source's name.</param>
/// <param name="Tag">The tag in the store, or null for the source's.</param>
/// <param name="Registry">The host in the store, or null for the source's.</param>
public sealed record OllamaIntegration(bool? Enable, string? Name, string? Tag, string? Registry)
{
    /// <summary>What is usual for the kind of source.</summary>
    public static OllamaIntegration Default { get; } = new(null, null, null, null);
}

/// <summary>Attributes of a derivation's <c>meta</c>.</summary>
/// <param name="Description">One line, or null.</param>
/// <param name="Homepage">A URL, or null.</param>
/// <param name="License">A licence identifier, as the user or the upstream writes it, or null.</param>
public sealed record ModelMeta(string? Description, string? Homepage, string? License)
{
    /// <summary>Nothing stated.</summary>
    public static ModelMeta Empty { get; } = new(null, null, null);
}

/// <summary>Which files of a built model are real ones; all others are links to the fetched files.</summary>
public enum Materialize
{
    /// <summary>ONNX models with external data, whose loaders refuse links.</summary>
    Auto,

    /// <summary>All.</summary>
    Always,

    /// <summary>None.</summary>
    Never,
}
