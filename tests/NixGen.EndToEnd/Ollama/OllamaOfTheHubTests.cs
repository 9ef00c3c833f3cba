using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using NixGen.EndToEnd.Acceptance;
using NixGen.Testing;
using NixGen.Testing.Hub;
using NixGen.Testing.Oci;
using Xunit;

namespace NixGen.EndToEnd.Ollama;

/// <summary>Model stores of Ollama, of GGUF files that no registry of Ollama's has: the loopback Hub, real Nix, and Ollama's own rules for what it reads.</summary>
public sealed class OllamaOfTheHubTests : IAsyncLifetime
{
    private readonly NixSandbox nix = NixSandbox.Create();
    private readonly string mark = Guid.NewGuid().ToString("N");
    private LoopbackHub? started;
    private Workbench? opened;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    private Workbench Bench => opened ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackHub.StartAsync();
        opened = new Workbench(Hub);
    }

    public async Task DisposeAsync()
    {
        Bench.Dispose();
        nix.Dispose();
        await Hub.DisposeAsync();
    }

    [Fact]
    public async Task A_name_of_hf_co_is_locked_from_the_Hub_and_becomes_a_store_that_Ollama_reads()
    {
        var weights = Gguf("qwen2", "weights " + mark);
        var projector = Gguf("clip", "projector " + mark);
        Add(
            HubFile.Text("README.md", "# model\n"),
            HubFile.Lfs("model-Q4_K_M.gguf", weights),
            HubFile.Lfs("model-Q8_0.gguf", Gguf("qwen2", "others " + mark)),
            HubFile.Lfs("mmproj-model-f16.gguf", projector));
        Bench.Write("models.yaml", "version: 1\nmodels:\n  chat: ollama:hf.co/org/tiny-GGUF:Q4_K_M\n  plain: { source: { huggingface: { repo: org/tiny-GGUF, files: [model-Q4_K_M.gguf] } } }\n");
        (await Bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        Assert.All(Hub.Log.Snapshot(), request => Assert.DoesNotContain("/v2/", request.Target, StringComparison.Ordinal));

        var path = await nix.BuildAsync(Model("chat"));
        var (name, manifest) = Assert.Single(OllamaStore.Read(nix.Root + path, item => nix.Physical($"{path}/{item}")));
        Assert.Equal("hf.co/org/tiny-GGUF/Q4_K_M", name);
        Assert.Equal("hf.co/org/tiny-GGUF:Q4_K_M", (await nix.EvalAsync(new NixTarget.Flake($"path:{Bench.PathOf("out")}#chat.ollamaName"))).GetString());
        Assert.Equal([".nix-model-repo-meta.json", "blobs", "manifests"], Directory.GetFileSystemEntries(nix.Root + path).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        var layers = JsonDocument.Parse(manifest).RootElement.GetProperty("layers").EnumerateArray()
            .Select(layer => (Sort: layer.GetProperty("mediaType").GetString()?.Split('.')[^1], Digest: layer.GetProperty("digest").GetString() ?? "")).ToArray();
        Assert.Equal(["model", "projector"], layers.Select(layer => layer.Sort));
        Assert.Equal(weights, await File.ReadAllBytesAsync(nix.Physical($"{path}/blobs/{layers[0].Digest.Replace(':', '-')}")));
        Assert.Equal(projector, await File.ReadAllBytesAsync(nix.Physical($"{path}/blobs/{layers[1].Digest.Replace(':', '-')}")));
        Assert.Equal("qwen2", Configuration(path, manifest).GetProperty("model_family").GetString());

        // The weights are the file that the plain model has, and each is stored once.
        var plain = await nix.BuildAsync(Model("plain"));
        Assert.Equal(
            Assert.Single(await nix.ClosureAsync(plain), item => item.Contains("-model-file-", StringComparison.Ordinal)),
            Assert.Single(await nix.ClosureAsync(path), item => item.Contains("-model-file-", StringComparison.Ordinal) && new FileInfo(nix.Physical(item)).Length == weights.Length));
    }

    [Fact]
    public async Task A_file_of_another_source_is_a_store_under_the_models_name()
    {
        Add(HubFile.Lfs("weights.gguf", Gguf("", mark)));
        Bench.Write("models.yaml", $"version: 1\nmodels:\n  assistant:\n    source: {{ url: {{ url: '{Hub.Url}/org/tiny-GGUF/resolve/main/weights.gguf' }} }}\n    integration: {{ ollama: {{ enable: true, tag: v1 }} }}\n");
        (await Bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        var path = await nix.BuildAsync(new NixTarget.File(Bench.PathOf("models.nix"), "assistant"));
        var (name, manifest) = Assert.Single(OllamaStore.Read(nix.Root + path, item => nix.Physical($"{path}/{item}")));
        Assert.Equal("registry.ollama.ai/library/assistant/v1", name);
        // A header that doesn't state its architecture first says nothing of it.
        Assert.Equal(("", 0), (Configuration(path, manifest).GetProperty("model_family").GetString(), Configuration(path, manifest).GetProperty("model_families").GetArrayLength()));
    }

    [Fact]
    public async Task What_is_no_GGUF_file_fails_the_build()
    {
        Add(HubFile.Lfs("model.gguf", Encoding.UTF8.GetBytes("<!DOCTYPE html> " + mark)));
        Bench.Write("models.yaml", "version: 1\nmodels:\n  m: ollama:hf.co/org/tiny-GGUF\n");
        (await Bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        Assert.Contains("is no GGUF file", (await nix.TryBuildAsync(Model("m"))).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ollama:hf.co/org/tiny-GGUF", 1, "NG3209", "model-Q4_K_M.gguf", "model-Q8_0.gguf")]
    [InlineData("ollama:hf.co/org/tiny-GGUF:latest", 1, "NG3209", "model-Q4_K_M.gguf", "model-Q8_0.gguf")]
    [InlineData("ollama:hf.co/org/tiny-GGUF:Q4_K_M", 1, "NG3209", "model-Q4_K_M-00001-of-00002.gguf", "model-Q4_K_M-00002-of-00002.gguf")]
    [InlineData("{ huggingface: { repo: org/tiny-GGUF } }, integration: { ollama: { enable: true } }", 1, "NG3209", "model.safetensors")]
    [InlineData("ollama:hf.co/org/tiny-GGUF:Q4_K_M, integration: { huggingface: { enable: true }, ollama: { enable: true } }", 1, "NG1215", "model-Q4_K_M.gguf")]
    [InlineData("ollama:hf.co/org/tiny-GGUF:Q4_K_M, impure: true", 1, "NG1213", "model-Q4_K_M.gguf")]
    [InlineData("{ ollama: { model: 'hf.co/org/tiny-GGUF' } }", 1, "NG3432", "model-Q4_K_M.gguf")]
    [InlineData("ollama:hf.co/org/tiny-GGUF:no/label", 1, "NG3101", "model-Q4_K_M.gguf")]
    public async Task What_Ollama_could_not_read_is_said(string source, int exitCode, string code, params string[] files)
    {
        Add([.. files.Select(file => HubFile.Lfs(file, Gguf("llama", file + mark)))]);
        Bench.Write("models.yaml", $"version: 1\nmodels:\n  m: {{ source: {source} }}\n");
        var outcome = (await Bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(exitCode);
        Assert.Contains($"[{code}]", outcome.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Bench.PathOf("models.nix")));
    }

    private void Add(params HubFile[] files) => Hub.Add(new HubRepository("org/tiny-GGUF")).Commit("one", files);

    private NixTarget.Flake Model(string name) => new($"path:{Bench.PathOf("out")}#{name}");

    private JsonElement Configuration(string path, string manifest)
    {
        var digest = JsonDocument.Parse(manifest).RootElement.GetProperty("config").GetProperty("digest").GetString() ?? "";
        return JsonDocument.Parse(File.ReadAllBytes(nix.Physical($"{path}/blobs/{digest.Replace(':', '-')}"))).RootElement;
    }

    // The head of a GGUF file of version 3 with one key, and something behind it.
    private static byte[] Gguf(string architecture, string rest)
    {
        using var file = new MemoryStream();
        void Number(ulong value, int size)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            file.Write(bytes.AsSpan(0, size));
        }

        void Text(string text)
        {
            Number((ulong)text.Length, 8);
            file.Write(Encoding.ASCII.GetBytes(text));
        }

        file.Write("GGUF"u8);
        Number(3, 4);
        Number(0, 8);
        Number(1, 8);
        Text(architecture.Length > 0 ? "general.architecture" : "general.name");
        Number(8, 4);
        Text(architecture.Length > 0 ? architecture : "$(touch /tmp/x)");
        file.Write(Encoding.UTF8.GetBytes(rest));
        return file.ToArray();
    }
}
