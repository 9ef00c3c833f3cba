using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Manifest.Loading;

/// <summary>What can be wrong with how files include each other: NG13xx.</summary>
public static class IncludeDiagnostics
{
    /// <summary>A file includes itself.</summary>
    public static readonly DiagnosticDescriptor Cycle = new(
        "NG1301",
        "A manifest includes itself",
        "The file is being read already: it includes itself, directly or through others.");

    /// <summary>A file is included from two places.</summary>
    public static readonly DiagnosticDescriptor Repeated = new(
        "NG1302",
        "A manifest is given twice",
        "Each file is read once, in one place: the `defaults` of the file that includes it apply to its models, so two places would be ambiguous. Links to the same file count as that file.");

    /// <summary>There are too many files.</summary>
    public static readonly DiagnosticDescriptor TooMany = new(
        "NG1303",
        "Too many manifests",
        "A manifest may consist of 1,000 files, included at most 64 deep.");

    /// <summary>All of this stage, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [Cycle, Repeated, TooMany];

    internal static Diagnostic IsCycle(SourceSpan? at, string path) => new()
    {
        Descriptor = Cycle,
        Message = $"{Quoted.Text(path)} includes itself",
        Location = at,
        Help = "remove one `include` of the circle",
    };

    internal static Diagnostic IsRepeated(SourceSpan? at, string path, SourceSpan? first) => new()
    {
        Descriptor = Repeated,
        Message = $"{Quoted.Text(path)} is given twice",
        Location = at ?? first,
        Help = at is null ? "name each manifest once on the command line, and none that another includes" : "include it in one place",
        Related = at is null || first is null ? [] : [new(first, "it is included here first")],
    };

    internal static Diagnostic IsTooMany(SourceSpan? at, int limit) => new()
    {
        Descriptor = TooMany,
        Message = $"more than {limit} files, or included too deeply",
        Location = at,
        Help = "join some of the files",
    };
}
