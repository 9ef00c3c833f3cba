using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest;

namespace NixGen.Sources;

/// <summary>What can be wrong with a source of any kind.</summary>
public static class SourceDiagnostics
{
    private const string Forms =
        "A short source is 'hf:org/model', 'hf:org/model@revision', a URL, or another of the forms in docs/sources.";

    /// <summary>NG3001.</summary>
    public static readonly DiagnosticDescriptor UnknownScheme = new(
        "NG3001",
        "The source's scheme is unknown",
        "A short source begins with a scheme that says where the model comes from. " + Forms);

    /// <summary>NG3002.</summary>
    public static readonly DiagnosticDescriptor UnknownKind = new(
        "NG3002",
        "The source's kind is unknown",
        "The key under 'source' names the kind of source, such as 'huggingface'.");

    /// <summary>NG3003.</summary>
    public static readonly DiagnosticDescriptor FileHashMismatch = new(
        "NG3003",
        "A file is not the one whose hash the manifest states",
        "'fileHashes' states what a file must be. What upstream has now is another content.",
        Kind: FailureKind.ContentMismatch);

    /// <summary>NG3004.</summary>
    public static readonly DiagnosticDescriptor FileHashWithoutFile = new(
        "NG3004",
        "'fileHashes' names a file that isn't there",
        "Every path in 'fileHashes' has to be among the files that are locked.");

    /// <summary>NG3005.</summary>
    public static readonly DiagnosticDescriptor BadMock = new(
        "NG3005",
        "A mock source is wrong",
        "A mock source lists its own files, each with a 'path' and a 'text'. Paths follow the rules of all model files.");

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
        [UnknownScheme, UnknownKind, FileHashMismatch, FileHashWithoutFile, BadMock];

    internal static Diagnostic HasUnknownScheme(ShortSpec spec)
    {
        var colon = spec.Text.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon > 0 ? spec.Text[..colon] : null;
        var known = SourceVocabulary.Kinds.SelectMany(kind => kind.ShortPrefixes).Select(prefix => prefix.TrimEnd(':', '/'));
        var guess = scheme is null ? null : Spelling.Nearest(scheme, known);
        return new()
        {
            Descriptor = UnknownScheme,
            Message = scheme is null
                ? $"'{spec.Text}' has no scheme."
                : $"'{spec.Text}' has the unknown scheme '{scheme}:'.",
            Location = spec.Span,
            Help = scheme is null
                ? $"Did you mean 'hf:{spec.Text}'? {Forms}"
                : guess is null ? Forms : $"Did you mean '{guess}:{spec.Text[(colon + 1)..]}'? {Forms}",
        };
    }

    internal static Diagnostic HasUnknownKind(SourceDeclaration declaration)
    {
        var name = (declaration as LongSource)?.Kind ?? "";
        var names = SourceRegistry.Kinds.Select(kind => kind.Name).ToArray();
        return new()
        {
            Descriptor = UnknownKind,
            Message = $"There is no source kind '{name}'.",
            Location = declaration.Span,
            Expected = string.Join(", ", names),
            Actual = name,
            Help = Spelling.Nearest(name, names) is { } guess ? $"Did you mean '{guess}'?" : $"Use one of: {string.Join(", ", names)}.",
        };
    }

    internal static Diagnostic HasOtherContent(ModelRequest model, string path, string stated, string found) => new()
    {
        Descriptor = FileHashMismatch,
        Message = $"The file '{path}' of model '{model.Name}' is not the one that 'fileHashes' states.",
        Location = model.NameSpan,
        Expected = stated,
        Actual = found,
        Help = "If the new content is wanted, put its hash into 'fileHashes'. If not, set 'revision' to the commit that has the old content.",
    };

    internal static Diagnostic LacksHashedFile(ModelRequest model, string path, IEnumerable<string> paths) => new()
    {
        Descriptor = FileHashWithoutFile,
        Message = $"'fileHashes' of model '{model.Name}' names '{path}', which is not among its files.",
        Location = model.NameSpan,
        Help = Spelling.Nearest(path, paths) is { } guess
            ? $"Did you mean '{guess}'?"
            : "Remove the path, or let 'files' select it.",
    };

    internal static Diagnostic IsBadMock(SourceSpan at, string message) => new()
    {
        Descriptor = BadMock,
        Message = message,
        Location = at,
        Help = "Write 'mock: { org: example, model: tiny, files: [{ path: config.json, text: \"{}\" }] }'.",
    };
}
