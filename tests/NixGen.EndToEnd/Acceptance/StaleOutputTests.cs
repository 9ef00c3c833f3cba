using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary><c>check</c> says whether what is checked in is what <c>build</c> would write, and needs no network for it.</summary>
public sealed class StaleOutputTests
{
    private const string Manifest = """
        version: 1
        models:
          greeting:
            source: { mock: { org: example, model: greeting, files: [{ path: config.json, text: "{}" }, { path: sub/hello.txt, text: hello }] } }
            meta: { description: A greeting }

        """;

    [Fact]
    public async Task A_fresh_tree_passes_with_the_network_down()
    {
        using var bench = await BuiltAsync("--out", "out");
        var outcome = (await bench.NixgenWithoutNetworkAsync("check", "--out", "out")).ShouldEndWith(0);
        Assert.Equal("", outcome.Output + outcome.Errors);
    }

    [Fact]
    public async Task A_fresh_file_passes_with_the_network_down()
    {
        using var bench = await BuiltAsync("-o", "models.nix");
        (await bench.NixgenWithoutNetworkAsync("check", "-o", "models.nix")).ShouldEndWith(0);
    }

    [Fact]
    public async Task An_edited_file_of_the_tree_is_stale_and_the_difference_is_shown()
    {
        using var bench = await BuiltAsync("--out", "out");
        var before = bench.Read("out/models/greeting.nix");
        bench.Write("out/models/greeting.nix", before.Replace("A greeting", "An edited greeting", StringComparison.Ordinal));
        var outcome = (await bench.NixgenWithoutNetworkAsync("check", "--out", "out")).ShouldEndWith(3);
        Assert.Contains("models/greeting.nix", outcome.Errors, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^-.*An edited greeting", outcome.Errors);
        Assert.Matches(@"(?m)^\+.*A greeting", outcome.Errors);
        Assert.Contains("An edited greeting", bench.Read("out/models/greeting.nix"), StringComparison.Ordinal);
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        Assert.Equal(before, bench.Read("out/models/greeting.nix"));
    }

    [Fact]
    public async Task A_deleted_file_of_the_tree_is_stale()
    {
        using var bench = await BuiltAsync("--out", "out");
        File.Delete(bench.PathOf("out/lib/fetchModel.nix"));
        var outcome = (await bench.NixgenWithoutNetworkAsync("check", "--out", "out")).ShouldEndWith(3);
        Assert.Contains("lib/fetchModel.nix", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_the_users_own_beside_them_is_no_business_of_ours()
    {
        using var bench = await BuiltAsync("--out", "out");
        bench.Write("out/NOTES.md", "mine\n");
        (await bench.NixgenWithoutNetworkAsync("check", "--out", "out")).ShouldEndWith(0);
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        Assert.Equal("mine\n", bench.Read("out/NOTES.md"));
    }

    [Fact]
    public async Task An_edited_manifest_makes_the_output_stale()
    {
        using var bench = await BuiltAsync("--out", "out");
        bench.Write("models.yaml", Manifest.Replace("A greeting", "Another greeting", StringComparison.Ordinal));
        var outcome = (await bench.NixgenWithoutNetworkAsync("check", "--out", "out")).ShouldEndWith(3);
        Assert.Contains("Another greeting", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_added_to_the_manifest_makes_the_lock_stale()
    {
        using var bench = await BuiltAsync("--out", "out");
        bench.Write("models.yaml", Manifest + "  more: hf:example/not-locked@main\n");
        var outcome = (await bench.NixgenWithoutNetworkAsync("check", "--out", "out")).ShouldEndWith(3);
        Assert.Contains("more", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_removed_from_the_manifest_makes_the_output_stale()
    {
        using var bench = new Workbench();
        bench.Write("models.yaml", Manifest + "  other: { source: { mock: { org: example, model: other, files: [{ path: a, text: b }] } } }\n");
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        bench.Write("models.yaml", Manifest);
        (await bench.NixgenWithoutNetworkAsync("check", "--out", "out")).ShouldEndWith(3);
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        Assert.False(File.Exists(bench.PathOf("out/models/other.nix")));
        (await bench.NixgenWithoutNetworkAsync("check", "--out", "out")).ShouldEndWith(0);
    }

    [Fact]
    public async Task An_edited_lock_makes_the_output_stale()
    {
        using var bench = await BuiltAsync("--out", "out");
        var text = bench.Read("models.lock.json");
        var blob = GitObjects.BlobOid("hello"u8);
        Assert.Contains(blob, text, StringComparison.Ordinal);
        bench.Write("models.lock.json", text.Replace(blob, new string('0', 40), StringComparison.Ordinal));
        var outcome = (await bench.NixgenWithoutNetworkAsync("check", "--out", "out")).ShouldEndWith(3);
        Assert.Matches($"(?m)^-.*{blob}", outcome.Errors);
        Assert.Matches("(?m)^\\+.*0{40}", outcome.Errors);
    }

    [Fact]
    public async Task A_lock_entry_for_another_request_is_stale_before_anything_is_emitted()
    {
        using var bench = await BuiltAsync("--out", "out");
        bench.Write("models.yaml", Manifest.Replace("text: hello", "text: goodbye", StringComparison.Ordinal));
        var outcome = (await bench.NixgenWithoutNetworkAsync("check", "--out", "out")).ShouldEndWith(3);
        Assert.Contains("greeting", outcome.Errors, StringComparison.Ordinal);
    }

    private static async Task<Workbench> BuiltAsync(params string[] target)
    {
        var bench = new Workbench();
        bench.Write("models.yaml", Manifest);
        (await bench.NixgenAsync(["build", .. target])).ShouldEndWith(0);
        return bench;
    }
}
