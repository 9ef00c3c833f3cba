using System.Text;
using NixGen.Diagnostics;
using NixGen.EndToEnd.Oci;
using NixGen.Lock;
using NixGen.Testing.Oci;
using Xunit;

namespace NixGen.EndToEnd.Ollama;

/// <summary>What a lock holds of a model of Ollama's, and what that cost.</summary>
public sealed class OllamaLockingTests : RegistryFixture
{
    private string Model => $"m: {{ source: {{ ollama: {{ model: \"http://{Front.Host}/SomeOne/Tiny:Q4\" }} }} }}";

    [Fact]
    public async Task A_model_is_locked_from_its_manifest_without_a_layer()
    {
        Front.ManifestType = "text/plain; charset=utf-8";
        var artifact = OllamaModels.Chat("locked");
        await PushAsync("someone/tiny", "Q4", artifact);
        var locked = (await Run.SucceedAsync(Model)).Models["m"];

        Assert.Equal(("SomeOne/Tiny", Front.Url, artifact.Digest), (locked.Resolved.Id, locked.Resolved.Endpoint, locked.Resolved.Digest));
        Assert.Equal(ContentRevision.Of(locked.Files), locked.Resolved.Revision);
        Assert.Equal(
            ["license-1.txt", "license-2.txt", "manifest.json", "model.gguf", "ollama.json", "params.json", "system.txt", "template.txt"],
            locked.Files.Select(file => file.Path));
        Assert.Equal(artifact.Layers[4].Digest, "sha256:" + locked.Files[0].Blob);
        Assert.Equal((long)artifact.Layers[4].Content.Length, locked.Files[0].Size);
        Assert.Equal(Encoding.UTF8.GetString(artifact.Manifest), locked.Files[2].Text);
        Assert.Equal([null, null, null, null, null, null, null], locked.Files.RemoveAt(2).Select(file => file.Text));

        Assert.All(Front.Log, request => Assert.True(request.IsManifest || request.Target.Contains(artifact.Config.Length == 0 ? "" : RegistryClient.DigestOf(artifact.Config)[7..], StringComparison.Ordinal), request.Target));
        Assert.Equal(artifact.Manifest.Length + artifact.Config.Length, Front.Log.Sum(request => request.BytesSent));
        Assert.Equal(await Skopeo.ManifestAsync($"{Front.Host}/someone/tiny:Q4"), locked.Files[2].Text);
    }

    [Fact]
    public async Task Several_layers_of_one_sort_are_counted()
    {
        await PushAsync("someone/tiny", "Q4", OllamaModels.Vision("several"));
        Assert.Equal(
            ["adapter.gguf", "manifest.json", "messages.json", "model-1.gguf", "model-2.gguf", "ollama.json", "projector.gguf"],
            (await Run.SucceedAsync(Model)).Models["m"].Files.Select(file => file.Path));
    }

    [Fact]
    public async Task Tensors_have_their_names()
    {
        await PushAsync("someone/tiny", "Q4", OllamaModels.Tensors("tensors", 300));
        var paths = (await Run.SucceedAsync(Model)).Models["m"].Files.Select(file => file.Path).ToList();
        Assert.Equal(304, paths.Count);
        Assert.Contains("tensors/model.layers.299.self_attn.q_proj.weight.safetensors", paths);
        Assert.Contains("config.json", paths);
        Assert.Contains("tokenizer/tokenizer.json", paths);
    }

    [Fact]
    public async Task An_update_moves_with_the_tag_and_a_lock_does_not()
    {
        await PushAsync("someone/tiny", "Q4", OllamaModels.Chat("before"));
        var before = await Run.SucceedAsync(Model);
        var after = OllamaModels.Chat("after");
        await PushAsync("someone/tiny", "Q4", after);
        Run.Keep(before);
        Front.ClearLog();
        Assert.Equal(before, await Run.SucceedAsync(Model));
        Assert.Empty(Front.Log);

        Run.Options = new() { Update = true };
        var moved = await Run.SucceedAsync(Model);
        Assert.Equal(after.Digest, moved.Models["m"].Resolved.Digest);
        Run.Keep(moved);
        Front.ClearLog();
        Assert.Equal(moved, await Run.SucceedAsync(Model));
        Assert.True(Assert.Single(Front.Log).IsManifest);
    }

    [Fact]
    public async Task The_lock_keeps_the_manifest_through_a_file()
    {
        await PushAsync("someone/tiny", "Q4", OllamaModels.Chat("\u2028 \\\" é"));
        var locked = await Run.SucceedAsync(Model);
        var diagnostics = new DiagnosticBag();
        var bytes = LockJson.Write(locked);
        Assert.Equal(locked, LockJson.Read("models.lock.json", bytes, diagnostics)?.Lock);
        Assert.Empty(diagnostics.Items);

        var changed = Encoding.UTF8.GetString(bytes).Replace("\\\"schemaVersion\\\":2", "\\\"schemaVersion\\\":3", StringComparison.Ordinal);
        LockJson.Read("models.lock.json", Encoding.UTF8.GetBytes(changed), diagnostics);
        Assert.Contains(diagnostics.Items, item => item.Message.Contains("manifest.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cloud_model_is_refused()
    {
        await PushAsync("someone/tiny", "Q4", OllamaModels.Cloud());
        var error = await Run.FailAsync("NG3431", Model);
        Assert.Contains("gpt-oss:120b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_tag_is_named()
    {
        await PushAsync("someone/tiny", "other", OllamaModels.Chat("missing"));
        var error = await Run.FailAsync("NG3450", Model);
        Assert.Contains("'Q4'", error.Message, StringComparison.Ordinal);
        Assert.Contains("MANIFEST_UNKNOWN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_is_not_the_one_its_registry_names_is_refused()
    {
        var artifact = OllamaModels.Chat("mismatch");
        Front.Answers["/v2/SomeOne/Tiny/manifests/Q4"] = new(200, artifact.Manifest) { Headers = [("Docker-Content-Digest", OllamaModels.Chat("other").Digest)] };
        var error = await Run.FailAsync("NG3453", Model);
        Assert.Equal(artifact.Digest, error.Actual);
    }

    [Fact]
    public async Task A_configuration_that_is_not_the_one_of_the_manifest_is_refused()
    {
        var artifact = OllamaModels.Chat("config mismatch");
        await PushAsync("someone/tiny", "Q4", artifact);
        Front.Replaced[RegistryClient.DigestOf(artifact.Config)] = "{\"model_format\":\"gguf\"}"u8.ToArray();
        await Run.FailAsync("NG3453", Model);
    }

    [Theory]
    [InlineData("../../../etc/passwd", "NG3127")]
    [InlineData("/etc/passwd", "NG3127")]
    [InlineData("a\\b", "NG3127")]
    [InlineData("manifest.json", "NG3128")]
    [InlineData("ollama.json", "NG3128")]
    public async Task A_hostile_name_is_refused(string name, string code)
    {
        await PushAsync("someone/tiny", "Q4", OciArtifact.Ollama("{}", OllamaModels.Layer("json", "hostile " + name) with { Name = name }));
        await Run.FailAsync(code, Model);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "not an object")]
    [InlineData("{\"schemaVersion\":1}", "'schemaVersion'")]
    [InlineData("{\"schemaVersion\":2,\"layers\":[{\"mediaType\":\"x\",\"digest\":\"sha256:12\",\"size\":1}]}", "digest")]
    [InlineData("{\"schemaVersion\":2,\"layers\":[{\"mediaType\":\"x\",\"digest\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\",\"size\":-1}]}", "size")]
    [InlineData("{\"schemaVersion\":2,\"layers\":{}}", "not a list")]
    [InlineData("{\"schemaVersion\":2}", "neither layers")]
    [InlineData("<html>", "not JSON")]
    public async Task An_odd_manifest_is_refused(string text, string words)
    {
        Front.Answers["/v2/SomeOne/Tiny/manifests/Q4"] = new(200, text);
        var error = await Run.FailAsync("NG3452", Model);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_huge_manifest_is_refused()
    {
        var layer = $"{{\"mediaType\":\"x\",\"digest\":\"sha256:{new string('0', 64)}\",\"size\":1}}";
        Front.Answers["/v2/SomeOne/Tiny/manifests/Q4"] = new(200, $"{{\"schemaVersion\":2,\"layers\":[{string.Join(',', Enumerable.Repeat(layer, 50_000))}]}}");
        var error = await Run.FailAsync("NG3452", Model);
        Assert.Contains("4194304 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_without_layers_is_refused()
    {
        await PushAsync("someone/tiny", "Q4", OciArtifact.Ollama("{\"model_format\":\"gguf\"}"));
        await Run.FailAsync("NG3433", Model);
    }
}
