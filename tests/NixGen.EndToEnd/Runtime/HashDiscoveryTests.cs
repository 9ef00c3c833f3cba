using System.Text.Json.Nodes;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>A fake hash makes Nix state the right one. The fetcher leaves the verdict to Nix, and says that nothing was checked.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class HashDiscoveryTests(RuntimeNix runtime) : IAsyncLifetime
{
    private const string Fake = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LoopbackHub.StartAsync();

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Theory]
    [InlineData("", 301)]
    [InlineData(Fake, 303)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 305)]
    public async Task Of_a_tree_it_is_discovered_by_one_download(string fake, int seed)
    {
        var repository = Hub.Add(HubFixtures.TinyModel($"example/discovered-{seed}", seed));
        var refused = await runtime.TryBuildAsync(runtime.Model(Definitions.Tree(Hub, repository, "discovered", fake)));
        Assert.Contains("nixgen: DISCOVERY: the hash is a fake one", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(repository.Head.Tree.Files.Count, Hub.Log.Of(HubRequestKind.Resolve).Count(request => !request.OnCdn));
        Hub.Log.Clear();
        var corrected = (await runtime.TryBuildAsync(runtime.Model(Definitions.Tree(Hub, repository, "discovered", MockModelTests.GotHash(refused))))).OrThrow("build");
        Assert.Empty(Hub.Log.Snapshot());
        Assert.DoesNotContain("DISCOVERY", corrected.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_files_all_are_discovered_at_once_and_named()
    {
        var repository = Hub.Add(new HubRepository("example/by-file"));
        repository.Commit("c", [HubFile.Text("config.json", "{\"discovered\": 1}\n"), HubFile.Lfs("a folder/wéights 1.bin", [3, 1, 4])]);
        var definition = Definitions.HuggingFace(Hub, repository, "by-file");
        definition.Remove("locked");
        Definitions.Source(definition)["revision"] = repository.Head.Id;
        definition["fileHashes"] = new JsonObject { ["config.json"] = "", ["a folder/wéights 1.bin"] = Fake };
        var refused = await runtime.Nix.TryBuildAsync(RuntimeNix.Expression(runtime.Model(definition)), options: ["--keep-going"]);
        Assert.False(refused.Succeeded);
        Assert.DoesNotContain("✗ Error", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("-hash-of-config.json.drv", refused.Errors, StringComparison.Ordinal);
        Assert.Matches("-hash-of-w-+ights-1[.]bin[.]drv", refused.Errors);
        Assert.Contains("nixgen: NOT CHECKED: no hash of config.json is known", refused.Errors, StringComparison.Ordinal);
        Assert.All(Definitions.Files(repository), file => Assert.Contains("got:    " + Definitions.Sri(file), refused.Errors, StringComparison.Ordinal));

        definition["fileHashes"] = new JsonObject(Definitions.Files(repository).Select(file => KeyValuePair.Create(file.Path, (JsonNode?)Definitions.Sri(file))));
        var built = (await runtime.TryBuildAsync(runtime.Model(definition))).OrThrow("build");
        Assert.DoesNotContain("NOT CHECKED", built.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_locked_file_Nix_has_the_verdict()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/locked-fake", seed: 311));
        var definition = Definitions.HuggingFace(Hub, repository, "locked-fake");
        var file = definition["locked"]?["files"]?[0] ?? throw new InvalidOperationException("No file.");
        file["sha256"] = Fake;
        var refused = await runtime.TryBuildAsync(runtime.Model(definition));
        Assert.Equal(Definitions.Sri(Definitions.Files(repository).First()), MockModelTests.GotHash(refused));
        Assert.DoesNotContain("✗ Error", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_tree_the_hash_of_the_whole_vouches_for_a_file_without_one()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/one-fake", seed: 321));
        var definition = Definitions.HuggingFace(Hub, repository, "one-fake");
        var file = definition["locked"]?["files"]?[0] ?? throw new InvalidOperationException("No file.");
        file["sha256"] = "";
        definition["hash"] = "";
        var refused = await runtime.TryBuildAsync(runtime.Model(definition));
        Assert.Contains("nixgen: NOT CHECKED: no hash of .gitattributes is known", refused.Errors, StringComparison.Ordinal);
        definition["hash"] = MockModelTests.GotHash(refused);
        Hub.Log.Clear();
        await runtime.BuildAsync(runtime.Model(definition));
        Assert.Empty(Hub.Log.Snapshot());
    }
}
