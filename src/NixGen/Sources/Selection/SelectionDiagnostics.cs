using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;

namespace NixGen.Sources.Selection;

/// <summary>What can be wrong with the files that a source lists, and with the patterns that choose among them; the same for every kind.</summary>
public static class SelectionDiagnostics
{
    /// <summary>NG3127.</summary>
    public static readonly DiagnosticDescriptor UnsafeFileName = new(
        "NG3127",
        "A source holds a file name that isn't safe",
        "File names are relative, with '/', without empty, '.', '..' and '.git' segments, backslashes and control characters, at most 1024 bytes in all and 255 between two slashes. Anything else could leave the model's folder, or not exist on some system.",
        Kind: FailureKind.Upstream);

    /// <summary>NG3128.</summary>
    public static readonly DiagnosticDescriptor FileNameClash = new(
        "NG3128",
        "A source holds two files that can't lie in one folder",
        "A listing names the same path twice, or a file that is also the folder of another. Object stores may hold such names; a folder can't.",
        Kind: FailureKind.Upstream);

    /// <summary>NG3129.</summary>
    public static readonly DiagnosticDescriptor NothingSelected = new(
        "NG3129",
        "No file is selected",
        "'files' and 'exclude' together leave no file of the source. Patterns match whole paths; '*' matches slashes too.");

    /// <summary>NG3130.</summary>
    public static readonly DiagnosticDescriptor UnusedPattern = new(
        "NG3130",
        "A pattern matches no file",
        "A pattern of 'files' or 'exclude' matches no file of the source. It may be misspelt, or the file is gone. Patterns match whole paths with case; '*' matches slashes too.",
        Severity.Warning);

    /// <summary>NG3132.</summary>
    public static readonly DiagnosticDescriptor CaseClash = new(
        "NG3132",
        "Two files differ only in the case of letters",
        "On a volume that doesn't distinguish case, which macOS has by default, only one of them can be there.",
        Severity.Warning);

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
        [UnsafeFileName, FileNameClash, NothingSelected, UnusedPattern, CaseClash];

    internal static Diagnostic HasUnsafeName(Listing listing, string path, string problem) => Of(
        UnsafeFileName,
        listing,
        $"{listing.Holder} of model '{listing.Model.Name}' holds a file whose name '{LockDiagnostics.Printable(path)}' {problem}.",
        "Leave the file out with 'exclude', and be careful with this source.");

    internal static Diagnostic HasNameClash(Listing listing, PathClash clash) => Of(
        FileNameClash,
        listing,
        clash.Kind == PathClashKind.Same
            ? $"{listing.Holder} of model '{listing.Model.Name}' lists '{LockDiagnostics.Printable(clash.Path)}' twice."
            : $"{listing.Holder} of model '{listing.Model.Name}' lists '{LockDiagnostics.Printable(clash.Other)}' as a file, and as the folder of '{LockDiagnostics.Printable(clash.Path)}'.",
        "Leave one of them out with 'exclude', and be careful with this source.");

    internal static Diagnostic HasCaseClash(Listing listing, PathClash clash) => Of(
        CaseClash,
        listing,
        $"{listing.Holder} of model '{listing.Model.Name}' holds '{clash.Other}' and '{clash.Path}', which are one file where case isn't distinguished.",
        "If the model is to be built on macOS, leave one of them out with 'exclude'.");

    internal static Diagnostic SelectsNothing(Listing listing, int count) => Of(
        NothingSelected,
        listing,
        $"'files' and 'exclude' of model '{listing.Model.Name}' leave none of the {count} files of {listing.Lower}.",
        $"Compare the patterns with {listing.Place}");

    internal static Diagnostic HasUnusedPattern(Listing listing, string pattern, string? guess) => Of(
        UnusedPattern,
        listing,
        $"The pattern '{pattern}' of model '{listing.Model.Name}' matches no file of {listing.Lower}.",
        guess is null ? $"Compare it with {listing.Place}" : $"Did you mean '{guess}'?");

    private static Diagnostic Of(DiagnosticDescriptor descriptor, Listing listing, string message, string help) => new()
    {
        Descriptor = descriptor,
        Message = message,
        Location = listing.Model.Source.Span,
        Help = help,
    };
}
