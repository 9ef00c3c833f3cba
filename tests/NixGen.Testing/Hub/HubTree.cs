using System.Collections.Immutable;

namespace NixGen.Testing.Hub;

/// <summary>A file as a commit holds it.</summary>
public sealed record HubTreeFile(HubFile File, HubCommit? LastCommit);

/// <summary>A row of a listing: a file, or a folder where <see cref="File"/> is null.</summary>
public sealed record HubTreeRow(string Path, string Oid, HubTreeFile? File, HubCommit? LastCommit);

/// <summary>The files of a commit, and the rows that listing them gives.</summary>
public sealed class HubTree
{
    private readonly SortedDictionary<string, HubTreeFile> files;
    private readonly Folder root;

    public HubTree(IEnumerable<HubTreeFile> content)
    {
        files = new SortedDictionary<string, HubTreeFile>(StringComparer.Ordinal);
        root = new Folder("");
        foreach (var entry in content)
        {
            files.Add(entry.File.Path, entry);
            root.Add(entry);
        }

        root.Seal();
    }

    public IReadOnlyDictionary<string, HubTreeFile> Files => files;

    /// <summary>The git tree's SHA-1.</summary>
    public string Oid => root.Oid;

    /// <summary>The rows under a folder, folders before files, or null where there is no such folder. The root is <c>""</c>.</summary>
    public ImmutableArray<HubTreeRow>? List(string folder, bool recursive)
    {
        if (root.Find(folder) is not { } start)
            return null;
        var rows = ImmutableArray.CreateBuilder<HubTreeRow>();
        start.Collect(rows, recursive);
        return rows.ToImmutable();
    }

    /// <summary>The row of a file or folder, or null.</summary>
    public HubTreeRow? Row(string path)
    {
        if (files.TryGetValue(path, out var file))
            return Folder.FileRow(file);
        return path.Length > 0 && root.Find(path) is { } folder ? folder.Row : null;
    }

    private sealed class Folder(string path)
    {
        private readonly SortedDictionary<string, Folder> folders = new(StringComparer.Ordinal);
        private readonly List<HubTreeFile> files = [];

        public string Oid { get; private set; } = "";

        private HubCommit? LastCommit { get; set; }

        public HubTreeRow Row => new(path, Oid, File: null, LastCommit);

        public static HubTreeRow FileRow(HubTreeFile file) => new(file.File.Path, file.File.Oid, file, file.LastCommit);

        public void Add(HubTreeFile entry)
        {
            var folder = this;
            var name = entry.File.Path;
            for (var slash = name.IndexOf('/', 1); slash >= 0 && slash < name.Length - 1; slash = name.IndexOf('/', slash + 1))
                folder = folder.Child(name[..slash]);
            folder.files.Add(entry);
        }

        public Folder? Find(string wanted)
        {
            if (wanted.Length == 0)
                return this;
            var folder = this;
            for (var slash = wanted.IndexOf('/', 1); slash >= 0; slash = wanted.IndexOf('/', slash + 1))
            {
                if (!folder.folders.TryGetValue(wanted[..slash], out var next))
                    return null;
                folder = next;
            }

            return folder.folders.GetValueOrDefault(wanted);
        }

        public void Collect(ImmutableArray<HubTreeRow>.Builder rows, bool recursive)
        {
            foreach (var folder in folders.Values)
            {
                rows.Add(folder.Row);
                if (recursive)
                    folder.Collect(rows, recursive);
            }

            foreach (var file in files)
                rows.Add(FileRow(file));
        }

        public void Seal()
        {
            foreach (var folder in folders.Values)
                folder.Seal();
            files.Sort((a, b) => string.CompareOrdinal(a.File.Path, b.File.Path));
            var children = folders.Values.Select(folder => (folder.Name, IsFolder: true, folder.Oid))
                .Concat(files.Select(file => (Name: LastSegment(file.File.Path), IsFolder: false, file.File.Oid)));
            Oid = GitObjects.TreeOid(children);
            LastCommit = folders.Values.Select(folder => folder.LastCommit)
                .Concat(files.Select(file => file.LastCommit))
                .MaxBy(commit => commit?.Date);
        }

        private string Name => LastSegment(path);

        private static string LastSegment(string path) => path[(path.LastIndexOf('/') + 1)..];

        private Folder Child(string childPath)
        {
            if (!folders.TryGetValue(childPath, out var child))
                folders.Add(childPath, child = new Folder(childPath));
            return child;
        }
    }
}
