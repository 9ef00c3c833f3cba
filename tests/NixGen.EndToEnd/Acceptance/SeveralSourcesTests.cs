using System.Text;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>From <c>sources</c> in a manifest to a store path that was fetched after the first source had gone.</summary>
public sealed class SeveralSourcesTests
{
    private const string Weights = "weights that outlive their first server";

    [Fact]
    public async Task A_model_is_built_when_its_first_source_is_gone()
    {
        await using var second = await LoopbackHub.StartAsync();
        Add(second, "copy/m", "mirrored/model.gguf");
        using var bench = new Workbench();
        string commit;
        await using (var first = await LoopbackHub.StartAsync())
        {
            commit = Add(first, "org/m", "model.gguf").Head.Id;
            bench.Set("HF_ENDPOINT", first.Url);
            bench.Write("models.yaml", $$"""
                version: 1
                models:
                  both: { sources: [hf:org/m, { huggingface: { repo: copy/m, endpoint: "{{second.Url}}" } }], network: { retry: { baseDelay: 0 } } }
                  alone: hf:org/m
                groups: { serving: [both, alone] }

                """);
            var locked = (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
            Assert.DoesNotContain("warning", locked.Errors, StringComparison.Ordinal);
            var nixFile = (await bench.NixgenAsync("build", "--frozen")).ShouldEndWith(0).Output;
            bench.Write("alone/models.nix", nixFile);
            (await bench.NixgenAsync("check", "--out", "out")).ShouldEndWith(0);
            (await bench.NixgenAsync("build", "--out", "out", "--locked", "--offline")).ShouldEndWith(0);
            var info = (await bench.NixgenAsync("info", "both")).ShouldEndWith(0).Output;
            Assert.Contains("also from: huggingface: copy/m, 2 of 2 different contents", info, StringComparison.Ordinal);
            // Neither was asked for the weights.
            Assert.DoesNotContain(first.Log.Snapshot().Concat(second.Log.Snapshot()), request => request.Path.EndsWith("model.gguf", StringComparison.Ordinal));
        }

        using var nix = NixSandbox.Create();
        var flake = new NixTarget.Flake($"path:{bench.PathOf("out")}#both");
        var result = (await nix.TryBuildAsync(flake)).OrThrow("nix build");
        Assert.Contains("The connection was refused", result.Errors, StringComparison.Ordinal);
        Assert.Contains("nixgen: asking the next source", result.Errors, StringComparison.Ordinal);
        var path = await nix.BuildAsync(flake);
        Assert.Equal(Weights, await File.ReadAllTextAsync(nix.Physical($"{path}/snapshots/{commit}/model.gguf")));

        // One file does what the folder does, and the content is there for the model that has one source as well.
        Assert.Equal(path, await nix.BuildAsync(new NixTarget.File(bench.PathOf("alone/models.nix"), "both")));
        await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#alone"));
        await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#serving"));
    }

    [Fact]
    public async Task Only_a_file_that_needs_it_holds_what_asks_several_sources()
    {
        using var bench = new Workbench();
        const string Mock = "{ mock: { org: example, model: tiny, files: [{ path: config.json, text: '{}' }] } }";
        bench.Write("one.yaml", $"version: 1\nmodels:\n  tiny: {{ source: {Mock} }}\n");
        bench.Write("two.yaml", $"version: 1\nmodels:\n  tiny: {{ sources: [{Mock}, {Mock.Replace("example", "copies", StringComparison.Ordinal)}] }}\n");
        Assert.DoesNotContain("are asked in turn", (await bench.NixgenAsync("build", "one.yaml")).ShouldEndWith(0).Output, StringComparison.Ordinal);
        Assert.Contains("are asked in turn", (await bench.NixgenAsync("build", "two.yaml")).ShouldEndWith(0).Output, StringComparison.Ordinal);
    }

    private static HubRepository Add(LoopbackHub hub, string id, string path)
    {
        var repository = hub.Add(new HubRepository(id));
        repository.Commit("c", [HubFile.Text("config.json", "{\"outlives\": true}\n"), HubFile.Lfs(path, Encoding.UTF8.GetBytes(Weights))]);
        return repository;
    }
}
