using System.Text.Json;
using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>Models that are composed of others, from the manifest to real builds: of the single file and of the flake.</summary>
public sealed class CompositionTests : IDisposable
{
    private const string Manifest = """
        version: 1
        defaults: { validation: minimal }
        models:
          llama: { source: { mock: { org: example, model: llama, files: [{ path: config.json, text: "{}" }, { path: model.bin, text: weights }] } } }
          adapter: { source: { mock: { org: example, model: adapter, files: [{ path: README.md, text: adapter }, { path: adapter.bin, text: lora }] } } }
          other: { source: { mock: { org: example, model: other, files: [{ path: model.bin, text: other }] } } }
          assistant:
            compose: { base: llama, lora: { model: adapter, into: adapters/chat } }
            meta: { description: A model of two, license: mit }
          torn: { compose: { base: llama, second: other } }
        groups: { all: [llama, adapter] }
        """;

    private readonly Workbench bench = new();
    private readonly NixSandbox nix = NixSandbox.Create();

    public void Dispose()
    {
        nix.Dispose();
        bench.Dispose();
    }

    [Fact]
    public async Task The_single_file_has_it_beside_the_models()
    {
        bench.Write("models.yaml", Manifest);
        bench.Write("models.nix", (await bench.NixgenAsync("build", "models.yaml")).ShouldEndWith(0).Output);
        var file = new NixTarget.File(bench.PathOf("models.nix"), "assistant");
        await ExpectAssistantAsync(await nix.BuildAsync(file));
        Assert.Equal("assistant-raw", (await nix.EvalAsync(file with { Attribute = "assistant.raw.name" })).GetString());
        Assert.Equal("A model of two", (await nix.EvalAsync(file with { Attribute = "assistant.meta.description" })).GetString());
        var torn = await nix.TryBuildAsync(file with { Attribute = "torn" });
        Assert.Contains("error: model.bin of second is another file than the one that is there already", torn.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_flake_has_it_among_models_and_packages()
    {
        bench.Write("models.yaml", Manifest);
        (await bench.NixgenAsync("build", "models.yaml", "--out", "flake")).ShouldEndWith(0);
        foreach (var output in (string[])["packages", "models", "rawModels"])
        {
            var path = await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("flake")}#{output}.x86_64-linux.assistant"));
            if (output != "rawModels")
                await ExpectAssistantAsync(path);
        }
    }

    [Fact]
    public async Task Commands_know_that_it_has_no_revision_of_its_own()
    {
        bench.Write("models.yaml", Manifest);
        (await bench.NixgenAsync("lock", "models.yaml")).ShouldEndWith(0);
        using var locked = JsonDocument.Parse(bench.Read("models.lock.json"));
        Assert.Equal(["adapter", "llama", "other"], locked.RootElement.GetProperty("models").EnumerateObject().Select(model => model.Name));
        Assert.Equal(
            "assistant\n  composed of other models, and not locked itself:\n  base:      llama\n  lora:      adapter in adapters/chat\n",
            (await bench.NixgenAsync("info", "assistant")).ShouldEndWith(0).Output);
        var update = (await bench.NixgenAsync("update", "assistant")).ShouldEndWith(2);
        Assert.Contains("'assistant' is composed of other models, and has no revision of its own.", update.Errors, StringComparison.Ordinal);
        Assert.Contains("Name its models: llama adapter", update.Errors, StringComparison.Ordinal);
        (await bench.NixgenAsync("lock", "models.yaml", "--locked")).ShouldEndWith(0);
    }

    private async Task ExpectAssistantAsync(string path)
    {
        Assert.Equal(
            [".nix-model-repo-meta.json", "adapters/", "adapters/chat/", "adapters/chat/README.md", "adapters/chat/adapter.bin", "config.json", "model.bin"],
            nix.Listing(path).Select(line => line.Split(" -> ")[0]));
        Assert.Equal("lora", await File.ReadAllTextAsync(nix.Physical(path + "/adapters/chat/adapter.bin")));
        using var facts = JsonDocument.Parse(await File.ReadAllTextAsync(nix.Physical(path + "/.nix-model-repo-meta.json")));
        Assert.Equal("assistant", facts.RootElement.GetProperty("name").GetString());
        var parts = facts.RootElement.GetProperty("parts");
        Assert.Equal("example/llama", parts.GetProperty("base").GetProperty("repo").GetString());
        Assert.True(parts.GetProperty("lora").TryGetProperty("validation", out _));
        Assert.All(await nix.ClosureAsync(path), entry => Assert.True(entry == path || entry.Contains("-model-file-", StringComparison.Ordinal), entry));
    }
}
