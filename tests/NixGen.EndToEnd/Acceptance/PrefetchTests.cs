using System.Runtime.Versioning;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>What <c>prefetch --store</c> puts into the store is what the emitted Nix asks for.</summary>
public sealed class PrefetchTests
{
    [Fact]
    public async Task A_build_after_it_fetches_nothing()
    {
        await using var hub = await LoopbackHub.StartAsync();
        // Of content that no store of this machine has: nixgen looks there for what is left to do.
        var unique = Guid.NewGuid().ToString("N");
        var repository = hub.Add(new HubRepository("example/tiny"));
        repository.Commit("c", [HubFile.Text("config.json", unique), HubFile.Text("a/copy.json", unique), HubFile.Text("sp ace/#1.txt", unique + "1"), HubFile.Lfs("model.bin", Guid.NewGuid().ToByteArray())]);
        using var nix = NixSandbox.Create();
        using var bench = new Workbench(hub);
        bench.Set("NIX_REMOTE", $"local?root={nix.Root}");
        bench.Set("NIX_CONFIG", "substitute = false\nbuild-users-group =\n");
        var outcome = (await bench.NixgenAsync("prefetch", "hf:example/tiny", "--store")).ShouldEndWith(0);
        Assert.Contains(repository.Head.Id, outcome.Output, StringComparison.Ordinal);
        var stored = nix.StoreNames;
        Assert.Equal(3, stored.Count(name => name.Contains("-model-file-", StringComparison.Ordinal)));

        bench.Write("models.yaml", "version: 1\nmodels:\n  tiny: hf:example/tiny\n");
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        hub.Log.Clear();
        await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#tiny"));
        Assert.Empty(hub.Log.Snapshot());

        var info = (await bench.NixgenAsync("info", "tiny")).ShouldEndWith(0);
        Assert.All(stored.Where(name => name.Contains("-model-file-", StringComparison.Ordinal)), name => Assert.Contains("/nix/store/" + name, info.Output, StringComparison.Ordinal));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task What_a_killed_build_left_in_the_store_does_not_count()
    {
        using var bench = new Workbench();
        var store = Directory.CreateDirectory(bench.PathOf("store")).FullName;
        bench.Set("NIX_STORE_DIR", store);
        bench.Write("models.yaml", "version: 1\nmodels:\n  tiny: { source: { mock: { org: example, model: tiny, files: [{ path: config.json, text: '{}' }] } } }\n");
        (await bench.NixgenAsync("lock")).ShouldEndWith(0);
        var missing = (await bench.NixgenAsync("info", "tiny")).ShouldEndWith(0).Output;
        var name = missing.Split([' ', '\n', '"']).Single(word => word.StartsWith(store + "/", StringComparison.Ordinal));

        await File.WriteAllTextAsync(name, "{");
        File.SetUnixFileMode(name, UnixFileMode.UserRead);
        Assert.Equal(missing, (await bench.NixgenAsync("info", "tiny")).Output);
        File.SetUnixFileMode(name, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(name, "{}");
        Assert.Equal(missing, (await bench.NixgenAsync("info", "tiny")).Output);
        File.SetUnixFileMode(name, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Assert.NotEqual(missing, (await bench.NixgenAsync("info", "tiny")).Output);
    }
}
