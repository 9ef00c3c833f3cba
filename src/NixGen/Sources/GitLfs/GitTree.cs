using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Sources.Selection;

namespace NixGen.Sources.GitLfs;

/// <summary>A selected file: its path within the model, and the blob that git holds for it.</summary>
internal sealed record GitFile(string Path, string Oid);

/// <summary>The tree of a commit, and what a request selects of it.</summary>
/// <param name="question">What is asked about.</param>
/// <param name="entries">Everything in the tree, by path from the root.</param>
/// <param name="diagnostics">Where faults go.</param>
internal sealed class GitTree(GitQuestion question, ImmutableArray<GitTreeEntry> entries, DiagnosticBag diagnostics)
{
    private const int MaxLinks = 10;
    private readonly Dictionary<string, GitTreeEntry> _byPath = ByPath(entries);

    /// <summary>The blob of a file at the root, or null.</summary>
    public string? RootFile(string name) => _byPath.TryGetValue(name, out var entry) && entry.Kind == GitEntryKind.File ? entry.Oid : null;

    /// <summary>The selected entries by their paths within the model; null with diagnostics where there are none, or one can't be taken. What has no content is left out, and told.</summary>
    public ImmutableArray<(string Path, GitTreeEntry Entry)>? Select()
    {
        var prefix = question.Request.Subfolder is { } folder ? folder + "/" : "";
        var below = entries.Where(entry => entry.Path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => (Path: entry.Path[prefix.Length..], Entry: entry)).ToImmutableArray();
        if (below.IsEmpty && question.Request.Subfolder is { } missing)
        {
            var folders = entries.Where(entry => entry.Path.Contains('/', StringComparison.Ordinal))
                .Select(entry => entry.Path[..entry.Path.LastIndexOf('/')]).Distinct(StringComparer.Ordinal);
            diagnostics.Add(GitDiagnostics.LacksFolder(question, missing, Spelling.Nearest(missing, folders)));
            return null;
        }

        var listing = new Listing(question.Model, $"The repository '{question.Remote.Id}'", question.Place);
        var selection = new FileSelection(question.Request.Files, question.Request.Exclude);
        // Sizes matter where weights are chosen by their kind, which these sources don't offer.
        if (listing.Select(selection, below, item => item.Path, _ => 0, diagnostics) is not { } selected)
        {
            return null;
        }

        if (selected.FirstOrDefault(item => !item.Entry.IsText) is { Entry: { } unreadable })
        {
            diagnostics.Add(GitDiagnostics.HasNameThatIsNotText(question, unreadable.Path));
            return null;
        }

        foreach (var (path, _) in selected.Where(item => item.Entry.Kind == GitEntryKind.Submodule))
        {
            diagnostics.Add(GitDiagnostics.SkipsSubmodule(question, path));
        }

        return [.. selected.Where(item => item.Entry.Kind != GitEntryKind.Submodule)];
    }

    /// <summary>The files behind selected entries: links that lead to files of the tree are taken as those; others are left out, and told.</summary>
    /// <param name="selected">The entries.</param>
    /// <param name="targets">The text of links, by their blobs.</param>
    public ImmutableArray<GitFile> Follow(ImmutableArray<(string Path, GitTreeEntry Entry)> selected, IReadOnlyDictionary<string, string> targets)
    {
        var files = ImmutableArray.CreateBuilder<GitFile>();
        foreach (var (path, entry) in selected)
        {
            var (file, reason) = Follow(entry, targets);
            if (file is not null)
            {
                files.Add(new(path, file.Oid));
            }
            else
            {
                diagnostics.Add(GitDiagnostics.SkipsLink(question, path, reason));
            }
        }

        return files.ToImmutable();
    }

    /// <summary>The blobs of every link in the tree, since one may lead to another.</summary>
    public IReadOnlyCollection<string> Links(ImmutableArray<(string Path, GitTreeEntry Entry)> selected) =>
        selected.Any(item => item.Entry.Kind == GitEntryKind.Link)
            ? entries.Where(entry => entry.Kind == GitEntryKind.Link).Select(entry => entry.Oid).ToHashSet(StringComparer.Ordinal)
            : [];

    private (GitTreeEntry? File, string Reason) Follow(GitTreeEntry entry, IReadOnlyDictionary<string, string> targets)
    {
        var at = entry;
        for (var i = 0; i <= MaxLinks; i++)
        {
            if (at.Kind == GitEntryKind.File)
            {
                return (at, "");
            }

            if (!targets.TryGetValue(at.Oid, out var target) || Resolve(at.Path, target) is not { } path)
            {
                return (null, "leads out of the repository");
            }

            if (!_byPath.TryGetValue(path, out var next) || next.Kind == GitEntryKind.Submodule)
            {
                return (null, "doesn't lead to a file");
            }

            at = next;
        }

        return (null, "leads in a circle");
    }

    // The path from the root that a link's text means, or null where that is outside.
    private static string? Resolve(string link, string target)
    {
        if (target.StartsWith('/') || target.Length == 0)
        {
            return null;
        }

        var parts = new List<string>(link.Split('/')[..^1]);
        foreach (var part in target.Split('/'))
        {
            switch (part)
            {
                case "" or ".":
                    break;
                case ".." when parts.Count == 0:
                    return null;
                case "..":
                    parts.RemoveAt(parts.Count - 1);
                    break;
                default:
                    parts.Add(part);
                    break;
            }
        }

        return string.Join('/', parts);
    }

    // A tree that names a path twice isn't git's; the selection tells of it.
    private static Dictionary<string, GitTreeEntry> ByPath(ImmutableArray<GitTreeEntry> entries)
    {
        var byPath = new Dictionary<string, GitTreeEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            byPath.TryAdd(entry.Path, entry);
        }

        return byPath;
    }
}
