using System.Collections.Immutable;

namespace NixGen.Testing.Hub;

/// <summary>The three kinds of repository.</summary>
public enum HubRepositoryKind
{
    Model,
    Dataset,
    Space,
}

/// <summary>Whether downloads need the owner's consent.</summary>
public enum HubGate
{
    Open,
    Auto,
    Manual,
}

/// <summary>A commit with the whole tree that it leads to.</summary>
public sealed class HubCommit
{
    internal HubCommit(HubCommit? parent, string title, string author, DateTimeOffset date, IEnumerable<HubFile> changes, IEnumerable<string> removed)
    {
        Parent = parent;
        Title = title;
        Author = author;
        Date = date;
        var files = new Dictionary<string, HubTreeFile>(StringComparer.Ordinal);
        foreach (var (path, file) in parent?.Tree.Files ?? ImmutableDictionary<string, HubTreeFile>.Empty)
            files[path] = file;
        foreach (var file in changes)
            files[file.Path] = new HubTreeFile(file, this);
        foreach (var path in removed)
            files.Remove(path);
        Tree = new HubTree(files.Values);
        Id = GitObjects.CommitOid(Tree.Oid, parent?.Id, author, date, title);
    }

    /// <summary>40 hexadecimal digits, as git would compute them.</summary>
    public string Id { get; }

    public HubCommit? Parent { get; }

    public string Title { get; }

    public string Author { get; }

    public DateTimeOffset Date { get; }

    public HubTree Tree { get; }
}

/// <summary>A repository of the loopback Hub. It may be changed while the Hub runs, as real ones are.</summary>
public sealed class HubRepository
{
    private readonly Lock gate = new();
    private ImmutableSortedDictionary<string, HubCommit> refs = ImmutableSortedDictionary.Create<string, HubCommit>(StringComparer.Ordinal);
    private ImmutableList<HubCommit> commits = [];

    /// <summary>An empty repository; commits and refs are added to it.</summary>
    /// <param name="id">The canonical id, <c>org/name</c> or a legacy <c>name</c>.</param>
    /// <param name="kind">Model, dataset or space.</param>
    public HubRepository(string id, HubRepositoryKind kind = HubRepositoryKind.Model)
    {
        Id = id;
        Kind = kind;
    }

    public string Id { get; }

    public HubRepositoryKind Kind { get; }

    /// <summary>The Hub's own licence id (not SPDX), or null.</summary>
    public string? License { get; set; }

    public HubGate Gate { get; set; }

    /// <summary>Whether the scanners are done, where the Hub says so; null for a Hub that doesn't scan.</summary>
    public bool? ScansDone { get; set; }

    public bool IsPrivate { get; set; }

    public bool IsDisabled { get; set; }

    /// <summary>Whether SHA-256 values are shown as 64 asterisks to those who may not download.</summary>
    public bool RedactsHashes { get; set; }

    /// <summary>Users who see a private repository and pass its gate.</summary>
    public ISet<string> Members { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Users whose request to pass the gate was granted.</summary>
    public ISet<string> GateGranted { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Further tags of the card, such as <c>text-generation</c>.</summary>
    public IReadOnlyList<string> Tags { get; set; } = [];

    public string DefaultBranch { get; set; } = "main";

    /// <summary>All refs by full name, such as <c>refs/heads/main</c>.</summary>
    public IReadOnlyDictionary<string, HubCommit> Refs => refs;

    /// <summary>The commit at the head of the default branch.</summary>
    public HubCommit Head => refs["refs/heads/" + DefaultBranch];

    /// <summary>Adds a commit on a branch (the default one if none is named): files added or replaced, and paths removed.</summary>
    public HubCommit Commit(string title, IEnumerable<HubFile> changes, IEnumerable<string>? removed = null, string? branch = null, DateTimeOffset? date = null)
    {
        lock (gate)
        {
            var name = "refs/heads/" + (branch ?? DefaultBranch);
            var parent = refs.GetValueOrDefault(name) ?? refs.GetValueOrDefault("refs/heads/" + DefaultBranch);
            var when = date ?? new DateTimeOffset(2024, 1, 1, 12, 0, 0, TimeSpan.Zero).AddDays(commits.Count);
            var commit = new HubCommit(parent, title, Id.Split('/')[0], when, changes, removed ?? []);
            commits = commits.Add(commit);
            refs = refs.SetItem(name, commit);
            return commit;
        }
    }

    public void Branch(string name, HubCommit commit) => SetRef("refs/heads/" + name, commit);

    public void Tag(string name, HubCommit commit) => SetRef("refs/tags/" + name, commit);

    /// <summary>Points a ref by its full name, such as <c>refs/pr/1</c> or <c>refs/convert/parquet</c>.</summary>
    public void SetRef(string name, HubCommit commit)
    {
        lock (gate)
            refs = refs.SetItem(name, commit);
    }

    public void DeleteRef(string name)
    {
        lock (gate)
            refs = refs.Remove(name);
    }

    /// <summary>Finds a commit by branch, tag, full ref, commit or unambiguous beginning of one; null where there is none.</summary>
    public HubCommit? Resolve(string? revision)
    {
        if (revision is null or "HEAD")
            return refs.GetValueOrDefault("refs/heads/" + DefaultBranch);
        if (refs.TryGetValue("refs/heads/" + revision, out var commit) || refs.TryGetValue("refs/tags/" + revision, out commit))
            return commit;
        if (revision.StartsWith("refs/", StringComparison.Ordinal))
            return refs.GetValueOrDefault(revision);
        if (revision.Length < 7 || !revision.All(char.IsAsciiHexDigitLower))
            return null;
        var matches = commits.FindAll(candidate => candidate.Id.StartsWith(revision, StringComparison.Ordinal));
        return matches.Count == 1 ? matches[0] : null;
    }
}
