using System.Collections.Immutable;

namespace NixGen.Manifest;

/// <summary>The kinds of sources that the schema accepts. A test holds this, the schema and the registry of source kinds together.</summary>
public static class SourceVocabulary
{
    /// <summary>The kinds, ordered ordinally by name.</summary>
    public static ImmutableArray<SourceFields> Kinds { get; } =
    [
        new("azure", ["account", "container", "prefix", "files", "exclude", "gguf", "format", "endpoint"], ["account", "container"])
        {
            ShortPrefixes = ["az://", "abfss://", "abfs://", "wasbs://", "wasb://"],
        },
        new("civitai", ["modelVersionId", "modelId", "fileId", "select", "files", "exclude", "endpoint"], ["modelVersionId"])
        {
            ShortPrefixes = ["civitai:", "urn:air:", "https://civitai.com/"],
        },
        new("gcs", ["bucket", "prefix", "generation", "files", "exclude", "gguf", "format", "endpoint"], ["bucket"]) { ShortPrefixes = ["gs://"] },
        new("git-lfs", ["url", "rev", "subdir", "files", "lfsFiles", "exclude", "gguf", "format"], ["url", "rev"])
        {
            ShortPrefixes = ["git+https://", "git+http://", "git+ssh://", "git+file://"],
        },
        new("git-xet", ["url", "rev", "subdir", "files", "exclude", "gguf", "format", "xet"], ["url", "rev"]) { ShortPrefixes = ["xet://"] },
        new("huggingface", ["repo", "type", "revision", "files", "exclude", "gguf", "format", "endpoint"], ["repo"])
        {
            IsRepository = true,
            MayBeImpure = true,
            ShortPrefixes =
            [
                "hf:", "huggingface:",
                "https://huggingface.co/", "http://huggingface.co/", "huggingface.co/",
                "https://www.huggingface.co/", "http://www.huggingface.co/", "www.huggingface.co/",
                "https://hf.co/", "http://hf.co/", "hf.co/",
                .. OllamaOfTheHub.Prefixes,
            ],
        },
        new(
            "mlflow",
            [
                "trackingUri", "modelName", "modelVersion", "version", "modelStage", "stage", "modelAlias", "run", "artifactPath", "uri", "artifacts",
                "files", "exclude", "gguf", "format",
            ],
            [])
        {
            ShortPrefixes = ["mlflow:"],
        },
        new("mock", ["org", "model", "files"], ["files"]) { IsRepository = true },
        new("oci", ["image", "files", "exclude", "gguf", "format"], ["image"]) { ShortPrefixes = ["oci://"] },
        new("ollama", ["model", "tag", "registry"], ["model"])
        {
            ShortPrefixes = ["ollama:", "https://ollama.com/", "https://www.ollama.com/"],
        },
        new("s3", ["bucket", "prefix", "region", "endpoint", "files", "exclude", "gguf", "format", "versionId", "unsigned"], ["bucket"])
        {
            ShortPrefixes = ["s3://"],
        },
        new("url", ["url", "urls", "sha256", "filename", "extract", "files", "exclude"], []) { OtherName = "http", ShortPrefixes = ["https://", "http://"] },
    ];

    /// <summary>The fields of a kind by its name, or by its other one; or null for an unknown kind.</summary>
    public static SourceFields? Find(string kind) => Kinds.FirstOrDefault(known => known.Kind == kind || known.OtherName == kind);

    /// <summary>The kind that a declaration names, the longest prefix counting for a short spec; or null.</summary>
    public static SourceFields? KindOf(SourceDeclaration declaration) => declaration switch
    {
        LongSource source => Find(source.Kind),
        ShortSpec spec => Longest(spec.Text),
        _ => null,
    };

    private static SourceFields? Longest(string spec)
    {
        SourceFields? best = null;
        var bestLength = 0;
        foreach (var kind in Kinds)
        {
            foreach (var prefix in kind.ShortPrefixes)
            {
                if (prefix.Length > bestLength && spec.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                {
                    (best, bestLength) = (kind, prefix.Length);
                }
            }
        }

        return best;
    }
}

/// <summary>One source kind, as manifests know it.</summary>
/// <param name="Kind">The kind's name, such as <c>huggingface</c>.</param>
/// <param name="All">Every field.</param>
/// <param name="Required">The fields that a source must have, its template's included.</param>
public sealed record SourceFields(string Kind, ImmutableArray<string> All, ImmutableArray<string> Required)
{
    /// <summary>Another name that manifests may have for the kind, or null. Locks and emitted Nix have the first.</summary>
    public string? OtherName { get; init; }

    /// <summary>Whether its models lie in the Hub's cache unless they say otherwise. Those of other kinds are plain folders, unless they say otherwise.</summary>
    public bool IsRepository { get; init; }

    /// <summary>Whether <c>impure</c> can be said of its models.</summary>
    public bool MayBeImpure { get; init; }

    /// <summary>Prefixes of short specs that this kind takes, such as <c>hf:</c>, without regard to case.</summary>
    public ImmutableArray<string> ShortPrefixes { get; init; } = [];
}
