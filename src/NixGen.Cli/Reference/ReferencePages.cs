using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Diagnostics.Reference;
using NixGen.Emit;
using NixGen.Lock;
using NixGen.Manifest.Binding;
using NixGen.Manifest.Loading;
using NixGen.Manifest.Reference;
using NixGen.Manifest.Schema;
using NixGen.Manifest.Tree;
using NixGen.Resolve;
using NixGen.Resolve.Policy;
using NixGen.Sources;
using NixGen.Sources.Azure;
using NixGen.Sources.Civitai;
using NixGen.Sources.Fields;
using NixGen.Sources.Gcs;
using NixGen.Sources.GitLfs;
using NixGen.Sources.HuggingFace;
using NixGen.Sources.Mlflow;
using NixGen.Sources.Objects;
using NixGen.Sources.Oci;
using NixGen.Sources.Ollama;
using NixGen.Sources.Registries;
using NixGen.Sources.S3;
using NixGen.Sources.Selection;
using NixGen.Sources.Url;

namespace NixGen.Cli.Reference;

/// <summary>The pages under <c>docs/reference/</c>: made from the code, so that they can't say anything else.</summary>
public static class ReferencePages
{
    /// <summary>Every diagnostic there is.</summary>
    public static ImmutableArray<DiagnosticDescriptor> Diagnostics { get; } =
    [
        .. TreeDiagnostics.All,
        .. IncludeDiagnostics.All,
        .. SchemaDiagnostics.All,
        .. BindingDiagnostics.All,
        .. LockDiagnostics.All,
        .. SourceDiagnostics.All,
        .. FieldDiagnostics.All,
        .. SelectionDiagnostics.All,
        .. WeightDiagnostics.All,
        .. ObjectDiagnostics.All,
        .. S3Diagnostics.All,
        .. HuggingFaceDiagnostics.All,
        .. HubDiagnostics.All,
        .. MlflowDiagnostics.All,
        .. OllamaDiagnostics.All,
        .. RegistryDiagnostics.All,
        .. OciDiagnostics.All,
        .. UrlDiagnostics.All,
        .. CivitaiDiagnostics.All,
        .. GitLfsDiagnostics.All,
        .. GcsDiagnostics.All,
        .. AzureDiagnostics.All,
        .. ResolveDiagnostics.All,
        .. AlternateDiagnostics.All,
        .. PolicyDiagnostics.All,
        .. EmitDiagnostics.All,
        .. CommandLineDiagnostics.All,
    ];

    /// <summary>The pages by file name.</summary>
    /// <param name="terminal">A console, for the commands that are described; nothing is written to it.</param>
    public static ImmutableSortedDictionary<string, string> Make(Terminal terminal) =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add("cli.md", CommandLineReference.Markdown(CommandLine.Create(terminal)))
            .Add("diagnostics.md", DiagnosticReference.Markdown(Diagnostics))
            .Add("manifest.md", ManifestReference.Markdown(ManifestSchema.Read()));
}
