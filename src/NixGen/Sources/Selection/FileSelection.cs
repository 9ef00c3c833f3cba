using System.Collections.Immutable;

namespace NixGen.Sources.Selection;

/// <summary>Which files of a source a request takes: those that match one of <c>files</c> (all where it is empty) and none of <c>exclude</c>. Both mean the same for every kind of source.</summary>
public sealed class FileSelection
{
    private readonly ImmutableArray<FilePattern> _files;
    private readonly ImmutableArray<FilePattern> _exclude;

    /// <summary>Compiles the patterns of a request.</summary>
    /// <param name="files">Patterns that select files; none for all.</param>
    /// <param name="exclude">Patterns that leave files out.</param>
    public FileSelection(ImmutableArray<string> files, ImmutableArray<string> exclude)
    {
        _files = [.. files.Select(pattern => new FilePattern(pattern))];
        _exclude = [.. exclude.Select(pattern => new FilePattern(pattern))];
    }

    /// <summary>Which of the weights are taken, where a source holds them several times.</summary>
    public WeightChoice Weights { get; init; } = WeightChoice.All;

    /// <summary>Whether a path may be selected. Where one quantization is picked, GGUF files need no pattern: it says which of them are taken.</summary>
    public bool Selects(string path) =>
        (_files.IsEmpty || (Weights.Gguf is not null && IsGguf(path)) || _files.Any(pattern => pattern.Matches(path))) && !_exclude.Any(pattern => pattern.Matches(path));

    /// <summary>Patterns of either list that match no path at all: misspellings, most likely.</summary>
    public ImmutableArray<string> Unmatched(IReadOnlyCollection<string> paths) =>
        [.. _files.Concat(_exclude).Where(pattern => !paths.Any(pattern.Matches)).Select(pattern => pattern.Text)];

    /// <summary>Whether one of <c>files</c> names a path.</summary>
    internal bool Names(string path) => _files.Any(pattern => pattern.Matches(path));

    internal static bool IsGguf(string path) => path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);

    /// <summary>Patterns in one spelling: any of them may match, so neither order nor doubles mean anything.</summary>
    public static ImmutableArray<string> Canonical(ImmutableArray<string> patterns) =>
        [.. patterns.Select(FilePattern.Normalize).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
