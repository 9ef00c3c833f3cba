using System.Text.Json.Nodes;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>A model whose whole tree has one hash is one fixed-output derivation.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class TreeHashTests(RuntimeNix runtime) : IAsyncLifetime
{
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LoopbackHub.StartAsync();

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Fact]
    public async Task A_wrong_hash_is_corrected_without_a_second_download()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/entire", seed: 101));
        var refused = await runtime.TryBuildAsync(runtime.Model(Definitions.Tree(Hub, repository, "tree", "")));
        var hash = MockModelTests.GotHash(refused);
        Hub.Log.Clear();
        var path = await runtime.BuildAsync(runtime.Model(Definitions.Tree(Hub, repository, "tree", hash)));
        Assert.Empty(Hub.Log.Snapshot());
        foreach (var file in Definitions.Files(repository))
            Assert.Equal(((HubContent.InMemory)file.Content).Bytes, await File.ReadAllBytesAsync(runtime.Nix.Physical($"{path}/snapshots/{repository.Head.Id}/{file.Path}")));
        Assert.Contains("blobs/", runtime.Nix.Listing(path));
    }

    [Fact]
    public async Task With_a_lock_the_blobs_have_the_Hubs_names_and_nothing_is_listed()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/locked-tree", seed: 111));
        var definition = Definitions.HuggingFace(Hub, repository, "locked-tree");
        definition["hash"] = "";
        definition["hash"] = MockModelTests.GotHash(await runtime.TryBuildAsync(runtime.Model(definition)));
        var path = await runtime.BuildAsync(runtime.Model(definition));
        Assert.Empty(Hub.Log.Of(HubRequestKind.Api));
        var raw = (await runtime.EvalAsync($"({runtime.Model(definition)}).raw.outPath")).GetString();
        Assert.All(Definitions.Files(repository), file => Assert.Contains($"blobs/{file.Etag} -> {raw}/{file.Path}", runtime.Nix.Listing(path)));
        // Both ways to state a tree give the same one.
        Assert.Equal(raw, (await runtime.EvalAsync($"({runtime.Model(Definitions.Tree(Hub, repository, "locked-tree", definition["hash"]?.GetValue<string>() ?? ""))}).raw.outPath")).GetString());
    }

    [Fact]
    public async Task Patterns_select_what_is_listed()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/part", seed: 121));
        var definition = Definitions.Tree(Hub, repository, "part", "");
        Definitions.Source(definition)["files"] = new JsonArray("*.json");
        Definitions.Source(definition)["exclude"] = new JsonArray("onnx/*");
        definition["hash"] = MockModelTests.GotHash(await runtime.TryBuildAsync(runtime.Model(definition)));
        var raw = await runtime.BuildAsync($"({runtime.Model(definition)}).raw");
        Assert.Equal(["config.json", "tokenizer.json", "tokenizer_config.json"], runtime.Nix.Listing(raw));
    }

    [Fact]
    public async Task A_hash_that_a_newer_lock_left_behind_is_noticed()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/moved", seed: 131));
        var definition = Definitions.HuggingFace(Hub, repository, "moved");
        definition["hash"] = "";
        definition["hash"] = MockModelTests.GotHash(await runtime.TryBuildAsync(runtime.Model(definition)));
        await runtime.BuildAsync(runtime.Model(definition));
        repository.Commit("More", [HubFile.Text("config.json", "{\"new\": true}\n")]);
        definition["locked"] = Definitions.Locked(Hub, repository);
        var refused = await runtime.TryBuildAsync(runtime.Model(definition));
        Assert.Contains("hash mismatch in fixed-output derivation", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_names_other_files_than_the_tree_has_is_noticed()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/differs", seed: 141));
        var definition = Definitions.HuggingFace(Hub, repository, "differs");
        definition["hash"] = "";
        definition["hash"] = MockModelTests.GotHash(await runtime.TryBuildAsync(runtime.Model(definition)));
        await runtime.BuildAsync($"({runtime.Model(definition)}).raw");
        definition["locked"]?["files"]?.AsArray().Add(new JsonObject
        {
            ["path"] = "zzz",
            ["size"] = 0,
            ["sha256"] = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            ["blob"] = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        });
        var refused = await runtime.TryBuildAsync(runtime.Model(definition));
        Assert.Contains("leads nowhere: the hash of the tree and the list of its files disagree", refused.Errors, StringComparison.Ordinal);
    }
}
