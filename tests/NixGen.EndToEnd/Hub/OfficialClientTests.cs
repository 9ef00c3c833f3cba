using System.Text.Json;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Hub;

/// <summary>The official client, which knows the real Hub, finds the loopback Hub to be one.</summary>
public sealed class OfficialClientTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("nixgen-hub-").FullName;
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LoopbackHub.StartAsync();

    public async Task DisposeAsync()
    {
        await Hub.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task It_lists_more_than_a_thousand_files_over_several_pages()
    {
        var repository = Hub.Add(HubFixtures.BigModel());
        var rows = await HubClient.RunAsync("list-files.mjs", ("hubUrl", Hub.Url), ("repo", repository.Id));
        var files = rows.EnumerateArray().Where(row => row.GetProperty("type").GetString() == "file").ToList();
        Assert.Equal(
            repository.Head.Tree.Files.Values.Select(entry => (entry.File.Path, entry.File.Content.Size, entry.File.Oid, entry.File.IsLfs ? entry.File.Content.Sha256 : "")),
            files.Select(row => (Text(row, "path"), row.GetProperty("size").GetInt64(), Text(row, "oid"), row.TryGetProperty("lfs", out var lfs) ? Text(lfs, "oid") : "")).OrderBy(row => row.Item1, StringComparer.Ordinal));
        Assert.Equal(2, Hub.Log.Snapshot().Length);
    }

    [Fact]
    public async Task It_follows_the_smaller_pages_of_an_expanded_listing()
    {
        var repository = Hub.Add(HubFixtures.AwkwardModel());
        Hub.ExpandedPageSize = 10;
        var rows = await HubClient.RunAsync("list-files.mjs", ("hubUrl", Hub.Url), ("repo", repository.Id), ("expand", true));
        Assert.True(Hub.Log.Snapshot().Length > 4);
        Assert.Equal(repository.Head.Tree.List("", recursive: true)?.Length, rows.GetArrayLength());
        Assert.All(rows.EnumerateArray(), row => Assert.Equal(repository.Head.Id, row.GetProperty("lastCommit").GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("onnx/config.json")]
    [InlineData("model.safetensors")]
    [InlineData("onnx/model.safetensors")]
    public async Task It_learns_size_and_etag_of_a_file_and_downloads_it(string path)
    {
        var file = Hub.Add(HubFixtures.TinyModel()).Head.Tree.Files[path].File;
        var info = await HubClient.RunAsync("file-info.mjs", ("hubUrl", Hub.Url), ("repo", "example/tiny"), ("path", path));
        Assert.Equal(file.Content.Size, info.GetProperty("size").GetInt64());
        Assert.Equal($"\"{file.Etag}\"", Text(info, "etag"));
        Assert.Equal(file.IsLfs, info.TryGetProperty("xet", out var xet) && Text(xet, "hash") == file.XetHash);

        var content = await HubClient.RunAsync("download-file.mjs", ("hubUrl", Hub.Url), ("repo", "example/tiny"), ("path", path));
        Assert.Equal(file.Content.Size, content.GetProperty("size").GetInt64());
        Assert.Equal(file.Content.Sha256, Text(content, "sha256"));
    }

    [Fact]
    public async Task It_knows_a_missing_file_from_a_missing_repository()
    {
        Hub.Add(HubFixtures.TinyModel());
        var missing = await HubClient.RunAsync("file-info.mjs", ("hubUrl", Hub.Url), ("repo", "example/tiny"), ("path", "nope"));
        Assert.Equal(JsonValueKind.Null, missing.ValueKind);
        var refused = await Assert.ThrowsAsync<HubClientException>(() => HubClient.RunAsync("model-info.mjs", ("hubUrl", Hub.Url), ("repo", "example/nope")));
        Assert.Equal(401, refused.Status);
        Assert.Contains("Invalid username or password", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_reads_a_models_page_by_expanded_fields_and_follows_a_rename()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/tiny"));
        repository.Gate = HubGate.Manual;
        Hub.Rename("former/tiny", repository);
        var page = await HubClient.RunAsync("model-info.mjs", ("hubUrl", Hub.Url), ("repo", "former/tiny"), ("revision", "main"), ("fields", new[] { "sha", "cardData", "tags" }));
        Assert.Equal("example/tiny", Text(page, "name"));
        Assert.Equal(repository.Head.Id, Text(page, "sha"));
        Assert.Equal("manual", Text(page, "gated"));
        Assert.Equal("mit", Text(page.GetProperty("cardData"), "license"));
    }

    [Fact]
    public async Task It_asks_for_paths_and_for_the_history()
    {
        var repository = Hub.Add(HubFixtures.TinyModel());
        for (var commit = 0; commit < 5; commit++)
            repository.Commit($"change {commit}", [HubFile.Text("config.json", $"{{\"v\": {commit}}}")]);
        var paths = await HubClient.RunAsync("paths-info.mjs", ("hubUrl", Hub.Url), ("repo", "example/tiny"), ("paths", new[] { "config.json", "nope", "onnx", "model.safetensors" }), ("expand", true));
        Assert.Equal(["config.json", "onnx", "model.safetensors"], paths.EnumerateArray().Select(path => Text(path, "path")));
        Assert.Equal(repository.Head.Id, Text(paths[0].GetProperty("lastCommit"), "id"));
        Assert.Equal(repository.Head.Tree.Files["model.safetensors"].File.Content.Sha256, Text(paths[2].GetProperty("lfs"), "oid"));

        var history = await HubClient.RunAsync("list-commits.mjs", ("hubUrl", Hub.Url), ("repo", "example/tiny"), ("batchSize", 3));
        Assert.Equal(7, history.GetArrayLength());
        Assert.Equal(repository.Head.Id, Text(history[0], "oid"));
        Assert.Equal(3, Hub.Log.Snapshot().Count(request => request.Action == "commits"));
    }

    [Fact]
    public async Task It_asks_whose_token_it_is()
    {
        Hub.AddToken(new HubToken("hf_alice", "alice", HubTokenRole.Write));
        var answer = await HubClient.RunAsync("who-am-i.mjs", ("hubUrl", Hub.Url), ("accessToken", "hf_alice"));
        Assert.Equal("alice", Text(answer, "name"));
        Assert.Equal("write", Text(answer.GetProperty("auth").GetProperty("accessToken"), "role"));
        var refused = await Assert.ThrowsAsync<HubClientException>(() => HubClient.RunAsync("who-am-i.mjs", ("hubUrl", Hub.Url), ("accessToken", "hf_stale")));
        Assert.Equal(401, refused.Status);
    }

    [Theory]
    [InlineData(HubRepositoryKind.Model, "models--example--tiny")]
    [InlineData(HubRepositoryKind.Dataset, "datasets--example--tiny")]
    [InlineData(HubRepositoryKind.Space, "spaces--example--tiny")]
    public async Task It_makes_a_snapshot_with_the_hubs_cache_layout_and_reads_it_again(HubRepositoryKind kind, string cacheName)
    {
        var repository = Hub.Add(new HubRepository("example/tiny", kind));
        repository.Commit("c", HubFixtures.TinyModel().Head.Tree.Files.Values.Select(entry => entry.File));
        var snapshot = await HubClient.SnapshotAsync(Hub.Url, "example/tiny", folder, kind.ToString().ToLowerInvariant());
        Assert.Equal(Path.Combine(folder, cacheName, "snapshots", repository.Head.Id), snapshot);
        Assert.Equal(repository.Head.Id, await File.ReadAllTextAsync(Path.Combine(folder, cacheName, "refs", "main")));
        foreach (var (path, entry) in repository.Head.Tree.Files)
        {
            var link = new FileInfo(Path.Combine(snapshot, path));
            var up = string.Concat(Enumerable.Repeat("../", path.Count(character => character == '/')));
            Assert.Equal($"{up}../../blobs/{entry.File.Etag}", link.LinkTarget);
            Assert.Equal(entry.File.Content.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(link.FullName))));
        }

        var cache = await HubClient.ScanCacheAsync(folder);
        Assert.Empty(cache.Warnings);
        var found = Assert.Single(cache.Repositories);
        Assert.Equal((kind.ToString().ToLowerInvariant(), "example/tiny"), (found.Type, found.Name));
        var revision = Assert.Single(found.Revisions);
        Assert.Equal("main", Assert.Single(revision.Refs));
        Assert.Equal(repository.Head.Tree.Files.Keys.Where(path => !path.Contains('/', StringComparison.Ordinal)), revision.Files.Keys);
    }

    [Fact]
    public async Task It_passes_the_gate_with_a_token_that_never_reaches_the_cdn()
    {
        var repository = Hub.Add(HubFixtures.TinyModel());
        repository.Gate = HubGate.Auto;
        repository.GateGranted.Add("alice");
        Hub.AddToken(new HubToken("hf_alice", "alice"));
        var refused = await Assert.ThrowsAsync<HubClientException>(() => HubClient.SnapshotAsync(Hub.Url, "example/tiny", folder));
        Assert.Equal(401, refused.Status);
        Hub.Log.Clear();

        await HubClient.SnapshotAsync(Hub.Url, "example/tiny", folder, token: "hf_alice");
        Assert.All(Hub.Log.Snapshot(), request => Assert.Equal(request.OnCdn, request.Token is null));
        Assert.Equal(2, Hub.Log.Of(HubRequestKind.Cdn).Count(request => request.Method == "GET"));
    }

    [Fact]
    public async Task It_takes_a_revision_with_slashes()
    {
        var repository = Hub.Add(HubFixtures.TinyModel());
        var parent = repository.Head.Parent ?? repository.Head;
        repository.SetRef("refs/pr/1", parent);
        var snapshot = await HubClient.SnapshotAsync(Hub.Url, "example/tiny", folder, revision: "refs/pr/1");
        Assert.EndsWith(parent.Id, snapshot, StringComparison.Ordinal);
        Assert.Equal(parent.Id, await File.ReadAllTextAsync(Path.Combine(folder, "models--example--tiny", "refs", "refs", "pr", "1")));
        Assert.Equal(parent.Tree.Files.Count, Directory.GetFiles(snapshot).Length);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
