using NixGen.EndToEnd.Acceptance;
using NixGen.Testing;
using NixGen.Testing.Oci;
using Xunit;

namespace NixGen.EndToEnd.Ollama;

/// <summary>From the manifest of nixgen to a model store of Ollama, with real Nix and a real registry.</summary>
public sealed class OllamaBuildTests : IAsyncLifetime
{
    private readonly NixSandbox nix = NixSandbox.Create();
    private readonly Workbench bench = new();
    private readonly string mark = Guid.NewGuid().ToString("N");
    private DockerRegistry? registry;
    private RegistryFront? started;

    private RegistryFront Front => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        registry = await DockerRegistry.StartAsync();
        started = await RegistryFront.StartAsync(registry);
    }

    public async Task DisposeAsync()
    {
        bench.Dispose();
        nix.Dispose();
        await Front.DisposeAsync();
        if (registry is not null)
            await registry.DisposeAsync();
    }

    [Fact]
    public async Task A_model_becomes_a_store_that_Ollama_reads()
    {
        var artifact = await PushAsync(OllamaModels.Chat(mark));
        bench.Write("models.yaml", $"version: 1\ndefaults: {{ validation: none }}\nmodels:\n  chat: \"ollama:{Front.Host}/SomeOne/Tiny:Q4\"\n");
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        // What the tag leads to by then doesn't matter.
        await PushAsync(OllamaModels.Chat("newer " + mark));
        Front.ClearLog();

        var path = await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#chat"));
        var models = OllamaStore.Read(nix.Root + path, name => nix.Physical($"{path}/{name}"));
        Assert.Equal(System.Text.Encoding.UTF8.GetString(artifact.Manifest), Assert.Single(models).Value);
        Assert.Equal($"{Front.Host}/SomeOne/Tiny/Q4", models.Keys.Single());
        Assert.Equal([".nix-model-repo-meta.json", "blobs", "manifests"], Directory.GetFileSystemEntries(nix.Root + path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Front.Log, request => request.IsManifest);
        Assert.All(Front.Log.Where(request => request.IsStore), request => Assert.Null(request.Authorization));

        var raw = await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#chat.raw"));
        Assert.Equal(artifact.Layers[0].Content, await File.ReadAllBytesAsync(nix.Physical(raw + "/model.gguf")));
        Assert.Equal(artifact.Layers[5].Content, await File.ReadAllBytesAsync(nix.Physical(raw + "/license-2.txt")));
        Assert.Equal($"{Front.Host}/SomeOne/Tiny:Q4", (await nix.EvalAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#chat.ollamaName"))).GetString());
    }

    [Fact]
    public async Task One_file_gives_the_same_and_the_names_can_be_chosen()
    {
        await PushAsync(OllamaModels.Tensors(mark, 5));
        bench.Write("models.yaml", $$"""
            version: 1
            defaults: { validation: none }
            models:
              renamed:
                source: { ollama: { model: "http://{{Front.Host}}/SomeOne/Tiny", tag: Q4 } }
                integration: { ollama: { name: assistant, tag: latest, registry: registry.ollama.ai } }
              plain:
                source: { ollama: { model: SomeOne/Tiny, tag: Q4, registry: "http://{{Front.Host}}" } }
                integration: { ollama: { enable: false } }
            """);
        (await bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        var renamed = await nix.BuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "renamed"));
        Assert.Equal("registry.ollama.ai/library/assistant/latest", Assert.Single(OllamaStore.Read(nix.Root + renamed, name => nix.Physical($"{renamed}/{name}"))).Key);
        Assert.Equal("assistant:latest", (await nix.EvalAsync(new NixTarget.File(bench.PathOf("models.nix"), "renamed.ollamaName"))).GetString());
        var plain = await nix.BuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "plain"));
        Assert.True(File.Exists(nix.Physical(plain + "/tokenizer/tokenizer.json")));
        Assert.True(File.Exists(nix.Physical(plain + "/tensors/model.layers.4.self_attn.q_proj.weight.safetensors")));
        Assert.True(File.Exists(nix.Physical(plain + "/manifest.json")));

        Front.ClearLog();
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        Assert.Equal(renamed, await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#renamed")));
        Assert.Empty(Front.Log);
    }

    [Fact]
    public async Task The_whole_tree_is_one_derivation_where_its_hash_is_stated()
    {
        var artifact = await PushAsync(OllamaModels.Chat(mark));
        string Manifest(string hash) => $"version: 1\ndefaults: {{ validation: none }}\nmodels:\n  chat: {{ source: \"ollama:{Front.Host}/SomeOne/Tiny:Q4\", hash: \"{hash}\" }}\n";
        bench.Write("models.yaml", Manifest("sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        var refused = await nix.TryBuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#chat"));
        var hash = System.Text.RegularExpressions.Regex.Match(refused.Errors, "got: +(?<hash>sha256-[A-Za-z0-9+/=]+)").Groups["hash"].Value;
        Assert.NotEmpty(hash);

        bench.Write("models.yaml", Manifest(hash));
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        var path = await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#chat"));
        Assert.Equal(System.Text.Encoding.UTF8.GetString(artifact.Manifest), Assert.Single(OllamaStore.Read(nix.Root + path, name => nix.Physical($"{path}/{name}"))).Value);
    }

    [Fact]
    public async Task Prefetching_puts_all_that_a_build_needs_into_the_store()
    {
        await PushAsync(OllamaModels.Chat(mark));
        bench.Set("NIX_REMOTE", $"local?root={nix.Root}");
        bench.Set("NIX_CONFIG", "substitute = false\nbuild-users-group =\n");
        (await bench.NixgenAsync("prefetch", $"ollama:{Front.Host}/SomeOne/Tiny:Q4", "--store")).ShouldEndWith(0);
        bench.Write("models.yaml", $"version: 1\ndefaults: {{ validation: none }}\nmodels:\n  chat: \"ollama:{Front.Host}/SomeOne/Tiny:Q4\"\n");
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        Front.ClearLog();
        await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#chat"));
        Assert.Empty(Front.Log);
    }

    private async Task<OciArtifact> PushAsync(OciArtifact artifact)
    {
        using var client = new RegistryClient(Front.InnerUrl);
        await client.PushAsync("someone/tiny", "Q4", artifact);
        return artifact;
    }
}
