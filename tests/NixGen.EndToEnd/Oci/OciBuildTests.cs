using NixGen.EndToEnd.Acceptance;
using NixGen.Testing;
using NixGen.Testing.Oci;
using Xunit;

namespace NixGen.EndToEnd.Oci;

/// <summary>From the manifest of nixgen to the files of an artifact, with real Nix and a real registry.</summary>
public sealed class OciBuildTests : IAsyncLifetime
{
    private const string Empty = "application/vnd.oci.empty.v1+json";
    private readonly NixSandbox nix = NixSandbox.Create();
    private readonly Workbench bench = new();
    private readonly TemporaryFolder folder = new();
    private readonly string mark = Guid.NewGuid().ToString("N");
    private DockerRegistry? registry;
    private RegistryFront? started;

    private RegistryFront Front => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        registry = await DockerRegistry.StartAsync();
        started = await RegistryFront.StartAsync(registry);
        bench.Write("models.yaml", $"version: 1\nmodels:\n  m: \"oci://{Front.Host}/org/model:v1\"\n");
    }

    public async Task DisposeAsync()
    {
        folder.Dispose();
        bench.Dispose();
        nix.Dispose();
        await Front.DisposeAsync();
        if (registry is not null)
            await registry.DisposeAsync();
    }

    [Fact]
    public async Task Layers_that_are_files_become_the_files()
    {
        var artifact = OciArtifact.Oci(Empty, "{}", [new OciLayer("a/b", "weights " + mark).Titled("weights/model.bin"), new OciLayer("a/b", "{}" + mark).Titled("config.json")]);
        await PushAsync(artifact);
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        var path = await nix.BuildAsync(Flake);
        Assert.Equal(artifact.Layers[0].Content, await File.ReadAllBytesAsync(nix.Physical(path + "/weights/model.bin")));
        Assert.Equal(artifact.Layers[1].Content, await File.ReadAllBytesAsync(nix.Physical(path + "/config.json")));
        Assert.All(Front.Log.Where(request => request.IsStore), request => Assert.Null(request.Authorization));

        Front.ClearLog();
        (await bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        Assert.Equal(path, await nix.BuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "m")));
        Assert.Empty(Front.Log);
    }

    [Theory]
    [InlineData("application/vnd.kitops.modelkit.model.v1.tar", "")]
    [InlineData("application/vnd.cncf.model.weight.v1.tar+gzip", "--gzip")]
    [InlineData("application/vnd.cncf.model.weight.v1.tar+zstd", "--zstd")]
    public async Task Archives_are_unpacked_beside_the_files(string type, string compression)
    {
        Directory.CreateDirectory(folder.At("in/sub folder"));
        await File.WriteAllTextAsync(folder.At("in/sub folder/model.bin"), "packed " + mark);
        await File.WriteAllTextAsync(folder.At("in/tokenizer.json"), "{}");
        await PushAsync(OciArtifact.Oci(Empty, "{}", [new OciLayer(type, await TarAsync(compression)), new OciLayer("a/b", "plain " + mark).Titled("docs/README.md")]));
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        var path = await nix.BuildAsync(Flake);
        Assert.Equal("packed " + mark, await File.ReadAllTextAsync(nix.Physical(path + "/sub folder/model.bin")));
        Assert.Equal("{}", await File.ReadAllTextAsync(nix.Physical(path + "/tokenizer.json")));
        Assert.Equal("plain " + mark, await File.ReadAllTextAsync(nix.Physical(path + "/docs/README.md")));
        Assert.False(Directory.Exists(nix.Root + path + "/.archives"));
    }

    [Theory]
    [InlineData("ln -s /etc/passwd in/link", "holds a link")]
    [InlineData("echo x >outside && echo y >in/file", "leads out of it", "-P", "in", "in/../outside")]
    public async Task Hostile_archives_are_refused(string make, string words, params string[] members)
    {
        Directory.CreateDirectory(folder.At("in"));
        (await ProcessRunner.RunAsync("sh", ["-euc", make], folder: folder.Path)).OrThrow("sh");
        await File.WriteAllTextAsync(folder.At("in/mark"), mark);
        var archive = folder.At("hostile.tar");
        (await ProcessRunner.RunAsync("tar", ["-cf", archive, .. members.Length == 0 ? ["in"] : members], folder: folder.Path)).OrThrow("tar");
        await PushAsync(OciArtifact.Oci(Empty, "{}", [new OciLayer("application/vnd.kitops.modelkit.model.v1.tar", await File.ReadAllBytesAsync(archive))]));
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        var result = await nix.TryBuildAsync(Flake);
        Assert.False(result.Succeeded);
        Assert.Contains(words, result.Errors, StringComparison.Ordinal);
    }

    private NixTarget.Flake Flake => new($"path:{bench.PathOf("out")}#m");

    private async Task<byte[]> TarAsync(string compression)
    {
        var archive = folder.At("archive");
        (await ProcessRunner.RunAsync("tar", ["-C", folder.At("in"), "-cf", archive, .. compression.Length == 0 ? Array.Empty<string>() : [compression], "."])).OrThrow("tar");
        return await File.ReadAllBytesAsync(archive);
    }

    private async Task PushAsync(OciArtifact artifact)
    {
        using var client = new RegistryClient(Front.InnerUrl);
        await client.PushAsync("org/model", "v1", artifact);
    }
}
