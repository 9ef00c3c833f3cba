using System.Text.Json.Nodes;
using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>Models reach programs: joined into a cache, linked into a user's own, named in an environment.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class IntegrationTests(RuntimeNix runtime) : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("nixgen-home ").FullName;

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Theory]
    [InlineData("{ org = \"meta-llama\"; model = \"Llama-2-7b-hf\"; }", "models--meta-llama--Llama-2-7b-hf")]
    [InlineData("{ org = null; model = \"gpt2\"; }", "models--gpt2")]
    [InlineData("{ model = \"gpt2\"; }", "models--gpt2")]
    [InlineData("{ org = \"o\"; model = \"d\"; type = \"dataset\"; }", "datasets--o--d")]
    [InlineData("{ org = \"o\"; model = \"s\"; type = \"space\"; }", "spaces--o--s")]
    public async Task Repositories_have_the_names_of_the_Hubs_cache(string repository, string expected)
    {
        Assert.Equal(expected, (await runtime.EvalAsync($"runtime.integration.mkCacheName {repository}")).GetString());
        Assert.Equal(expected, (await runtime.EvalAsync($"runtime.mkHfCachePath {repository}")).GetString());
    }

    [Theory]
    [InlineData("{ source.huggingface.repo = \"gpt2\"; }", "models--gpt2")]
    [InlineData("{ source.huggingface.repo = \"a/b\"; integration.huggingface = { org = \"x\"; model = \"y\"; }; }", "models--x--y")]
    [InlineData("{ source.huggingface.repo = \"a/b\"; integration.huggingface.org = \"x\"; }", "models--x--b")]
    public async Task A_model_is_found_under_the_name_that_was_asked_for(string part, string expected) =>
        Assert.Equal(expected, (await runtime.EvalAsync($$"""(runtime.fetchModel pkgs ({ name = "m"; locked = { repo = "canonical/name"; revision = "{{new string('1', 40)}}"; files = [ ]; }; } // {{part}})).hfCachePath""")).GetString());

    [Fact]
    public async Task Models_are_joined_into_one_cache()
    {
        var (a, b) = (Mock("one"), Mock("two"));
        var cache = await runtime.BuildAsync($"runtime.buildCache pkgs [ ({a}) ({b}) ]");
        var paths = new[] { await runtime.BuildAsync(a), await runtime.BuildAsync(b) };
        Assert.Equal([$"models--example--one -> {paths[0]}", $"models--example--two -> {paths[1]}"], runtime.Nix.Listing(cache).Where(line => !line[..^1].Contains('/', StringComparison.Ordinal) || line.Contains(" -> /nix", StringComparison.Ordinal)).Take(2));
        Assert.EndsWith("-mine", await runtime.BuildAsync($"runtime.buildCache pkgs {{ name = \"mine\"; models = [ ({a}) ]; }}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_revisions_of_one_repository_are_merged()
    {
        var (a, b) = (Revision("v1", "1"), Revision("v2", "2"));
        var listing = runtime.Nix.Listing(await runtime.BuildAsync($"runtime.buildCache pkgs [ ({a}) ({b}) ]"));
        var commits = new[] { await CommitAsync(a), await CommitAsync(b) };
        foreach (var commit in commits)
        {
            Assert.Contains(listing, line => line.StartsWith($"models--example--m/snapshots/{commit}/config.json -> ../../blobs/", StringComparison.Ordinal));
            Assert.Contains(listing, line => line.StartsWith($"models--example--m/snapshots/{commit}/common -> ../../blobs/", StringComparison.Ordinal));
            Assert.Contains($"models--example--m/trees/{commit}.json", listing);
        }

        Assert.Equal(["models--example--m/refs/main-v1", "models--example--m/refs/main-v2"], listing.Where(line => line.StartsWith("models--example--m/refs/main-", StringComparison.Ordinal)));
        Assert.Equal(3, listing.Count(line => line.StartsWith("models--example--m/blobs/", StringComparison.Ordinal) && line.Contains(" -> /nix/store/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_ref_that_would_lead_to_two_commits_is_an_error()
    {
        var refusal = await runtime.RefusalAsync($"(runtime.buildCache pkgs [ ({Mock("one", "1")}) ({Mock("one", "2")}) ]).drvPath");
        Assert.Contains("the ref \"main\" can't lead to several commits", refusal, StringComparison.Ordinal);
        Assert.Contains("models--example--one", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_place_in_the_cache_is_named() =>
        Assert.Contains("tool has no place in the Hub's cache", await runtime.RefusalAsync("(runtime.buildCache pkgs [ (pkgs.writeText \"tool\" \"\") ]).drvPath"), StringComparison.Ordinal);

    [Fact]
    public async Task The_path_of_a_model_is_its_snapshot()
    {
        var model = Mock("pathed");
        var path = (await runtime.EvalAsync($"runtime.getModelPath ({model})")).GetString() ?? "";
        await runtime.BuildAsync(model);
        Assert.True(File.Exists(runtime.Nix.Physical(path + "/config.json")));
    }

    [Fact]
    public async Task The_shell_hook_links_and_clobbers_nothing()
    {
        var hook = await ScriptAsync($"runtime.mkShellHook {{ models = [ ({Mock("fresh")}) ({Mock("stale")}) ({Mock("folder")}) ({Mock("foreign")}) {{ drv = {Mock("named")}; org = \"o\"; model = \"n\"; }} ]; }}");
        var cache = Path.Combine(home, ".cache", "huggingface", "hub");
        Directory.CreateDirectory(Path.Combine(cache, "models--example--folder"));
        File.CreateSymbolicLink(Path.Combine(cache, "models--example--stale"), "/nix/store/00000000000000000000000000000000-old");
        File.CreateSymbolicLink(Path.Combine(cache, "models--example--foreign"), "/home/me/models");
        var result = (await RunAsync(hook)).OrThrow("the hook");
        Assert.StartsWith("/nix/store/", Link(cache, "models--example--fresh"), StringComparison.Ordinal);
        Assert.EndsWith("-stale", Link(cache, "models--example--stale"), StringComparison.Ordinal);
        Assert.EndsWith("-named", Link(cache, "models--o--n"), StringComparison.Ordinal);
        Assert.Equal("/home/me/models", Link(cache, "models--example--foreign"));
        Assert.Null(Link(cache, "models--example--folder"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(cache, "models--example--folder")));
        Assert.Contains("models--example--folder exists already and is left alone", result.Errors, StringComparison.Ordinal);
        Assert.Contains("models--example--foreign is a link to somewhere else and is left alone", result.Errors, StringComparison.Ordinal);
        // The hook runs in the user's own shell.
        Assert.Equal("undefined\n", (await RunAsync($"{hook}\ntype link_model >/dev/null 2>&1 || echo ${{cache-undefined}}")).Output);
        (await RunAsync($"{hook}\n{hook}", new() { ["HF_HUB_CACHE"] = Path.Combine(home, "again") })).OrThrow("the hook twice");
        Assert.StartsWith("/nix/store/", Link(Path.Combine(home, "again"), "models--example--fresh"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"$HOME/a b\"", "a b")]
    [InlineData("\"~/$(touch pwned)`touch pwned`'\"", "$(touch pwned)`touch pwned`'")]
    public async Task The_folder_of_a_link_is_a_word_and_no_code(string folder, string expected)
    {
        var script = await ScriptAsync($"runtime.mkLinkScript {{ model = {Mock("linked")}; cacheDir = {folder}; }}");
        (await RunAsync(script)).OrThrow("the script");
        Assert.NotNull(Link(Path.Combine(home, expected), "models--example--linked"));
        Assert.False(File.Exists(Path.Combine(home, "pwned")));
    }

    [Fact]
    public async Task One_link_can_not_lead_to_two_models() =>
        Assert.Contains("join them with `buildCache`", await runtime.RefusalAsync($"runtime.mkShellHook pkgs {{ models = [ ({Mock("one", "1")}) ({Mock("one", "2")}) ]; }}"), StringComparison.Ordinal);

    [Fact]
    public async Task A_program_for_links_can_be_built()
    {
        var script = await runtime.BuildAsync($"runtime.mkHfSymlinks pkgs {{ modelPath = {Mock("program")}; org = \"example\"; model = \"program\"; }}");
        (await RunAsync(await File.ReadAllTextAsync(runtime.Nix.Root + script))).OrThrow("the program");
        Assert.EndsWith("-program", Link(Path.Combine(home, ".cache", "huggingface", "hub"), "models--example--program"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrapper_names_models_in_its_environment()
    {
        var wrapper = await runtime.BuildAsync($"runtime.mkModelWrapper pkgs {{ program = \"/usr/bin/env\"; models = [ {{ path = {Mock("wrapped")}; envVar = \"MODEL\"; }} {{ path = \"/a b/$(x)'\"; envVar = \"PLAIN\"; }} ]; }}");
        var result = (await ProcessRunner.RunAsync("bash", [$"{runtime.Nix.Root}{wrapper}/bin/env", "EXTRA=a b"])).OrThrow("the wrapper");
        Assert.Matches("\nMODEL=/nix/store/[a-z0-9]{32}-wrapped/snapshots/[0-9a-f]{40}\n", "\n" + result.Output);
        Assert.Contains("\nPLAIN=/a b/$(x)'\n", "\n" + result.Output, StringComparison.Ordinal);
        Assert.Contains("\nEXTRA=a b\n", "\n" + result.Output, StringComparison.Ordinal);
        Assert.Contains("can't be the name of an environment variable", await runtime.RefusalAsync("(runtime.mkModelWrapper pkgs { program = \"/bin/x\"; models = [ { path = \"/x\"; envVar = \"a b\"; } ]; }).drvPath"), StringComparison.Ordinal);
    }

    private string Mock(string name, string text = "{}") => "(" + runtime.Model(Definitions.Mock(name, ("config.json", text))) + ")";

    // As if its own commit had been asked for, so that `main` leads to neither.
    private string Revision(string version, string text)
    {
        var definition = Definitions.Mock("m", ("config.json", text), ("common", "shared"));
        definition["integration"] = new JsonObject { ["huggingface"] = new JsonObject { ["refs"] = new JsonArray($"main-{version}") } };
        return $"(let m = {runtime.Model(definition)}; in m // {{ refs = builtins.filter (r: r != \"main\") m.refs; }})";
    }

    private async Task<string> CommitAsync(string model) => (await runtime.EvalAsync($"({model}).revision")).GetString() ?? "";

    private async Task<string> ScriptAsync(string text) => (await runtime.EvalAsync(text)).GetString() ?? "";

    private Task<ProcessResult> RunAsync(string script, Dictionary<string, string?>? more = null) => ProcessRunner.RunAsync(
        "bash",
        ["-euc", script],
        new Dictionary<string, string?>(more ?? [], StringComparer.Ordinal) { ["HOME"] = home, ["PATH"] = "/usr/bin:/bin" },
        folder: home,
        clean: true);

    private static string? Link(string folder, string name) => new FileInfo(Path.Combine(folder, name)).LinkTarget;
}
