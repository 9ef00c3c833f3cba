using System.Text.Json;
using System.Text.Json.Nodes;
using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>Models whose content stands in their definition are built by real Nix, without a network.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class MockModelTests(RuntimeNix runtime)
{
    private const string Hello = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
    private const string HelloPath = "/nix/store/wdiblmi3dhq4phq7v29vnpss0cxi0np8-model-file-uU0nuZNNPgilLlLX";

    [Fact]
    public async Task The_output_is_a_repository_of_the_Hubs_cache()
    {
        var definition = Definitions.Mock("tiny", ("hello.txt", "hello world"), ("a folder/again.txt", "hello world"));
        definition["integration"] = new JsonObject
        {
            ["huggingface"] = new JsonObject { ["refs"] = new JsonArray("v1", "refs/pr/1", new string('a', 40)) },
        };
        var model = runtime.Model(definition);
        var path = await runtime.BuildAsync(model);
        var commit = (await runtime.EvalAsync($"({model}).revision")).GetString();
        Assert.Equal(
            [
                ".nix-model-repo-meta.json",
                $"blobs/",
                $"blobs/{Hello} -> {HelloPath}",
                "refs/",
                "refs/main",
                "refs/refs/",
                "refs/refs/pr/",
                "refs/refs/pr/1",
                "refs/v1",
                "snapshots/",
                $"snapshots/{commit}/",
                $"snapshots/{commit}/a folder/",
                $"snapshots/{commit}/a folder/again.txt -> ../../../blobs/{Hello}",
                $"snapshots/{commit}/hello.txt -> ../../blobs/{Hello}",
                "trees/",
                $"trees/{commit}.json",
            ],
            runtime.Nix.Listing(path));
        Assert.Equal(commit, await File.ReadAllTextAsync(runtime.Nix.Physical($"{path}/refs/main")));
        Assert.Equal(40, new FileInfo(runtime.Nix.Physical($"{path}/refs/refs/pr/1")).Length);
        Assert.Equal("hello world", await File.ReadAllTextAsync(runtime.Nix.Physical($"{path}/blobs/{Hello}")));
        Assert.Contains(HelloPath, await runtime.Nix.ClosureAsync(path));
    }

    [Fact]
    public async Task The_store_path_of_content_is_the_one_that_the_name_and_the_hash_give() =>
        Assert.Equal(HelloPath, (await runtime.EvalAsync($"({runtime.Model(Definitions.Mock("other", ("x", "hello world")))}).files.x.outPath")).GetString());

    [Fact]
    public async Task Without_the_cache_layout_the_output_is_the_plain_tree()
    {
        var definition = Definitions.Mock("plain", ("hello.txt", "hello world"), ("d/e/f.txt", "deep\n"));
        definition["integration"] = new JsonObject { ["huggingface"] = new JsonObject { ["enable"] = false } };
        var model = runtime.Model(definition);
        var listing = runtime.Nix.Listing(await runtime.BuildAsync(model));
        Assert.Equal([".nix-model-repo-meta.json", "d/", "d/e/"], listing.Where(line => !line.Contains("->", StringComparison.Ordinal)));
        Assert.Contains($"hello.txt -> {HelloPath}", listing);
        Assert.Equal(JsonValueKind.Null, (await runtime.EvalAsync($"({model}).hfCachePath")).ValueKind);
    }

    [Fact]
    public async Task Metadata_states_facts_and_no_clock()
    {
        var model = runtime.Model(Definitions.Mock("facts", ("config.json", "{}\n")));
        var text = await File.ReadAllTextAsync(runtime.Nix.Physical(await runtime.BuildAsync(model) + "/.nix-model-repo-meta.json"));
        using var json = JsonDocument.Parse(text);
        Assert.Equal(["files", "hfCachePath", "name", "repo", "requested", "revision", "source", "type", "validation"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal("models--example--facts", json.RootElement.GetProperty("hfCachePath").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("files")[0].GetProperty("size").GetInt64());
    }

    [Fact]
    public async Task Content_is_data_whatever_it_holds()
    {
        const string Evil = "\"; ${builtins.abort \"x\"} ''${y} '; touch /tmp/pwned; ' $(id) `id`\n\t\u001b[31m";
        const string Path = "-$(touch pwned) `id` '\"${x}\\n%s #%+ü\u200f.txt";
        var model = runtime.Model(Definitions.Mock("inert", (Path, Evil), ("empty", "")));
        var path = await runtime.BuildAsync(model);
        var commit = (await runtime.EvalAsync($"({model}).revision")).GetString();
        Assert.Contains(runtime.Nix.Listing(path), line => line.StartsWith($"snapshots/{commit}/{Path} -> ../../blobs/", StringComparison.Ordinal));
        Assert.Equal(Evil, await File.ReadAllTextAsync(runtime.Nix.Physical($"{path}/snapshots/{commit}/{Path}")));
    }

    [Fact]
    public async Task Nested_definitions_are_instantiated_only_where_they_are_looked_at()
    {
        var model = runtime.Definition(Definitions.Mock("ignored", ("x", "y")));
        var text = $$"""
            let models = runtime.instantiate pkgs {
              group.deep.a = removeAttrs ({{model}}) [ "name" ];
              group.broken = { source = throw "looked at"; };
              source.source.mock = { };
            }; in
            """;
        Assert.Equal("[\"broken\",\"deep\"]", (await runtime.EvalAsync($"{text} builtins.attrNames models.group")).GetRawText());
        Assert.Equal("a", (await runtime.EvalAsync($"{text} models.group.deep.a.name")).GetString());
        Assert.Equal("source", (await runtime.EvalAsync($"{text} models.source.name")).GetString());
    }

    [Fact]
    public async Task What_users_look_up_is_there()
    {
        var model = $"(runtime.fetchModel pkgs ({runtime.Definition(Definitions.Mock("looked-up", ("x", "y")))} // {{ version = \"1.0\"; meta = {{ license = \"Apache-2.0\"; description = \"d\"; }}; }}))";
        var looked = await runtime.EvalAsync($$"""
            let m = {{model}}; in {
              inherit (m) name hfCachePath refs;
              raw = m.raw.name;
              files = builtins.attrNames m.files;
              source = m.source.mock.model;
              config = m.config.version;
              locked = m.locked.repo;
              sourceType = m.sourceMeta.sourceType;
              description = m.meta.description;
              license = m.meta.license.shortName;
              gate = m.meta.license ? free;
            }
            """);
        Assert.Equal(
            """{"config":"1.0","description":"d","files":["x"],"gate":true,"hfCachePath":"models--example--looked-up","license":"asl20","locked":"example/looked-up","name":"looked-up-1.0","raw":"looked-up-raw","refs":["main"],"source":"looked-up","sourceType":"mock"}""",
            looked.GetRawText());
    }

    [Theory]
    [InlineData("\"mit\"", true)]
    [InlineData("\"apache-2.0\"", true)]
    [InlineData("lib.licenses.mit", true)]
    [InlineData("[ lib.licenses.mit lib.licenses.asl20 ]", true)]
    [InlineData("\"cc-by-nc-4.0\"", true)]
    [InlineData("\"llama3.2\"", true)]
    [InlineData("lib.licenses.cc-by-nc-40", false)]
    public async Task A_licence_that_is_only_named_does_not_gate_the_build(string license, bool builds)
    {
        var text = $"(runtime.fetchModel pkgs {{ name = \"x\"; source.mock = {{ }}; meta.license = {license}; }}).drvPath";
        Assert.Equal(builds, (await runtime.Nix.TryEvalAsync(RuntimeNix.Expression(text))).Succeeded);
    }

    [Fact]
    public async Task The_whole_tree_can_be_one_derivation()
    {
        var definition = Definitions.Mock("whole", ("hello.txt", "hello world"), ("d/-x", "1\n2\n"), ("empty", ""));
        definition["hash"] = "";
        var refused = await runtime.TryBuildAsync(runtime.Model(definition));
        var got = GotHash(refused);
        definition["hash"] = got;
        var path = await runtime.BuildAsync($"({runtime.Model(definition)}).raw");
        Assert.Equal(["d/", "d/-x", "empty", "hello.txt"], runtime.Nix.Listing(path));
        Assert.Equal("1\n2\n", await File.ReadAllTextAsync(runtime.Nix.Physical(path + "/d/-x")));
        var final = await runtime.BuildAsync(runtime.Model(definition));
        Assert.Contains($"blobs/{Hello} -> {path}/hello.txt", runtime.Nix.Listing(final));
    }

    [Fact]
    public async Task Every_output_is_the_same_when_it_is_built_again()
    {
        var model = runtime.Model(Definitions.Mock("again", ("a", "1"), ("b/c", "2")));
        await runtime.BuildAsync(model);
        var result = await runtime.Nix.RunAsync(["build", "-f", WriteFile(model), "--no-link", "--rebuild"]);
        result.OrThrow("nix build --rebuild");
    }

    internal static string GotHash(ProcessResult refused)
    {
        Assert.False(refused.Succeeded);
        Assert.True(refused.Errors.Contains("hash mismatch in fixed-output derivation", StringComparison.Ordinal), refused.Errors);
        var got = refused.Errors.Split('\n').Single(line => line.TrimStart().StartsWith("got:", StringComparison.Ordinal) && line.Contains("sha256-", StringComparison.Ordinal));
        return got[got.IndexOf("sha256-", StringComparison.Ordinal)..].Trim();
    }

    private string WriteFile(string text)
    {
        var file = Path.Combine(runtime.Nix.Root, "home", "again.nix");
        File.WriteAllText(file, $"{RuntimeNix.Prelude}\n{text}");
        return file;
    }
}
