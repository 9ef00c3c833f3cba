using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>A gated model from the first refusal to the build: the token opens it, and is nowhere else.</summary>
public sealed class GatedModelTests
{
    private const string Token = "hf_TheTokenOfAlice0123456789";

    [Fact]
    public async Task A_token_opens_it_and_goes_nowhere_else()
    {
        await using var hub = await LoopbackHub.StartAsync();
        var repository = hub.Add(HubFixtures.TinyModel("example/gated"));
        repository.Gate = HubGate.Manual;
        hub.AddToken(new HubToken(Token, "alice"));
        using var bench = new Workbench(hub);
        bench.Write("models.yaml", "version: 1\nmodels:\n  gated: { source: hf:example/gated, auth: { tokenEnvVar: MY_TOKEN } }\n");

        // It lists openly, and yet it can't be locked by who couldn't build it.
        var anonymous = (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(4);
        Assert.Contains("MY_TOKEN", anonymous.Errors, StringComparison.Ordinal);
        Assert.Contains($"{hub.Url}/example/gated", anonymous.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(bench.PathOf("out")));

        bench.Set("MY_TOKEN", Token);
        var refused = (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(4);
        Assert.DoesNotContain(Token, refused.Output + refused.Errors, StringComparison.Ordinal);

        repository.GateGranted.Add("alice");
        hub.Log.Clear();
        var built = (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        Assert.DoesNotContain(Token, built.Output + built.Errors, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(bench.Folder) ?? "", "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(Token, await File.ReadAllTextAsync(file), StringComparison.Ordinal);

        using var nix = NixSandbox.Create();
        var flake = new NixTarget.Flake($"path:{bench.PathOf("out")}#gated");
        var without = await nix.TryBuildAsync(flake);
        Assert.False(without.Succeeded);
        Assert.Contains("gated repository", without.Errors, StringComparison.Ordinal);

        var with = await nix.TryBuildAsync(flake, new Dictionary<string, string>(StringComparer.Ordinal) { ["MY_TOKEN"] = Token });
        Assert.True(with.Succeeded, with.Errors);
        Assert.DoesNotContain(Token, with.Output + with.Errors, StringComparison.Ordinal);
        Assert.All(hub.Log.Snapshot(), request => Assert.False(request.OnCdn && request.HasAuthorization));
        foreach (var file in new DirectoryInfo(nix.Root).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Where(file => file.LinkTarget is null))
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file.FullName)).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Token)));
    }
}
