using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>Several models as one folder of links, by real Nix.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class ComposeTests(RuntimeNix runtime)
{
    private static readonly (string Path, string Text)[] Base = [("README.md", "base\n"), ("config.json", "{}\n"), ("model.bin", "weights\n"), ("tokenizer.json", "{\"v\": 1}\n")];

    [Fact]
    public async Task Parts_are_laid_over_the_base_and_nothing_is_copied()
    {
        var path = await runtime.BuildAsync(Compose($$"""
            base = {{Model("base", Base)}};
            lora = { model = {{Model("lora", ("README.md", "lora\n"), ("adapter_config.json", "{}\n"), ("deep/adapter.bin", "lora\n"))}}; into = "adapters/chat"; };
            tokenizer = {{Model("tokenizer", ("README.md", "tokenizer\n"), ("vocab.txt", "a\n"), ("config.json", "{}\n"))}};
            """));
        var listing = runtime.Nix.Listing(path);
        Assert.Equal(
            ["README.md", "adapters/chat/README.md", "adapters/chat/adapter_config.json", "adapters/chat/deep/adapter.bin", "config.json", "model.bin", "tokenizer.json", "vocab.txt"],
            listing.Where(line => line.Contains(" -> ", StringComparison.Ordinal)).Select(line => line.Split(" -> ")[0]));
        Assert.All(listing.Where(line => line.Contains(" -> ", StringComparison.Ordinal)), line => Assert.Contains("-model-file-", line, StringComparison.Ordinal));
        Assert.Equal("base\n", await File.ReadAllTextAsync(runtime.Nix.Physical(path + "/README.md")));
        // Neither the models nor anything else but files is kept.
        Assert.All(await runtime.Nix.ClosureAsync(path), entry => Assert.True(entry == path || entry.Contains("-model-file-", StringComparison.Ordinal), entry));
    }

    [Theory]
    [InlineData("tokenizer.json", "error: tokenizer.json of other is another file than the one that is there already")]
    [InlineData("model.bin/x", "File exists")]
    public async Task Two_files_under_one_path_are_an_error(string file, string words)
    {
        var refused = await runtime.TryBuildAsync(Compose($"base = {Model("base", Base)}; other = {Model("other", (file, "different\n"))};"));
        Assert.False(refused.Succeeded);
        Assert.Contains(words, refused.Errors, StringComparison.Ordinal);
        Assert.Contains("Put a part into a folder of its own", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other = BASE;", "has no `base`")]
    [InlineData("base = { model = BASE; into = \"../x\"; };", "`base.into` must be a folder within the composition")]
    [InlineData("base = { model = BASE; into = \"/x\"; };", "`base.into` must be a folder within the composition")]
    public async Task Definitions_are_checked(string parts, string words) =>
        Assert.Contains(words, await runtime.RefusalAsync($"({Compose(parts.Replace("BASE", Model("base", Base), StringComparison.Ordinal))}).drvPath"), StringComparison.Ordinal);

    private static string Compose(string parts) => $"runtime.compose pkgs {{ name = \"composed\"; parts = {{ {parts} }}; }}";

    private string Model(string name, params (string Path, string Text)[] files) => $"({runtime.Model(Definitions.Mock(name, files))})";
}
