using System.Net;
using System.Net.Http.Headers;
using NixGen.Testing;
using NixGen.Testing.Oci;
using Xunit;

namespace NixGen.EndToEnd.Oci;

/// <summary>The front that behaves as Ollama's registry does.</summary>
public sealed class RegistryFrontTests : IAsyncLifetime
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly TemporaryFolder folder = new();
    private readonly OciArtifact artifact = OllamaModels.Chat("front");
    private DockerRegistry? registry;
    private RegistryFront? front;

    private RegistryFront Front => front ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        registry = await DockerRegistry.StartAsync();
        front = await RegistryFront.StartAsync(registry);
        using var client = new RegistryClient(registry.Url);
        await client.PushAsync("someone/tiny", "Q4", artifact);
    }

    public async Task DisposeAsync()
    {
        if (front is not null)
            await front.DisposeAsync();
        if (registry is not null)
            await registry.DisposeAsync();
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_blob_is_had_from_another_host_by_ranges()
    {
        var location = await LocationAsync();
        Assert.StartsWith(Front.StoreUrl, location, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, location);
        request.Headers.Range = new RangeHeaderValue(0, 3);
        using var part = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("GGUF"u8.ToArray(), await part.Content.ReadAsByteArrayAsync());
        Assert.Equal([307, 206], Front.Log.Select(request => request.Status));
        Assert.Equal([0L, 4L], Front.Log.Select(request => request.BytesSent));
    }

    [Fact]
    public async Task The_other_host_refuses_a_wrong_an_old_and_a_doubled_permission()
    {
        var location = await LocationAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(location + "0"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(location, new AuthenticationHeaderValue("Bearer", "x")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(location));
        Front.Uses = 1;
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(location));
        Front.Validity = TimeSpan.FromSeconds(-1);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(await LocationAsync()));
    }

    [Fact]
    public async Task Names_may_have_capitals_and_manifests_no_type()
    {
        Front.ManifestType = "text/plain; charset=utf-8";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Front.Url}/v2/SomeOne/Tiny/manifests/Q4");
        request.Headers.Accept.ParseAdd(OciArtifact.DockerManifest);
        using var response = await http.SendAsync(request);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.False(response.Headers.Contains("Docker-Content-Digest"));
        Assert.Equal(artifact.Manifest, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Skopeo_follows_to_the_other_host()
    {
        // It copies no manifest of Docker's whose layers are of Ollama's types.
        var other = OciArtifact.Oci("application/vnd.oci.empty.v1+json", "{}", [new OciLayer("application/vnd.docker.ai.gguf.v3", "weights behind the front").Titled("model.gguf")]);
        using var client = new RegistryClient(Front.InnerUrl);
        await client.PushAsync("someone/other", "v1", other);
        (await Skopeo.CopyAsync($"{Front.Host}/someone/other:v1", folder.At("copy"))).OrThrow("skopeo copy");
        Assert.Contains(Front.Log, request => request.IsStore && request.Target.Contains(other.Layers[0].Digest["sha256:".Length..], StringComparison.Ordinal));
        foreach (var layer in other.Layers)
            Assert.Equal(layer.Content, await File.ReadAllBytesAsync(folder.At("copy/" + layer.Digest["sha256:".Length..])));
    }

    [Fact]
    public async Task It_says_what_a_test_makes_up()
    {
        Front.Answers["/v2/someone/tiny/manifests/Q4"] = new(429, "wait") { Headers = [("Retry-After", "7")] };
        using var response = await http.GetAsync($"{Front.Url}/v2/someone/tiny/manifests/Q4");
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)), (response.StatusCode, response.Headers.RetryAfter?.Delta));
        Front.Replaced[artifact.Layers[0].Digest] = [1, 2];
        Assert.Equal([1, 2], await http.GetByteArrayAsync(await LocationAsync()));
    }

    private async Task<string> LocationAsync()
    {
        using var response = await http.GetAsync($"{Front.Url}/v2/someone/tiny/blobs/{artifact.Layers[0].Digest}");
        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        return response.Headers.Location?.ToString() ?? "";
    }

    private async Task<HttpStatusCode> StatusAsync(string url, AuthenticationHeaderValue? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = authorization;
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
