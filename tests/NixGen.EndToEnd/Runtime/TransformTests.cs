using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>What models are changed into, by real Nix: each step is a store path, and nothing is copied that a step leaves as it is.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class TransformTests(RuntimeNix runtime)
{
    private const string WithoutNotes = "cp -rs \"$src\" \"$out\"; chmod -R u+w \"$out\"; rm \"$out/notes.txt\"";

    [Fact]
    public async Task A_step_is_a_path_of_its_own_and_links_to_what_it_leaves_as_it_is()
    {
        var definition = Changed("steps", [Step("without-notes", WithoutNotes), Step("more", "cp -rs \"$src\" \"$out\"; chmod -R u+w \"$out\"; test -e \"$raw/notes.txt\"; echo \"$MODEL_NAME $MODEL_SIZE\" >\"$out/made\"")]);
        var model = runtime.Model(definition);
        var path = await runtime.BuildAsync(model);
        var listing = runtime.Nix.Listing(path);
        Assert.Equal([".nix-model-repo-meta.json", "deep/", "deep/config.json", "made", "weights.bin"], listing.Select(line => line.Split(" -> ")[0]));
        var transformed = await runtime.BuildAsync($"({model}).transformed");
        // The links lead past all that was before, straight to the fetched files.
        Assert.Equal(2, runtime.Nix.Listing(transformed).Count(line => line.Contains("-model-file-", StringComparison.Ordinal)));
        Assert.Equal("steps 18\n", await File.ReadAllTextAsync(runtime.Nix.Physical(path + "/made")));
        var closure = await runtime.Nix.ClosureAsync(path);
        Assert.DoesNotContain(closure, entry => entry.EndsWith("-validated", StringComparison.Ordinal) || entry.EndsWith("-raw", StringComparison.Ordinal) || entry.EndsWith("-without-notes", StringComparison.Ordinal));

        var chain = await runtime.EvalAsync($"let m = {model}; in {{ raw = m.raw.name; validated = m.validated.name; steps = map (s: s.name) m.transformations; transformed = m.transformed.name; final = m.name; hub = m.hfCachePath; }}");
        Assert.Equal("""{"final":"steps","hub":null,"raw":"steps-raw","steps":["steps-without-notes","steps-more"],"transformed":"steps-more","validated":"steps-validated"}""", chain.GetRawText());
        using var facts = JsonDocument.Parse(await File.ReadAllTextAsync(runtime.Nix.Physical(path + "/.nix-model-repo-meta.json")));
        Assert.Equal(["without-notes", "more"], facts.RootElement.GetProperty("transform").EnumerateArray().Select(step => step.GetProperty("name").GetString()));
        Assert.True(facts.RootElement.TryGetProperty("validation", out _));
    }

    [Fact]
    public async Task With_a_hash_it_is_fixed_to_that()
    {
        var step = Step("copied", "mkdir \"$out\"; tr a-z A-Z <\"$src/notes.txt\" >\"$out/notes.txt\"");
        step["outputHash"] = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        var refused = await runtime.TryBuildAsync(runtime.Model(Changed("fixed", [(JsonObject)step.DeepClone()])));
        step["outputHash"] = MockModelTests.GotHash(refused);
        var path = await runtime.BuildAsync($"({runtime.Model(Changed("fixed", [step]))}).transformed");
        Assert.Equal("NOTES\n", await File.ReadAllTextAsync(runtime.Nix.Physical(path + "/notes.txt")));
        Assert.Equal([path], await runtime.Nix.ClosureAsync(path));
    }

    [Fact]
    public async Task Scripts_find_the_files_as_links_and_change_them()
    {
        var definition = Definitions.Mock("scripts", ("notes.txt", "notes\n"), ("weights.bin", "weights\n"));
        definition["postDownload"] = new JsonObject
        {
            ["scripts"] = new JsonArray(
                new JsonObject { ["name"] = "edit", ["script"] = "rm \"$out/notes.txt\"; tr a-z A-Z <\"$src/notes.txt\" >\"$out/notes.txt\"" },
                new JsonObject { ["name"] = "fails", ["script"] = "false; touch \"$out/never\"", ["onFailure"] = "warn" },
                new JsonObject { ["name"] = "fails-too", ["script"] = "exit 4", ["onFailure"] = "ignore" }),
        };
        var path = await runtime.BuildAsync(runtime.Model(definition));
        Assert.Equal([".nix-model-repo-meta.json", "notes.txt", "weights.bin"], runtime.Nix.Listing(path).Select(line => line.Split(" -> ")[0]));
        Assert.Equal("NOTES\n", await File.ReadAllTextAsync(runtime.Nix.Physical(path + "/notes.txt")));
        definition["postDownload"]?["scripts"]?.AsArray().Add(new JsonObject { ["name"] = "last", ["script"] = "exit 5" });
        var refused = await runtime.TryBuildAsync(runtime.Model(definition));
        Assert.Contains("error: the script last of the model scripts failed", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_layout_of_the_Hub_can_be_asked_for()
    {
        var definition = Changed("laid-out", [Step("without-notes", WithoutNotes)]);
        definition["integration"] = new JsonObject { ["huggingface"] = new JsonObject { ["enable"] = true } };
        var model = runtime.Model(definition);
        var path = await runtime.BuildAsync(model);
        var commit = (await runtime.EvalAsync($"({model}).revision")).GetString();
        var listing = runtime.Nix.Listing(path);
        Assert.Contains("refs/main", listing);
        Assert.Contains(listing, line => line.StartsWith($"snapshots/{commit}/weights.bin -> ", StringComparison.Ordinal));
        Assert.DoesNotContain(listing, line => line.Split(" -> ")[0].Contains("notes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true", "the step broken of the model broken made no output")]
    [InlineData("mkdir \"$out\"; false; true", "failed with exit code 1")]
    public async Task A_step_that_makes_nothing_or_fails_ends_the_build(string script, string words)
    {
        var refused = await runtime.TryBuildAsync(runtime.Model(Changed("broken", [Step("broken", script)])));
        Assert.False(refused.Succeeded);
        Assert.Contains(words, refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_is_not_changed()
    {
        var definition = Changed("refused", [Step("x", WithoutNotes)]);
        definition["validation"] = new JsonObject { ["validators"] = new JsonArray(new JsonObject { ["requiredFiles"] = new JsonArray("missing.json") }) };
        var refused = await runtime.TryBuildAsync(runtime.Model(definition));
        Assert.Contains("missing.json: it is required, and isn't there", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("refused-x.drv'...", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ transform.steps = [ { name = \"x\"; } ]; }", "`transform.steps[0]` must have one of `command` and `script`")]
    [InlineData("{ transform.steps = [ { name = \"../x\"; command = \"true\"; } ]; }", "`transform.steps[0].name` must be a name")]
    [InlineData("{ postDownload.scripts = [ { name = \"x\"; script = \"true\"; onFailure = \"skip\"; } ]; }", "`postDownload.scripts[0].onFailure` must be one of")]
    [InlineData("{ postDownload.scripts = [ { name = \"x\"; script = \"true\"; } ]; integration.ollama.enable = true; }", "`integration.ollama.enable` and `postDownload` don't go together")]
    public async Task Definitions_are_checked(string more, string words)
    {
        var definition = runtime.Definition(Definitions.Mock("checked", ("x", "y")));
        Assert.Contains(words, await runtime.RefusalAsync($"(runtime.fetchModel pkgs ({definition} // {more})).drvPath"), StringComparison.Ordinal);
    }

    private static JsonObject Step(string name, string script) => new() { ["name"] = name, ["command"] = script };

    private static JsonObject Changed(string name, JsonObject[] steps)
    {
        var definition = Definitions.Mock(name, ("notes.txt", "notes\n"), ("weights.bin", "weights\n"), ("deep/config.json", "{\"a\": 1}\n\n"));
        definition["transform"] = new JsonObject { ["steps"] = new JsonArray([.. steps]) };
        return definition;
    }
}
