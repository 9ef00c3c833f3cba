using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Manifest.Tree;
using NixGen.Sources;
using NixGen.Tests.Manifest;

namespace NixGen.Tests.Sources;

/// <summary>Binds sources as they stand in a manifest.</summary>
internal static class Declarations
{
    /// <summary>Binds the source of a model given as a line under <c>models:</c>.</summary>
    public static (SourceRequest? Request, ImmutableArray<Diagnostic> Diagnostics) Bind(string model)
    {
        var diagnostics = new DiagnosticBag();
        var files = new MemoryManifestFiles(("models.yaml", $"version: 1\nmodels:\n  {model}\n"));
        var manifest = ManifestLoader.Load(["models.yaml"], files, null, diagnostics);
        var request = manifest is null ? null : SourceRegistry.Bind(manifest.Models[0].Source, diagnostics)?.Request;
        return (request, diagnostics.Items);
    }

    /// <summary>Binds a long form that no schema has seen.</summary>
    public static (SourceRequest? Request, ImmutableArray<Diagnostic> Diagnostics) BindLong(string kind, params (string Key, string Value)[] fields)
    {
        var at = new SourceText("models.yaml", "x").At(new(0, 1));
        var entries = fields.Select(field => new MappingEntry(field.Key, at, new ScalarNode(field.Value, ScalarKind.String, at)));
        var diagnostics = new DiagnosticBag();
        var request = SourceRegistry.Bind(new LongSource(kind, new([.. entries], at), at), diagnostics)?.Request;
        return (request, diagnostics.Items);
    }

    /// <summary>The text that a diagnostic points at.</summary>
    public static string Underlined(Diagnostic diagnostic) =>
        diagnostic.Location is { } at ? at.Source.Text.Substring(at.Span.Start, at.Span.Length) : "";
}
