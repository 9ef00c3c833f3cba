using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Resolve;

/// <summary>What can be wrong with one of several sources of a model.</summary>
public static class AlternateDiagnostics
{
    /// <summary>NG3207.</summary>
    public static readonly DiagnosticDescriptor Lacking = new(
        "NG3207",
        "A further source lacks files of the model",
        "The first of 'sources' says which files a model has. A further one stands in for it where it has the same content, under whatever path; files that it lacks can come from the other sources only.",
        Severity.Warning);

    /// <summary>NG3208.</summary>
    public static readonly DiagnosticDescriptor Other = new(
        "NG3208",
        "A further source has none of the model's files",
        "Each of 'sources' must hold content of the first, byte for byte: a converted or quantized copy is another model. Nothing of such a source could ever be fetched.",
        Kind: FailureKind.ContentMismatch);

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [Lacking, Other];

    internal static Diagnostic LacksFiles(
        ModelRequest asked, string source, LockedModel locked, ImmutableArray<LockedFile> lacking, Sources.LockedSource found) => new()
    {
        Descriptor = Lacking,
        Message = $"Model '{asked.Name}': {source} lacks {lacking.Length} of the {locked.Files.Length} files; the first is '{LockDiagnostics.Printable(lacking[0].Path)}'{(At(found, lacking[0].Path) is null ? "" : ", which it has with other content")}.",
        Location = asked.Source.Span,
        Help = "What it lacks comes from the other sources only. Bring it up to date, or leave it so.",
    };

    internal static Diagnostic HasNothing(ModelRequest asked, string source, LockedModel locked, Sources.LockedSource found)
    {
        var same = locked.Files.Select(file => (Ours: file, Theirs: At(found, file.Path))).FirstOrDefault(pair => pair.Theirs is not null);
        var (expected, actual) = same is { Ours: { } ours, Theirs: { } theirs }
            ? (Describe(ours), Describe(theirs))
            : (Names(locked.Files), Names(found.Files));
        return new()
        {
            Descriptor = Other,
            Message = $"Model '{asked.Name}': {source} has none of the model's files.",
            Location = asked.Source.Span,
            Expected = expected,
            Actual = actual,
            Help = "Name the revision or the folder that holds the same bytes, or remove this source.",
        };
    }

    private static LockedFile? At(Sources.LockedSource found, string path) => found.Files.FirstOrDefault(file => file.Path == path);

    private static string Describe(LockedFile file) =>
        $"'{LockDiagnostics.Printable(file.Path)}' with {file.Sha256.Text}, {ByteSize.Of(file.Size)}";

    private static string Names(ImmutableArray<LockedFile> files) =>
        $"{string.Join(", ", files.Take(5).Select(file => $"'{LockDiagnostics.Printable(file.Path)}'"))}{(files.Length > 5 ? $" and {files.Length - 5} more" : "")}";
}
