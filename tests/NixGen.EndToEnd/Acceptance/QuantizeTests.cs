using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>Models quantized by llama.cpp's own library, from the manifest to sandboxed builds. Its converter is a stand-in with the same arguments.</summary>
public sealed class QuantizeTests(QuantizedModels models) : IClassFixture<QuantizedModels>
{
    [Theory]
    [InlineData("bits", "tiny-Q4_K_M.gguf", 152832)]
    [InlineData("typed", "tiny-Q8_0.gguf", 219328)]
    [InlineData("parts", "deep/tiny-Q4_K_M.gguf", 152832)]
    [InlineData("converted", "converted-Q4_K_M.gguf", 152832)]
    public async Task Weights_have_fewer_bits_and_everything_else_is_a_link(string model, string file, long size)
    {
        var path = await models.Nix.BuildAsync(models.Of(model));
        var listing = models.Nix.Listing(path).Where(line => !line.EndsWith('/')).ToList();
        Assert.Equal(
            [".nix-model-repo-meta.json", "README.md", "config.json", file],
            listing.Select(line => line.Split(" -> ")[0]).Order(StringComparer.Ordinal));
        var transformed = models.Nix.Listing(await models.Nix.BuildAsync(models.Of(model + ".transformed")));
        Assert.Contains("-model-file-", transformed.Single(line => line.StartsWith("config.json", StringComparison.Ordinal)), StringComparison.Ordinal);
        var weights = await File.ReadAllBytesAsync(models.Nix.Physical(path + "/" + file));
        Assert.Equal("GGUF", Encoding.ASCII.GetString(weights.AsSpan(0, 4)));
        Assert.Equal(size, weights.Length);
        // The weights as they were are not kept.
        var closure = await models.Nix.ClosureAsync(path);
        Assert.DoesNotContain(closure, entry => entry.EndsWith("-raw", StringComparison.Ordinal) || entry.EndsWith("-validated", StringComparison.Ordinal));
        Assert.True(closure.Count(entry => entry.Contains("-model-file-", StringComparison.Ordinal)) <= 2);
    }

    [Fact]
    public async Task A_second_build_gives_the_same_bytes()
    {
        await models.Nix.BuildAsync(models.Of("bits"));
        (await models.Nix.TryBuildAsync(models.Of("bits.transformed"), options: ["--rebuild"])).OrThrow("nix build --rebuild");
    }

    [Fact]
    public async Task With_a_hash_it_is_fixed_to_that_and_holds_real_files()
    {
        var path = await models.Nix.BuildAsync(models.Of("fixed.transformed"));
        Assert.Equal([path], await models.Nix.ClosureAsync(path));
        Assert.Equal(["README.md", "config.json", "tiny-Q4_K_M.gguf"], models.Nix.Listing(path));
    }

    [Fact]
    public async Task The_original_is_kept_as_links()
    {
        var path = await models.Nix.BuildAsync(models.Of("kept.transformed"));
        var listing = models.Nix.Listing(path);
        Assert.Contains("tiny-Q4_K_M.gguf", listing.Select(line => line.Split('/')[0].Split(" -> ")[0]));
        Assert.Contains(listing, line => line.StartsWith("unquantized/tiny.F16.gguf -> /nix/store/", StringComparison.Ordinal) && line.Contains("-model-file-", StringComparison.Ordinal));
        Assert.Contains(listing, line => line.StartsWith("unquantized/config.json -> ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_done_stands_in_the_metadata_and_in_the_chain()
    {
        var path = await models.Nix.BuildAsync(models.Of("bits"));
        using var facts = JsonDocument.Parse(await File.ReadAllTextAsync(models.Nix.Physical(path + "/.nix-model-repo-meta.json")));
        Assert.Equal("""{"bits":4,"method":"gguf"}""", facts.RootElement.GetProperty("quantize").GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        Assert.Equal("bits-Q4_K_M", (await models.Nix.EvalAsync(models.Of("bits.transformed.name"))).GetString());
    }

    [Fact]
    public async Task It_lies_in_the_Hubs_cache_where_that_is_asked_for()
    {
        var path = await models.Nix.BuildAsync(models.Of("hub"));
        Assert.Contains(models.Nix.Listing(path), line => line.StartsWith("snapshots/", StringComparison.Ordinal) && line.Contains("/tiny-Q4_K_M.gguf -> ", StringComparison.Ordinal));
        Assert.Contains("models--example--f16/", models.Nix.Listing(await models.Nix.BuildAsync(models.Of("cache"))).Select(line => line.Replace(" -> ", "/", StringComparison.Ordinal).Split('/')[0] + "/"));
    }

    [Fact]
    public async Task Projectors_of_images_stay_as_they_are()
    {
        var path = await models.Nix.BuildAsync(models.Of("vision"));
        Assert.Contains(models.Nix.Listing(path), line => line.StartsWith("mmproj-tiny-f16.gguf -> ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_methods_are_a_script_of_the_users()
    {
        var path = await models.Nix.BuildAsync(models.Of("script"));
        Assert.Equal("awq 4 script\n", await File.ReadAllTextAsync(models.Nix.Physical(path + "/model.safetensors")));
        Assert.Contains(models.Nix.Listing(path), line => line.StartsWith("unquantized/model.safetensors -> ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("several", "several files of several would become tiny-Q4_K_M.gguf: choose one of them (gguf, files)")]
    [InlineData("again", "requantizing from type q6_K is disabled|llama-quantize made no Q8_0 of tiny")]
    [InlineData("without", "without has no GGUF file that could be quantized")]
    public async Task What_cannot_be_quantized_is_said(string model, string words)
    {
        var refused = await models.Nix.TryBuildAsync(models.Of(model));
        Assert.False(refused.Succeeded);
        Assert.All(words.Split('|'), part => Assert.Contains(part, refused.Errors, StringComparison.Ordinal));
    }
}

/// <summary>The models on a loopback Hub, locked and emitted once, with a <c>llama-cpp</c> in place of nixpkgs'.</summary>
public sealed class QuantizedModels : IAsyncLifetime
{
    private readonly Workbench bench = new();
    private LoopbackHub? hub;

    public NixSandbox Nix { get; } = NixSandbox.Create();

    public NixTarget Of(string attribute)
    {
        var libraries = Path.Combine(AppContext.BaseDirectory, "llama", RuntimeInformation.ProcessArchitecture.ToString());
        return new NixTarget.Expression($$"""
            let
              pkgs = import {{Checkout.StubNixpkgs}} { };
              llama-cpp = pkgs.writeShellScriptBin "llama-quantize" ''
                LLAMA={{"${" + libraries + "}"}} exec ${pkgs.python3}/bin/python3 -B {{"${" + Checkout.At("tests", "llama-quantize", "llama-quantize.py") + "}"}} "$@"
              '';
              converter = pkgs.runCommand "llama-src" { } ''
                mkdir "$out"
                cp {{"${" + Checkout.At("tests", "llama-quantize", "convert.py") + "}"}} "$out/convert_hf_to_gguf.py"
                cp {{"${" + Checkout.At("tests", "llama-quantize", "model.py") + "}"}} "$out/model.py"
              '';
              models = import {{bench.PathOf("models.nix")}} {
                pkgs = pkgs.extend (
                  _: previous: {
                    llama-cpp = llama-cpp // { src = converter; };
                    python3 = previous.python3 // { withPackages = _: previous.python3; };
                  }
                );
              };
            in
            models.{{attribute}}
            """);
    }

    public async Task InitializeAsync()
    {
        hub = await LoopbackHub.StartAsync();
        bench.Set("HF_ENDPOINT", hub.Url);
        var whole = await ModelAsync(1);
        Add("f16", ("tiny.F16.gguf", whole[0]));
        Add("parts", ("deep/tiny-BF16-00001-of-00002.gguf", (await ModelAsync(2))[0]), ("deep/tiny-BF16-00002-of-00002.gguf", (await ModelAsync(2))[1]));
        Add("hf", ("model.safetensors", Encoding.UTF8.GetBytes("weights")));
        Add("several", ("tiny.F16.gguf", whole[0]), ("tiny-bf16.gguf", whole[0]));
        Add("vision", ("tiny.F16.gguf", whole[0]), ("mmproj-tiny-f16.gguf", whole[0]));
        bench.Write("models.yaml", """
            version: 1
            defaults: { validation: none, quantize: { method: gguf } }
            models:
              bits: { source: "hf:example/f16@main", quantize: { bits: 4 } }
              typed: { source: "hf:example/f16@main", quantize: { type: Q8_0 } }
              parts: { source: "hf:example/parts@main", quantize: { bits: 4 } }
              converted: { source: "hf:example/hf@main", quantize: { bits: 4 } }
              without: { source: "hf:example/hf@main", quantize: { bits: 4, convert: false } }
              fixed: { source: "hf:example/f16@main", quantize: { bits: 4, outputHash: "sha256-7qcOshmKW8RX6hppil/ps4yw8IDUaSZ/tdO0Hy7XE5s=" } }
              kept: { source: "hf:example/f16@main", quantize: { bits: 4, keepOriginal: true } }
              hub: { source: "hf:example/f16@main", quantize: { bits: 4 }, integration: { huggingface: { enable: true } } }
              vision: { source: "hf:example/vision@main", quantize: { bits: 4 } }
              several: { source: "hf:example/several@main", quantize: { bits: 4 } }
              again:
                source: "hf:example/f16@main"
                transform: { steps: [{ name: first, script: 'mkdir "$out"; llama-quantize "$src/tiny.F16.gguf" "$out/tiny.gguf" Q6_K', buildInputs: [llama-cpp] }] }
                quantize: { type: Q8_0 }
              script: { source: "hf:example/hf@main", quantize: { method: awq, bits: 4, keepOriginal: true, script: 'mkdir "$out"; echo "$QUANTIZE_METHOD $QUANTIZE_BITS $MODEL_NAME" >"$out/model.safetensors"' } }
            groups: { cache: [hub] }
            """);
        bench.Write("models.nix", (await bench.NixgenAsync("build", "models.yaml")).ShouldEndWith(0).Output);
    }

    public async Task DisposeAsync()
    {
        Nix.Dispose();
        bench.Dispose();
        if (hub is not null)
            await hub.DisposeAsync();
    }

    private void Add(string name, params (string Path, byte[] Content)[] files)
    {
        var repository = new HubRepository($"example/{name}") { License = "mit" };
        repository.Commit(
            "Add the model",
            [.. files.Select(file => HubFile.Lfs(file.Path, file.Content)), HubFile.Text("config.json", "{}\n"), HubFile.Text("README.md", "# model\n")]);
        hub?.Add(repository);
    }

    private static async Task<byte[][]> ModelAsync(int parts)
    {
        using var folder = new TemporaryFolder();
        (await ProcessRunner.RunAsync("python3", ["-B", Checkout.At("tests", "llama-quantize", "model.py"), folder.At("m.gguf"), $"{parts}"])).OrThrow("model.py");
        return [.. Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }
}
