using NixGen.EndToEnd.Acceptance;
using NixGen.Testing;
using NixGen.Testing.Git;
using Xunit;

namespace NixGen.EndToEnd.Git;

/// <summary>From a manifest with repositories to the built store path, with real Nix, git and curl.</summary>
public sealed class GitModelTests : IAsyncLifetime
{
    private const string Secret = "git-build-Secret42";
    private GitServer? started;

    private GitServer Server => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await GitServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Theory]
    [InlineData("git-lfs")]
    [InlineData("git-xet")]
    public async Task What_a_client_pushed_is_locked_emitted_and_built(string kind)
    {
        var repository = await Server.CreateAsync("team/pushed");
        var weights = Bytes(kind, 200_000);
        using (var writer = await repository.CloneAsync())
        {
            await writer.GitAsync("lfs", "track", "*.safetensors");
            writer.Write("bert base/model+=%ü.safetensors", weights);
            writer.Write("bert base/config.json", Bytes(kind + " config", 40));
            writer.Write("README.md", Bytes(kind + " readme", 40));
            await writer.PushAsync();
        }

        using var bench = new Workbench();
        var endpoint = kind == "git-xet" ? $", xet: {{ endpoint: \"{Server.Url}/team/pushed/lfs-api\" }}" : "";
        bench.Write("models.yaml", $"version: 1\ndefaults: {{ validation: none }}\nmodels:\n  bert:\n    source: {{ {kind}: {{ url: \"{repository.Url}\", rev: main, subdir: bert base{endpoint} }} }}\n");
        (await bench.NixgenAsync("lock")).ShouldEndWith(0);
        Assert.Empty(Server.Log.Of(GitRequestKind.Storage).Where(request => request.Method == "GET"));
        (await bench.NixgenAsync("build", "models.yaml", "-o", "models.nix")).ShouldEndWith(0);

        using var nix = NixSandbox.Create();
        var built = await nix.BuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "bert"));
        Assert.Equal(weights, await File.ReadAllBytesAsync(nix.Physical($"{built}/model+=%ü.safetensors")));
        Assert.Equal(Bytes(kind + " config", 40), await File.ReadAllBytesAsync(nix.Physical($"{built}/config.json")));
        Assert.DoesNotContain(nix.Listing(built), line => line.Contains("README", StringComparison.Ordinal));

        // The flake has the same model, and nothing is fetched again.
        Server.Log.Clear();
        (await bench.NixgenAsync("build", "models.yaml", "--out", "flake")).ShouldEndWith(0);
        Assert.Equal(built, await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("flake")}#bert")));
        Assert.Empty(Server.Log.Snapshot());
    }

    [Fact]
    public async Task A_private_repository_is_built_with_a_token_that_is_in_no_file()
    {
        var repository = await Server.CreateAsync("private");
        await repository.ImportAsync([GitEntry.Lfs("w.bin", Bytes("private weights", 1_000)), GitEntry.File("c.json", Bytes("private config", 50))]);
        Server.Login = new GitLogin("x-access-token", Secret);
        using var bench = new Workbench();
        bench.Set("MODEL_TOKEN", Secret);
        bench.Write("models.yaml", $"version: 1\nmodels:\n  m:\n    source: {{ git-lfs: {{ url: \"{repository.Url}\", rev: main }} }}\n    auth: {{ tokenEnvVar: MODEL_TOKEN, required: true }}\n");
        (await bench.NixgenAsync("build", "models.yaml", "-o", "models.nix")).ShouldEndWith(0);
        using var nix = NixSandbox.Create();
        var target = new NixTarget.File(bench.PathOf("models.nix"), "m");
        var refused = await nix.TryBuildAsync(target);
        Assert.Contains("There is no token", refused.Errors, StringComparison.Ordinal);
        (await nix.TryBuildAsync(target, new Dictionary<string, string> { ["MODEL_TOKEN"] = Secret })).OrThrow("build");
        Assert.All(Server.Log.Of(GitRequestKind.Storage), request => Assert.DoesNotContain("Basic", request.Authorization, StringComparison.Ordinal));
        foreach (var place in new[] { nix.Root, bench.Folder })
        {
            var found = await ProcessRunner.RunAsync("grep", ["-rlF", "--", Secret, place]);
            Assert.Equal((1, ""), (found.ExitCode, found.Output));
        }
    }

    [Fact]
    public async Task A_tree_by_its_hash_is_one_derivation()
    {
        var repository = await Server.CreateAsync("tree");
        GitEntry[] files = [GitEntry.Lfs("deep/w.bin", Bytes("tree weights", 1_000)), .. Enumerable.Range(0, 60).Select(index => GitEntry.File($"c/{index}", Bytes($"tree {index}", 30)))];
        await repository.ImportAsync(files);
        using var bench = new Workbench();
        foreach (var file in files)
        {
            bench.Write("expected/" + file.Path, "");
            await File.WriteAllBytesAsync(bench.PathOf("expected/" + file.Path), file.Content);
        }

        var hash = (await bench.NixgenAsync("hash", "expected")).ShouldEndWith(0).Output.Trim().Split('\n')[0].Split(' ')[^1];
        bench.Write("models.yaml", $"version: 1\nmodels:\n  m:\n    source: {{ git-lfs: {{ url: \"{repository.Url}\", rev: main }} }}\n    hash: {hash}\n");
        (await bench.NixgenAsync("build", "models.yaml", "-o", "models.nix")).ShouldEndWith(0);
        Server.Log.Clear();
        using var nix = NixSandbox.Create();
        var built = await nix.BuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "m"));
        Assert.All(files, file => Assert.Equal(file.Content, File.ReadAllBytes(nix.Physical($"{built}/{file.Path}"))));
        Assert.InRange(Server.Log.Of(GitRequestKind.Git).Length, 1, 4);
    }

    [Fact]
    public async Task The_same_weights_from_two_repositories_are_one_store_path()
    {
        var weights = Bytes("shared by repositories", 5_000);
        var one = await Server.CreateAsync("one");
        var two = await Server.CreateAsync("two");
        await one.ImportAsync([GitEntry.Lfs("a/w.bin", weights)]);
        await two.ImportAsync([GitEntry.File("plain", weights)]);
        using var bench = new Workbench();
        bench.Write("models.yaml", $"version: 1\nmodels:\n  one: git+{one.Url}\n  two: git+{two.Url}\n");
        (await bench.NixgenAsync("build", "models.yaml", "-o", "models.nix")).ShouldEndWith(0);
        using var nix = NixSandbox.Create();
        var first = await nix.BuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "one"));
        Server.Log.Clear();
        var second = await nix.BuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "two"));
        Assert.Empty(Server.Log.Snapshot());
        Assert.Equal(nix.Physical($"{first}/a/w.bin"), nix.Physical($"{second}/plain"));
    }

    [Fact]
    public async Task Hashes_stated_by_hand_do_without_a_lock()
    {
        var repository = await Server.CreateAsync("by-hand");
        var file = GitEntry.Lfs("w.bin", Bytes("by hand", 700));
        var plain = GitEntry.File("c.txt", Bytes("by hand too", 70));
        var commit = await repository.ImportAsync([file, plain]);
        using var nix = NixSandbox.Create();
        var built = await nix.BuildAsync(Runtime.RuntimeNix.Expression($$"""
            runtime.fetchModel pkgs {
              name = "by-hand";
              source.git-lfs = { url = "{{repository.Url}}"; rev = "{{commit}}"; };
              fileHashes = { "w.bin" = "{{file.Sha256}}"; "c.txt" = "{{plain.Sha256}}"; };
            }
            """));
        Assert.Equal(file.Content, await File.ReadAllBytesAsync(nix.Physical($"{built}/w.bin")));
        Assert.Equal(plain.Content, await File.ReadAllBytesAsync(nix.Physical($"{built}/c.txt")));
    }

    [Fact]
    public async Task A_file_can_be_put_into_the_store_before()
    {
        var repository = await Server.CreateAsync("prefetched");
        await repository.ImportAsync([GitEntry.Lfs("w.bin", Bytes("prefetched", 600)), GitEntry.File("c.txt", Bytes("prefetched text", 60))]);
        using var bench = new Workbench();
        var shown = (await bench.NixgenAsync("prefetch", "git+" + repository.Url)).ShouldEndWith(0).Output;
        Assert.Contains(await repository.CommitOfAsync("main"), shown, StringComparison.Ordinal);
        Assert.Contains("w.bin", shown, StringComparison.Ordinal);

        using var nix = NixSandbox.Create();
        bench.Set("NIX_REMOTE", $"local?root={nix.Root}");
        bench.Set("NIX_CONFIG", "substitute = false\nbuild-users-group =\n");
        (await bench.NixgenAsync("prefetch", "git+" + repository.Url, "--store")).ShouldEndWith(0);
        bench.Write("models.yaml", $"version: 1\nmodels:\n  m: git+{repository.Url}\n");
        (await bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        Server.Log.Clear();
        var built = await nix.BuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "m"));
        Assert.Empty(Server.Log.Snapshot());
        Assert.Equal(Bytes("prefetched", 600), await File.ReadAllBytesAsync(nix.Physical($"{built}/w.bin")));
    }

    [Fact]
    public async Task Xet_storage_on_another_host_is_asked_as_anybody()
    {
        await using var storage = await GitServer.StartAsync();
        var weights = Bytes("kept elsewhere", 900);
        var repository = await Server.CreateAsync("pointers");
        await repository.ImportAsync([GitEntry.Lfs("w.bin", weights, isStored: false), GitEntry.File("c.txt", Bytes("pointers", 60))]);
        await (await storage.CreateAsync("objects")).ImportAsync([GitEntry.Lfs("w.bin", weights)]);
        Server.Login = new GitLogin("x-access-token", Secret);
        using var bench = new Workbench();
        bench.Set("MODEL_TOKEN", Secret);
        bench.Write("models.yaml", $"version: 1\nmodels:\n  m:\n    source: {{ git-xet: {{ url: \"{repository.Url}\", rev: main, xet: {{ endpoint: \"{storage.Url}/objects/lfs-api\" }} }} }}\n    auth: {{ tokenEnvVar: MODEL_TOKEN }}\n");
        (await bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        using var nix = NixSandbox.Create();
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["MODEL_TOKEN"] = Secret };
        (await nix.TryBuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "m"), variables)).OrThrow("build");
        var built = await nix.BuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "m"));
        Assert.Equal(weights, await File.ReadAllBytesAsync(nix.Physical($"{built}/w.bin")));
        Assert.Contains(storage.Log.Snapshot(), request => request.Kind == GitRequestKind.Batch);
        Assert.All(storage.Log.Of(GitRequestKind.Batch), request => Assert.Null(request.Authorization));
        Assert.DoesNotContain(storage.Log.Snapshot(), request => request.Authorization?.Contains("Basic", StringComparison.Ordinal) == true);
        Assert.Empty(Server.Log.Of(GitRequestKind.Storage));
    }

    private static byte[] Bytes(string text, int length) =>
        System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text + "|", (length / (text.Length + 1)) + 1))[..length]);
}
