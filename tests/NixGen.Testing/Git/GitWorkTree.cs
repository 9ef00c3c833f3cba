namespace NixGen.Testing.Git;

/// <summary>A user's clone, made by the real git with the real git-lfs. It has a home of its own.</summary>
public sealed class GitWorkTree : IDisposable
{
    private readonly TemporaryFolder root = new();
    private readonly GitRepository repository;
    private readonly string? user;
    private readonly string? password;

    internal GitWorkTree(GitRepository repository, string? user, string? password)
    {
        this.repository = repository;
        this.user = user;
        this.password = password;
    }

    /// <summary>The work tree's folder.</summary>
    public string Folder => root.At("tree");

    private string Home => root.At("home");

    /// <summary>Runs git in the work tree; it must succeed.</summary>
    public Task<string> GitAsync(params string[] arguments) => GitProgram.RunAsync(Folder, Home, arguments);

    /// <summary>Writes a file of the work tree.</summary>
    public void Write(string path, byte[] content)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full) ?? Folder);
        File.WriteAllBytes(full, content);
    }

    public byte[] Read(string path) => File.ReadAllBytes(Path.Combine(Folder, path));

    /// <summary>Commits everything, and pushes it with its Git LFS objects; gives the commit.</summary>
    public async Task<string> PushAsync(bool force = false)
    {
        await GitAsync("add", "--all");
        await GitAsync("commit", "--quiet", "--allow-empty", "--message", "Change");
        await GitAsync(["push", "--quiet", .. force ? new[] { "--force" } : [], "origin", "HEAD:main"]);
        return await GitAsync("rev-parse", "HEAD");
    }

    public void Dispose() => root.Dispose();

    internal async Task CloneAsync()
    {
        Directory.CreateDirectory(Home);
        Directory.CreateDirectory(Folder);
        await GitProgram.RunAsync(Folder, Home, "lfs", "install", "--skip-repo");
        await GitProgram.RunAsync(Folder, Home, "config", "--global", "init.defaultBranch", "main");
        if (user is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(Home, ".git-credentials"), $"http://{user}:{password}@{new Uri(repository.Url).Authority}\n");
            await GitProgram.RunAsync(Folder, Home, "config", "--global", "credential.helper", "store");
        }

        await GitProgram.RunAsync(Folder, Home, "clone", "--quiet", repository.Url, ".");
    }
}
