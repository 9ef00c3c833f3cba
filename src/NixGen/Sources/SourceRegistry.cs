using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Sources.Azure;
using NixGen.Sources.Civitai;
using NixGen.Sources.Gcs;
using NixGen.Sources.GitLfs;
using NixGen.Sources.GitXet;
using NixGen.Sources.HuggingFace;
using NixGen.Sources.Mlflow;
using NixGen.Sources.Mock;
using NixGen.Sources.Oci;
using NixGen.Sources.Ollama;
using NixGen.Sources.S3;
using NixGen.Sources.Url;

namespace NixGen.Sources;

/// <summary>The kinds of source that nixgen knows. The schema, the help, the docs and the emitted adapters are made from this list.</summary>
public static class SourceRegistry
{
    /// <summary>All kinds, ordered ordinally by name.</summary>
    public static ImmutableArray<ISourceKind> Kinds { get; } =
    [
        new AzureKind(),
        new CivitaiKind(),
        new GcsKind(),
        new GitLfsKind(),
        new GitXetKind(),
        new HuggingFaceKind(),
        new MlflowKind(),
        new MockKind(),
        new OciKind(),
        new OllamaKind(),
        new S3Kind(),
        new UrlKind(),
    ];

    /// <summary>The kind of a name, or null.</summary>
    public static ISourceKind? Find(string name) =>
        Kinds.FirstOrDefault(kind => string.Equals(kind.Name, name, StringComparison.Ordinal));

    /// <summary>The kind that a declaration names, or null where there is none.</summary>
    public static ISourceKind? KindOf(SourceDeclaration declaration) =>
        SourceVocabulary.KindOf(declaration) is { } fields ? Find(fields.Kind) : null;

    /// <summary>Finds the kind of a declaration and lets it understand it. Opens no socket; adds diagnostics and returns null where the declaration is wrong.</summary>
    public static BoundSource? Bind(SourceDeclaration declaration, DiagnosticBag diagnostics)
    {
        var kind = KindOf(declaration);
        if (kind is null)
        {
            diagnostics.Add(declaration is ShortSpec spec
                ? SourceDiagnostics.HasUnknownScheme(spec)
                : SourceDiagnostics.HasUnknownKind(declaration));
            return null;
        }

        return kind.Bind(declaration, diagnostics) is { } request ? new(kind, request) : null;
    }
}

/// <summary>A source that its kind has understood.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Request">What it understood.</param>
public sealed record BoundSource(ISourceKind Kind, SourceRequest Request);
