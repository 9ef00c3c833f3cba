using NixGen.Lock;
using NixGen.Testing.Oci;
using Xunit;

namespace NixGen.EndToEnd.Oci;

/// <summary>What a lock holds of an artifact, and what that cost.</summary>
public sealed class OciLockingTests : RegistryFixture
{
    private const string Empty = "application/vnd.oci.empty.v1+json";

    private string Model => $"m: \"oci://{Front.Host}/org/model:v1\"";

    [Fact]
    public async Task An_artifact_is_locked_from_its_manifest_without_a_layer()
    {
        var artifact = OciArtifact.Oci(
            Empty,
            "{}",
            [
                new OciLayer("application/octet-stream", "weights of oras").Titled("weights/model.safetensors"),
                new OciLayer("application/vnd.cncf.model.weight.config.v1.raw", "{ }").Annotated("org.cncf.model.filepath", "config.json").Titled("other.json"),
            ],
            "application/vnd.cncf.model.manifest.v1+json",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["org.opencontainers.image.licenses"] = "Apache-2.0" });
        var digest = await PushAsync("org/model", "v1", artifact);
        var locked = (await Run.SucceedAsync(Model)).Models["m"];

        Assert.Equal(("org/model", Front.Url, digest, "Apache-2.0"), (locked.Resolved.Id, locked.Resolved.Endpoint, locked.Resolved.Digest, locked.Resolved.License));
        Assert.Equal(ContentRevision.Of(locked.Files), locked.Resolved.Revision);
        Assert.Equal(["config.json", "weights/model.safetensors"], locked.Files.Select(file => file.Path));
        Assert.Equal(artifact.Layers[0].Digest, "sha256:" + locked.Files[1].Blob);
        Assert.Equal([null, null], locked.Files.Select(file => file.Object));
        Assert.True(Assert.Single(Front.Log).IsManifest);
        Assert.Equal(artifact.Manifest.Length, Front.Log[0].BytesSent);

        Front.ClearLog();
        var pinned = (await Run.SucceedAsync($"m: \"oci://{Front.Host}/org/model@{digest}\"")).Models["m"];
        Assert.True(locked.Files.SequenceEqual(pinned.Files));
        Assert.EndsWith(digest, Assert.Single(Front.Log).Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_without_names_are_called_as_Docker_calls_them()
    {
        await PushAsync("org/model", "v1", OciArtifact.Oci(
            "application/vnd.docker.ai.model.config.v0.1+json",
            "{}",
            [
                new OciLayer("application/vnd.docker.ai.gguf.v3", "one"),
                new OciLayer("application/vnd.docker.ai.gguf.v3", "two"),
                new OciLayer("application/vnd.docker.ai.mmproj", "three"),
                new OciLayer("application/vnd.docker.ai.license", "four"),
                new OciLayer("application/vnd.docker.ai.chat.template.jinja", "five"),
                new OciLayer("application/x-unknown", "six"),
            ]));
        var paths = (await Run.SucceedAsync(Model)).Models["m"].Files.Select(file => file.Path);
        Assert.Equal(["LICENSE", "chat_template.jinja", "mmproj.gguf", "model-00001-of-00002.gguf", "model-00002-of-00002.gguf"], paths.Where(path => !path.StartsWith("layer-", StringComparison.Ordinal)));
        Assert.Single(paths, path => path.StartsWith("layer-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Archives_are_known_by_their_types()
    {
        await PushAsync("org/model", "v1", OciArtifact.Oci(
            "application/vnd.kitops.modelkit.config.v1+json",
            "{}",
            [new OciLayer("application/vnd.kitops.modelkit.model.v1.tar", "not looked at"), new OciLayer("application/vnd.cncf.model.doc.v1.tar+gzip", "either")]));
        var files = (await Run.SucceedAsync(Model)).Models["m"].Files;
        Assert.Equal([".tar", ".tar.gz"], files.Select(file => file.Path[".archives/0123456789ab".Length..]).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.NotNull(file.Object));
    }

    [Fact]
    public async Task Patterns_choose_among_the_files()
    {
        await PushAsync("org/model", "v1", OciArtifact.Oci(Empty, "{}", [new OciLayer("a/b", "1").Titled("a.gguf"), new OciLayer("a/b", "2").Titled("b.md")]));
        var model = $"m: {{ source: {{ oci: {{ image: \"{Front.Host}/org/model:v1\", files: [\"*.gguf\"] }} }} }}";
        Assert.Equal("a.gguf", Assert.Single((await Run.SucceedAsync(model)).Models["m"].Files).Path);
        await Run.FailAsync("NG3129", model.Replace("*.gguf", "*.bin", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../../etc/passwd", "NG3127")]
    [InlineData("/etc/passwd", "NG3127")]
    [InlineData("a\nb", "NG3127")]
    [InlineData("second", "NG3128")]
    [InlineData("second/first", "NG3128")]
    public async Task A_hostile_annotation_is_refused(string title, string code)
    {
        await PushAsync("org/model", "v1", OciArtifact.Oci(Empty, "{}", [new OciLayer("a/b", "1").Titled(title), new OciLayer("a/b", "2").Titled("second")]));
        await Run.FailAsync(code, Model);
    }

    [Fact]
    public async Task An_index_of_one_is_followed_and_one_of_several_is_not()
    {
        var artifact = OciArtifact.Oci(Empty, "{}", [new OciLayer("a/b", "inner").Titled("model.gguf")]);
        var digest = await PushAsync("org/model", "inner", artifact);
        string Entry(string annotations) => $$"""{"mediaType":"{{OciArtifact.OciManifest}}","digest":"{{digest}}","size":{{artifact.Manifest.Length}}{{annotations}}}""";
        var attestation = Entry(""","annotations":{"vnd.docker.reference.type":"attestation-manifest"}""");
        await PushIndexAsync($"{Entry("")},{attestation}");
        var locked = (await Run.SucceedAsync(Model)).Models["m"];
        Assert.Equal((digest, "model.gguf"), (locked.Resolved.Digest, Assert.Single(locked.Files).Path));

        await PushIndexAsync($"{Entry("")},{Entry("")}");
        var error = await Run.FailAsync("NG3460", Model);
        Assert.Contains($"/org/model@{digest}", error.Help, StringComparison.Ordinal);
        await PushIndexAsync(attestation);
        await Run.FailAsync("NG3460", Model);
    }

    [Fact]
    public async Task A_container_and_an_empty_artifact_are_refused()
    {
        await PushAsync("org/model", "v1", OciArtifact.Oci("application/vnd.oci.image.config.v1+json", "{}", [new OciLayer("application/vnd.oci.image.layer.v1.tar+gzip", "root")]));
        await Run.FailAsync("NG3461", Model);
        await PushAsync("org/model", "v1", OciArtifact.Oci(Empty, "{}", []));
        await Run.FailAsync("NG3462", Model);
    }

    [Fact]
    public async Task A_missing_tag_and_a_wrong_manifest_are_named()
    {
        await Run.FailAsync("NG3450", Model);
        var artifact = OciArtifact.Oci(Empty, "{}", [new OciLayer("a/b", "1").Titled("a")]);
        var other = "sha256:" + new string('0', 64);
        Front.Answers[$"/v2/org/model/manifests/{other}"] = new(200, artifact.Manifest);
        var error = await Run.FailAsync("NG3453", $"m: \"oci://{Front.Host}/org/model@{other}\"");
        Assert.Equal((other, artifact.Digest), (error.Expected, error.Actual));
    }

    private async Task PushIndexAsync(string manifests)
    {
        using var client = new RegistryClient(Registry.Url);
        var index = $$"""{"schemaVersion":2,"mediaType":"{{OciArtifact.OciIndex}}","manifests":[{{manifests}}]}""";
        await client.PushManifestAsync("org/model", "v1", System.Text.Encoding.UTF8.GetBytes(index), OciArtifact.OciIndex);
    }
}
