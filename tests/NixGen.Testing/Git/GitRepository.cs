using System.Text;

namespace NixGen.Testing.Git;

/// <summary>A bare repository of a <see cref="GitServer"/>, and a client's work tree that pushes to it.</summary>
public sealed class GitRepository
{
    private readonly GitServer server;

    internal GitRepository(GitServer server, string name, string folder)
    {
        this.server = server;
        Name = name;
        Folder = folder;
    }

    /// <summary>Its name, without <c>.git</c>.</summary>
    public string Name { get; }

    /// <summary>The bare repository's folder.</summary>
    public string Folder { get; }

    /// <summary>Its address on the server, with <c>.git</c>.</summary>
    public string Url => $"{server.Url}/{Name}.git";

    /// <summary>The same by <c>file://</c>.</summary>
    public string FileUrl => $"file://{Folder}";

    /// <summary>Runs git in the bare repository.</summary>
    public Task<string> GitAsync(params string[] arguments) => GitProgram.RunAsync(Folder, server.Root, arguments);

    /// <summary>Which commit a revision is.</summary>
    public Task<string> CommitOfAsync(string revision) => GitAsync("rev-parse", "--verify", $"{revision}^{{commit}}");

    /// <summary>Commits files on top of a branch, with git's own importer: fast, and with any name that git can hold.</summary>
    /// <returns>The commit.</returns>
    public async Task<string> ImportAsync(IEnumerable<GitEntry> entries, string branch = "main", bool replace = false)
    {
        using var stream = new MemoryStream();
        Write(stream, $"commit refs/heads/{branch}\ncommitter Somebody <somebody@example.org> 1700000000 +0000\ndata 6\nImport\n");
        if (!replace && (await GitProgram.TryAsync(Folder, server.Root, "", ["rev-parse", "--verify", "--quiet", $"refs/heads/{branch}"])).Succeeded)
            Write(stream, $"from refs/heads/{branch}^0\n");
        foreach (var entry in entries)
            entry.WriteTo(stream, this);
        Write(stream, "\ndone\n");
        var file = Path.Combine(Folder, $"import-{Guid.NewGuid():N}");
        await File.WriteAllBytesAsync(file, stream.ToArray());
        var result = await ProcessRunner.RunAsync(
            "bash", ["-c", "exec git fast-import --quiet --force --done <\"$1\"", "bash", file], [KeyValuePair.Create("GIT_DIR", (string?)Folder)]);
        File.Delete(file);
        result.OrThrow("git fast-import");
        return await CommitOfAsync(branch);
    }

    /// <summary>A work tree in which the real git and git-lfs clients work against the server.</summary>
    public async Task<GitWorkTree> CloneAsync(string? user = null, string? password = null)
    {
        var tree = new GitWorkTree(this, user, password);
        await tree.CloneAsync();
        return tree;
    }

    internal async Task InitAsync()
    {
        Directory.CreateDirectory(Folder);
        await GitAsync("init", "--quiet", "--bare", "--initial-branch=main", ".");
        await GitAsync("config", "http.receivepack", "true");
        await GitAsync("config", "uploadpack.allowFilter", "true");
    }

    private static void Write(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));
}
