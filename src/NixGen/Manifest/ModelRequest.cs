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

    /// <summary>Which credentials to use.</summary>
    public AuthSettings Auth { get; init; } = AuthSettings.Default;

    /// <summary>Time limits and retries of the build's downloads.</summary>
    public NetworkSettings Network { get; init; } = NetworkSettings.Default;

    /// <summary>How the result is laid out.</summary>
    public HuggingFaceIntegration Integration { get; init; } = HuggingFaceIntegration.Default;

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
}

/// <summary>A source as it stands in the manifest.</summary>
/// <param name="Span">Where it stands.</param>
public abstract record SourceDeclaration(SourceSpan Span);

/// <summary>A source in short form, such as <c>hf:org/model@main</c>.</summary>
public sealed record ShortSpec(string Text, SourceSpan Span) : SourceDeclaration(Span);

/// <summary>A source in long form: a kind and its fields, with a template of <c>sources:</c> merged in.</summary>
/// <param name="Kind">The kind's name, such as <c>huggingface</c>.</param>
/// <param name="Fields">The fields; the schema has accepted them.</param>
/// <param name="Span">Where it stands.</param>
public sealed record LongSource(string Kind, MappingNode Fields, SourceSpan Span) : SourceDeclaration(Span);

/// <summary>Which credentials a model's requests use. Holds names and paths, never a token.</summary>
/// <param name="TokenFile">Absolute path of a file that holds a token, or null.</param>
/// <param name="TokenEnvVar">Name of an environment variable that holds a token, or null.</param>
/// <param name="Required">Whether to refuse before any request when there is no token.</param>
public sealed record AuthSettings(string? TokenFile, string? TokenEnvVar, bool Required)
{
    /// <summary>The standard places only.</summary>
    public static AuthSettings Default { get; } = new(null, null, false);
}

/// <summary>Limits of the downloads that builds do.</summary>
/// <param name="ConnectTimeout">Seconds to connect.</param>
/// <param name="ReadTimeout">Seconds without a byte after which a transfer counts as stalled.</param>
/// <param name="MaxAttempts">How often a transfer is tried.</param>
/// <param name="BaseDelay">Seconds before the first retry; doubles with each.</param>
public sealed record NetworkSettings(int ConnectTimeout, int ReadTimeout, int MaxAttempts, int BaseDelay)
{
    /// <summary>The defaults of the specification.</summary>
    public static NetworkSettings Default { get; } = new(30, 300, 3, 2);
}

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

/// <summary>Attributes of a derivation's <c>meta</c>.</summary>
/// <param name="Description">One line, or null.</param>
/// <param name="Homepage">A URL, or null.</param>
/// <param name="License">A licence identifier, as the user or the upstream writes it, or null.</param>
public sealed record ModelMeta(string? Description, string? Homepage, string? License)
{
    /// <summary>Nothing stated.</summary>
    public static ModelMeta Empty { get; } = new(null, null, null);
}
