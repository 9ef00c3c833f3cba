using System.Text;
using NixGen.EndToEnd.Acceptance;
using NixGen.Testing;
using NixGen.Testing.Nginx;
using Xunit;

namespace NixGen.EndToEnd.Url;

/// <summary>From manifest to store: nixgen locks and builds, real Nix fetches from nginx.</summary>
public sealed class UrlAcceptanceTests : IAsyncLifetime
{
    private readonly byte[] weights = Encoding.UTF8.GetBytes($"weights {Guid.NewGuid():N}\n");
    private readonly byte[] config = Encoding.UTF8.GetBytes($"config {Guid.NewGuid():N}\n");
    private NginxServer? started;

    private NginxServer Nginx => started ?? throw new InvalidOperationException("Not started.");

    private string Manifest => $$"""
        version: 1
        models:
          short: {{Nginx.Url}}/model.bin
          long:
            source:
              url:
                urls:
                  - { url: "{{Nginx.Url}}/names/a%20b+c=%23.bin", filename: unet/model.bin }
                  - { url: "{{Nginx.Url}}/config.json", sha256: {{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(config))}} }

        """;

    public async Task InitializeAsync() => started = await NginxServer.StartAsync(
        new NginxSite().With("/model.bin", weights).With("/names/a b+c=#.bin", weights).With("/config.json", config));

    public async Task DisposeAsync() => await Nginx.DisposeAsync();

    [Fact]
    public async Task A_manifest_becomes_folders_with_the_right_bytes()
    {
        using var bench = new Workbench();
        using var nix = NixSandbox.Create();
        bench.Write("models.yaml", Manifest);
        (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        var single = (await bench.NixgenAsync("build")).ShouldEndWith(0).Output;
        bench.Write("models.nix", single);
        (await bench.NixgenAsync("check", "--out", "flake")).ShouldEndWith(0);

        var built = await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("flake")}#long"));
        Assert.Equal(weights, await File.ReadAllBytesAsync(nix.Physical(built + "/unet/model.bin")));
        Assert.Equal(config, await File.ReadAllBytesAsync(nix.Physical(built + "/config.json")));
        var other = await nix.BuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "short"));
        // The same bytes at two addresses are one path, and were fetched once.
        Assert.Equal(nix.Physical(built + "/unet/model.bin"), nix.Physical(other + "/model.bin"));
    }

    [Fact]
    public async Task Content_that_changed_fails_the_build_and_is_locked_by_update()
    {
        using var bench = new Workbench();
        using var nix = NixSandbox.Create();
        bench.Write("models.yaml", $"version: 1\nmodels:\n  short: {Nginx.Url}/model.bin\n");
        (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        Nginx.Put("/model.bin", config);
        var target = new NixTarget.Flake($"path:{bench.PathOf("flake")}#short");
        var refused = await nix.TryBuildAsync(target);
        Assert.False(refused.Succeeded);
        Assert.Contains("nixgen update", refused.Errors, StringComparison.Ordinal);

        // A lock that is there is not touched by itself.
        (await bench.NixgenAsync("build", "--out", "flake", "--locked")).ShouldEndWith(0);
        var updated = (await bench.NixgenAsync("update")).ShouldEndWith(0);
        Assert.Contains("NG3318", updated.Errors, StringComparison.Ordinal);
        (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        var built = await nix.BuildAsync(target);
        Assert.Equal(config, await File.ReadAllBytesAsync(nix.Physical(built + "/model.bin")));
    }

    [Fact]
    public async Task Prefetch_puts_a_file_where_the_build_asks_for_it()
    {
        using var bench = new Workbench();
        using var nix = NixSandbox.Create();
        bench.Set("NIX_REMOTE", $"local?root={nix.Root}");
        bench.Set("NIX_CONFIG", "substitute = false\nbuild-users-group =\n");
        (await bench.NixgenAsync("prefetch", Nginx.Url + "/model.bin", "--store")).ShouldEndWith(0);
        bench.Write("models.yaml", $"version: 1\nmodels:\n  short: {Nginx.Url}/model.bin\n");
        (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        var before = (await Nginx.LogAsync()).Count;
        await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("flake")}#short"));
        Assert.Equal(before, (await Nginx.LogAsync()).Count);
    }
}
