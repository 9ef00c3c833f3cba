using System.Collections.Immutable;

namespace NixGen.Sources.HuggingFace;

/// <summary>Which files of a repository a request takes: those that match one of <c>files</c> (all where it is empty) and none of <c>exclude</c>.</summary>
public sealed class FileSelection
{
    private readonly ImmutableArray<HubPattern> _files;
    private readonly ImmutableArray<HubPattern> _exclude;

    /// <summary>Compiles the patterns of a request.</summary>
    public FileSelection(HuggingFaceRequest request)
    {
        _files = [.. request.Files.Select(pattern => new HubPattern(pattern))];
        _exclude = [.. request.Exclude.Select(pattern => new HubPattern(pattern))];
    }

    /// <summary>Whether a path is selected.</summary>
    public bool Selects(string path) =>
        (_files.IsEmpty || _files.Any(pattern => pattern.Matches(path))) && !_exclude.Any(pattern => pattern.Matches(path));

    /// <summary>Patterns of either list that match no path at all: misspellings, most likely.</summary>
    public ImmutableArray<string> Unmatched(IReadOnlyCollection<string> paths) =>
        [.. _files.Concat(_exclude).Where(pattern => !paths.Any(pattern.Matches)).Select(pattern => pattern.Text)];
}
