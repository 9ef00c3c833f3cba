using System.Security.Cryptography;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>A flake that nixgen wrote, a Hub that has its models, and a store for both.</summary>
public sealed class BuiltFlake : IAsyncLifetime
{
    private const string Manifest = """
        version: 1
        models:
          first: hf:example/first
          second:
            source: { huggingface: { repo: example/second, revision: main } }
            integration: { huggingface: { refs: [v2] } }
          data: { source: { huggingface: { repo: example/data, type: dataset, revision: refs/pr/1 } } }
          awkward: hf:example/awkward
        groups:
          all: [first, second, data, awkward]

        """;

    private LoopbackHub? started;
    private Workbench? bench;

    public LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public NixSandbox Nix { get; } = NixSandbox.Create();

    public async Task InitializeAsync()
    {
        started = await LoopbackHub.StartAsync();
        var (first, second) = HubFixtures.SharingModels();
        Hub.Add(first);
        Hub.Add(second);
        Hub.Add(HubFixtures.AwkwardModel());
        var data = Hub.Add(new HubRepository("example/data", HubRepositoryKind.Dataset));
        data.SetRef("refs/pr/1", data.Commit("c", [HubFile.Text("README.md", "# data\n"), HubFile.Lfs("train/rows.parquet", [1, 2, 3, 4, 5])]));
        // As with the largest files of the real one: no plain GET from the CDN.
        Hub.Cdn.RangeRequiredFrom = 1;
        bench = new Workbench(Hub);
        bench.Write("models.yaml", Manifest);
        (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
    }

    public async Task DisposeAsync()
    {
        await Hub.DisposeAsync();
        Nix.Dispose();
        bench?.Dispose();
    }

    public NixTarget.Flake Output(string attribute) => new($"path:{bench?.PathOf("flake")}#{attribute}");
}

/// <summary>From manifest to store: the emitted flake is built by real Nix with real curl, and an official client reads the result.</summary>
public sealed class BuiltFlakeTests(BuiltFlake built) : IClassFixture<BuiltFlake>
{
    private readonly NixSandbox nix = built.Nix;
    private readonly LoopbackHub hub = built.Hub;

    [Fact]
    public async Task The_result_is_what_the_official_client_would_have_downloaded_and_it_reads_it_offline()
    {
        var all = await nix.BuildAsync(built.Output("all"));
        var inStore = StoreView.Of(nix);
        var cache = await HubClient.ScanCacheAsync(all, inStore);
        Assert.Empty(cache.Warnings);
        Assert.Equal(
            [("dataset", "example/data"), ("model", "example/awkward"), ("model", "example/first"), ("model", "example/second")],
            cache.Repositories.Select(repository => (repository.Type, repository.Name)).Order());
        Assert.Equal(["main", "v2"], cache.Repositories.Single(repository => repository.Name == "example/second").Revisions.Single().Refs.AsEnumerable());

        foreach (var (kind, id) in new[] { (HubRepositoryKind.Model, "example/first"), (HubRepositoryKind.Model, "example/second"), (HubRepositoryKind.Model, "example/awkward"), (HubRepositoryKind.Dataset, "example/data") })
        {
            var repository = hub.Find(id, kind);
            var commit = repository.Refs.Values.First();
            var type = kind.ToString().ToLowerInvariant();
            var some = commit.Tree.Files.Values.Where((_, index) => index % 5 == 0);
            foreach (var entry in some)
            {
                var found = await HubClient.RunAsync(inStore, "cached-file.mjs", ("repo", id), ("type", type), ("commit", commit.Id), ("path", entry.File.Path), ("cacheDir", all));
                Assert.Equal($"{all}/{type}s--{id.Replace("/", "--", StringComparison.Ordinal)}/snapshots/{commit.Id}/{entry.File.Path}", found.GetString());
            }
        }
    }

    [Fact]
    public async Task The_layout_is_that_of_the_hubs_cache_link_by_link()
    {
        var repository = hub.Find("example/second");
        var path = await nix.BuildAsync(built.Output("second"));
        var top = nix.Physical(path);
        Assert.Equal(repository.Head.Id, await File.ReadAllTextAsync(Path.Combine(top, "refs", "main")));
        Assert.Equal(repository.Head.Id, await File.ReadAllTextAsync(Path.Combine(top, "refs", "v2")));
        foreach (var (name, entry) in repository.Head.Tree.Files)
        {
            var up = string.Concat(Enumerable.Repeat("../", name.Count(character => character == '/')));
            Assert.Equal($"{up}../../blobs/{entry.File.Etag}", new FileInfo(Path.Combine(top, "snapshots", repository.Head.Id, name)).LinkTarget);
            var blob = new FileInfo(Path.Combine(top, "blobs", entry.File.Etag)).LinkTarget ?? "";
            Assert.StartsWith("/nix/store/", blob, StringComparison.Ordinal);
            Assert.Equal(entry.File.Content.Sha256, Sha256(nix.Physical(blob)));
        }

        Assert.Equal(
            repository.Head.Tree.Files.Values.Select(entry => entry.File.Etag).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            Directory.EnumerateFileSystemEntries(Path.Combine(top, "blobs")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        var data = hub.Find("example/data", HubRepositoryKind.Dataset).Refs["refs/pr/1"];
        var dataset = nix.Physical(await nix.BuildAsync(built.Output("data")));
        Assert.Equal(data.Id, await File.ReadAllTextAsync(Path.Combine(dataset, "refs", "refs", "pr", "1")));
    }

    [Fact]
    public async Task Building_twice_gives_the_same_path_and_fetches_nothing_twice()
    {
        var path = await nix.BuildAsync(built.Output("all"));
        var fetched = hub.Log.Of(HubRequestKind.Resolve).Length;
        Assert.Equal(path, await nix.BuildAsync(built.Output("all")));
        Assert.Equal(fetched, hub.Log.Of(HubRequestKind.Resolve).Length);

        using var another = NixSandbox.Create();
        Assert.Equal(path, await another.BuildAsync(built.Output("all")));
    }

    [Fact]
    public async Task Models_that_share_a_file_share_its_store_path_and_each_byte_is_stored_once()
    {
        var first = await nix.ClosureAsync(await nix.BuildAsync(built.Output("first")));
        var second = await nix.ClosureAsync(await nix.BuildAsync(built.Output("second")));
        var shared = hub.Find("example/first").Head.Tree.Files.Values.Select(entry => entry.File.Content.Sha256)
            .Intersect(hub.Find("example/second").Head.Tree.Files.Values.Select(entry => entry.File.Content.Sha256), StringComparer.Ordinal).ToList();
        Assert.Equal(shared.Order(StringComparer.Ordinal), first.Intersect(second, StringComparer.Ordinal).Select(path => Sha256(nix.Physical(path))).Order(StringComparer.Ordinal));

        var closure = await nix.ClosureAsync(await nix.BuildAsync(built.Output("all")));
        var copies = closure.SelectMany(RegularFiles).GroupBy(Sha256, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var contents = Repositories().SelectMany(repository => repository.Refs.Values.First().Tree.Files.Values).Select(entry => entry.File.Content.Sha256).Distinct(StringComparer.Ordinal);
        Assert.All(contents, content => Assert.Equal(1, copies.GetValueOrDefault(content)));
    }

    private IEnumerable<HubRepository> Repositories() =>
        [hub.Find("example/first"), hub.Find("example/second"), hub.Find("example/awkward"), hub.Find("example/data", HubRepositoryKind.Dataset)];

    private IEnumerable<string> RegularFiles(string storePath)
    {
        var top = nix.Physical(storePath);
        return File.Exists(top)
            ? [top]
            : new DirectoryInfo(top).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.LinkTarget is null).Select(file => file.FullName);
    }

    private static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
