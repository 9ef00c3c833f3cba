using System.Text.Json;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>Locking transfers no weight byte, asks for nothing twice, and knows what it knew.</summary>
public sealed class LockWithoutWeightsTests : IAsyncLifetime
{
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackHub.StartAsync();
        Hub.RateLimits.Enforced = true;
    }

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Fact]
    public async Task A_model_of_140_GB_and_1100_small_files_is_locked_from_its_listing()
    {
        var repository = Hub.Add(HubFixtures.BigModel());
        using var bench = new Workbench(Hub);
        bench.Write("models.yaml", "version: 1\nmodels:\n  big: hf:example/big\n");

        (await bench.NixgenAsync("lock")).ShouldEndWith(0);
        var files = repository.Head.Tree.Files.Values.Select(entry => entry.File).ToList();
        var requests = Hub.Log.Snapshot();
        Assert.All(requests, request => Assert.True(request.Status is 200 or 307, request.ToString()));
        Assert.Empty(Hub.Log.Of(HubRequestKind.Cdn));
        Assert.Equal(2, requests.Count(request => request.Action == "tree"));
        foreach (var hop in new[] { HubRequestKind.Resolve, HubRequestKind.ResolveCache })
        {
            Assert.Equal(
                files.Where(file => !file.IsLfs).Select(file => file.Path),
                Hub.Log.Of(hop).Select(request => request.Path).Order(StringComparer.Ordinal));
        }

        Assert.Equal(files.Where(file => !file.IsLfs).Sum(file => file.Content.Size), Hub.Log.Of(HubRequestKind.ResolveCache).Sum(request => request.BytesSent));

        var locked = LockedFiles(bench, "big");
        Assert.Equal(
            files.Select(file => (file.Path, file.Content.Size, Sri(file.Content.Sha256), file.Etag)),
            locked);
        Assert.True(locked.Sum(file => file.Size) > 140_000_000_000);
    }

    [Fact]
    public async Task A_second_lock_makes_at_most_two_requests_and_changes_nothing()
    {
        Hub.Add(HubFixtures.BigModel());
        using var bench = new Workbench(Hub);
        bench.Write("models.yaml", "version: 1\nmodels:\n  big: hf:example/big\n");
        (await bench.NixgenAsync("lock")).ShouldEndWith(0);
        var before = File.GetLastWriteTimeUtc(bench.PathOf("models.lock.json"));
        Hub.Log.Clear();
        (await bench.NixgenAsync("lock")).ShouldEndWith(0);
        Assert.InRange(Hub.Log.Snapshot().Length, 0, 2);
        (await bench.NixgenAsync("lock", "--locked")).ShouldEndWith(0);
        Assert.InRange(Hub.Log.Snapshot().Length, 0, 2);
        Assert.Equal(before, File.GetLastWriteTimeUtc(bench.PathOf("models.lock.json")));
    }

    [Fact]
    public async Task An_update_without_news_costs_two_requests_and_one_with_news_fetches_only_what_is_new()
    {
        var repository = Hub.Add(HubFixtures.BigModel());
        using var bench = new Workbench(Hub);
        bench.Write("models.yaml", "version: 1\nmodels:\n  big: hf:example/big\n");
        (await bench.NixgenAsync("lock")).ShouldEndWith(0);
        Hub.Log.Clear();
        (await bench.NixgenAsync("update")).ShouldEndWith(0);
        Assert.InRange(Hub.Log.Snapshot().Length, 1, 2);

        var changed = HubFile.Text("configs/0/part 0/config-0000.json", "{\"changed\": true}\n");
        repository.Commit("Change one", [changed]);
        Hub.Log.Clear();
        (await bench.NixgenAsync("update")).ShouldEndWith(0);
        Assert.Equal([changed.Path], Hub.Log.Of(HubRequestKind.ResolveCache).Select(request => request.Path));
        Assert.Empty(Hub.Log.Of(HubRequestKind.Cdn));
        Assert.Contains((changed.Path, changed.Content.Size, Sri(changed.Content.Sha256), changed.Oid), LockedFiles(bench, "big"));
    }

    [Fact]
    public async Task A_selection_locks_what_matches_and_streams_nothing_else()
    {
        Hub.Add(HubFixtures.BigModel());
        using var bench = new Workbench(Hub);
        bench.Write("models.yaml", """
            version: 1
            models:
              some:
                source: { huggingface: { repo: example/big, files: ["*.safetensors", "notes/*"], exclude: ["int8/*", "*.hidden"] } }

            """);
        (await bench.NixgenAsync("lock")).ShouldEndWith(0);
        var locked = LockedFiles(bench, "some");
        Assert.Equal(20 + HubFixtures.AwkwardNames.Count - 1, locked.Count);
        Assert.DoesNotContain(locked, file => file.Path.StartsWith("int8/", StringComparison.Ordinal) || file.Path.EndsWith(".hidden", StringComparison.Ordinal));
        Assert.Equal(HubFixtures.AwkwardNames.Count - 1, Hub.Log.Of(HubRequestKind.ResolveCache).Length);
    }

    private static List<(string Path, long Size, string Sha256, string Blob)> LockedFiles(Workbench bench, string model)
    {
        using var document = JsonDocument.Parse(bench.Read("models.lock.json"));
        return document.RootElement.GetProperty("models").GetProperty(model).GetProperty("files").EnumerateArray()
            .Select(file => (Text(file, "path"), file.GetProperty("size").GetInt64(), Text(file, "sha256"), Text(file, "blob")))
            .ToList();
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static string Sri(string sha256) => "sha256-" + Convert.ToBase64String(Convert.FromHexString(sha256));
}
