namespace NixGen.Lock;

/// <summary>Two paths of one model that can't lie in the same folder, or can't on every system.</summary>
/// <param name="Path">The path found later.</param>
/// <param name="Other">The path or folder that it clashes with.</param>
/// <param name="Kind">How they clash.</param>
public sealed record PathClash(string Path, string Other, PathClashKind Kind)
{
    /// <summary>Finds every clash among paths, in their order.</summary>
    public static IEnumerable<PathClash> Find(IReadOnlyCollection<string> paths)
    {
        var exact = new HashSet<string>(paths.Count, StringComparer.Ordinal);
        var folded = new HashSet<string>(paths.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var path in paths)
        {
            if (!exact.Add(path))
            {
                yield return new(path, path, PathClashKind.Same);
            }
            else if (!folded.Add(path) && folded.TryGetValue(path, out var other))
            {
                yield return new(path, other, PathClashKind.CaseOnly);
            }
        }

        foreach (var path in exact)
        {
            if (FolderAmong(exact, path) is { } folder)
            {
                yield return new(path, folder, PathClashKind.FileIsFolder);
            }
        }
    }

    private static string? FolderAmong(HashSet<string> paths, string path)
    {
        var lookup = paths.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (lookup.TryGetValue(path.AsSpan(0, slash), out var folder))
            {
                return folder;
            }
        }

        return null;
    }
}

/// <summary>How two paths clash.</summary>
public enum PathClashKind
{
    /// <summary>The same path twice: refused.</summary>
    Same,

    /// <summary>One is a file and the other lies in a folder of that name: refused.</summary>
    FileIsFolder,

    /// <summary>They differ in the case of letters only: one file on a case-insensitive volume, so a warning.</summary>
    CaseOnly,
}
