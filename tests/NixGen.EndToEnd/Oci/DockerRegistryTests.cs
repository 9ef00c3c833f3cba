using System.Security.Cryptography;
using NixGen.Testing;
using NixGen.Testing.Oci;
using Xunit;

namespace NixGen.EndToEnd.Oci;

/// <summary>What the tests push to a real registry is what another client, skopeo, reads from it.</summary>
public sealed class DockerRegistryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Skopeo_reads_what_was_pushed()
    {
        await using var registry = await DockerRegistry.StartAsync();
        using var client = new RegistryClient(registry.Url);
        var artifact = OciArtifact.Oci(
            "application/vnd.docker.ai.model.config.v0.1+json",
            """{"config":{"format":"gguf"}}""",
            [new OciLayer("application/vnd.docker.ai.gguf.v3", "weights").Titled("model.gguf"), new OciLayer("application/vnd.docker.ai.license", "licence")]);
        var digest = await client.PushAsync("ai/tiny", "Q4_K_M", artifact);

        Assert.Equal(artifact.Manifest, System.Text.Encoding.UTF8.GetBytes(await Skopeo.ManifestAsync($"{registry.Host}/ai/tiny:Q4_K_M")));
        Assert.Equal(artifact.Manifest, System.Text.Encoding.UTF8.GetBytes(await Skopeo.ManifestAsync($"{registry.Host}/ai/tiny@{digest}")));
        Assert.Equal(["Q4_K_M"], await Skopeo.TagsAsync($"{registry.Host}/ai/tiny"));
        (await Skopeo.CopyAsync($"{registry.Host}/ai/tiny:Q4_K_M", folder.At("copy"))).OrThrow("skopeo copy");
        Assert.Equal(Digests(artifact), BlobsOf(folder.At("copy")));
    }

    [Fact]
    public async Task It_stores_the_media_types_of_Ollama()
    {
        await using var registry = await DockerRegistry.StartAsync();
        using var client = new RegistryClient(registry.Url);
        var artifact = OllamaModels.Chat("stored");
        await client.PushAsync("library/tiny", "latest", artifact);
        Assert.Equal(artifact.Manifest, System.Text.Encoding.UTF8.GetBytes(await Skopeo.ManifestAsync($"{registry.Host}/library/tiny:latest")));
    }

    [Fact]
    public async Task It_wants_the_password()
    {
        await using var registry = await DockerRegistry.StartWithPasswordAsync();
        using var stranger = new RegistryClient(registry.Url);
        await Assert.ThrowsAsync<InvalidOperationException>(() => stranger.PushAsync("private/tiny", "v1", OllamaModels.Chat("private")));
        using var client = new RegistryClient(registry.Url, RegistryClient.Basic(DockerRegistry.User, DockerRegistry.Password));
        var artifact = OllamaModels.Chat("private");
        await client.PushAsync("private/tiny", "v1", artifact);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Skopeo.ManifestAsync($"{registry.Host}/private/tiny:v1"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Skopeo.ManifestAsync($"{registry.Host}/private/tiny:v1", "reader:wrong"));
        Assert.Equal(artifact.Manifest.Length, (await Skopeo.ManifestAsync($"{registry.Host}/private/tiny:v1", $"{DockerRegistry.User}:{DockerRegistry.Password}")).Length);
    }

    [Fact]
    public async Task It_wants_tokens_and_Skopeo_gets_them()
    {
        await using var tokens = await TokenServer.StartAsync();
        await using var registry = await DockerRegistry.StartWithTokensAsync(tokens);
        var artifact = OllamaModels.Chat("tokens");
        await PushWithTokenAsync(registry, tokens, "org/tiny", "v1", artifact);

        var anonymous = await Skopeo.ManifestAsync($"{registry.Host}/org/tiny:v1");
        Assert.Equal(artifact.Manifest.Length, anonymous.Length);
        Assert.Contains(tokens.Log, request => request is { Service: TokenServer.Service, Scope: "repository:org/tiny:pull", HasCredentials: false });

        tokens.KnowsAnybody = false;
        await Assert.ThrowsAsync<InvalidOperationException>(() => Skopeo.ManifestAsync($"{registry.Host}/org/tiny:v1"));
        await Skopeo.ManifestAsync($"{registry.Host}/org/tiny:v1", $"{DockerRegistry.User}:{DockerRegistry.Password}");
    }

    /// <summary>Pushes where a token is wanted for that.</summary>
    internal static async Task PushWithTokenAsync(DockerRegistry registry, TokenServer tokens, string name, string tag, OciArtifact artifact)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = RegistryClient.Basic(DockerRegistry.User, DockerRegistry.Password);
        var answer = await http.GetStringAsync($"{tokens.Realm}?service={TokenServer.Service}&scope=repository:{name}:pull,push");
        using var document = System.Text.Json.JsonDocument.Parse(answer);
        using var client = new RegistryClient(registry.Url, new("Bearer", document.RootElement.GetProperty("token").GetString()));
        await client.PushAsync(name, tag, artifact);
    }

    private static SortedSet<string> Digests(OciArtifact artifact) =>
        new(artifact.Blobs.Select(blob => Convert.ToHexStringLower(SHA256.HashData(blob))), StringComparer.Ordinal);

    // A copy has its blobs under their hashes, which the client has checked.
    private static SortedSet<string> BlobsOf(string copy) =>
        new(Directory.GetFiles(copy).Select(Path.GetFileName).OfType<string>().Where(name => name.Length == 64), StringComparer.Ordinal);
}
