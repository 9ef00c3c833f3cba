using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NixGen.EndToEnd.Runtime;
using NixGen.Testing.Hub;
using NixGen.Testing.Nginx;
using Xunit;

namespace NixGen.EndToEnd.Url;

/// <summary>Models at addresses are built by real Nix with real curl, from nginx.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed partial class UrlModelTests(RuntimeNix runtime) : IAsyncLifetime
{
    private static readonly byte[] Weights = Encoding.UTF8.GetBytes("weights at an address, for models built by Nix\n");
    private static readonly byte[] Config = Encoding.UTF8.GetBytes("{ \"at\": \"an address\" }\n");
    private static readonly byte[] Tree = Encoding.UTF8.GetBytes("one file of a tree at addresses\n");
    private NginxServer? started;

    private NginxServer Nginx => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await NginxServer.StartAsync(
        new NginxSite().With("/model $(id).bin", Weights).With("/config.json", Config).With("/tree.bin", Tree));

    public async Task DisposeAsync() => await Nginx.DisposeAsync();

    [Fact]
    public async Task A_locked_model_is_a_plain_folder_of_links()
    {
        var definition = Definition("addressed", ("sub/$x \"y\".bin", "/model%20$(id).bin", Weights), ("config.json", "/config.json", Config));
        var path = await runtime.BuildAsync(runtime.Model(definition));
        Assert.Equal(Weights, await File.ReadAllBytesAsync(runtime.Nix.Physical(path + "/sub/$x \"y\".bin")));
        Assert.Equal(Config, await File.ReadAllBytesAsync(runtime.Nix.Physical(path + "/config.json")));
        Assert.DoesNotContain("blobs/", runtime.Nix.Listing(path));
        Assert.Contains(await Nginx.LogAsync(), request => request.Target == "/model%20$(id).bin");
        Assert.Equal("null", (await runtime.EvalAsync($"({runtime.Model(definition)}).hfCachePath")).GetRawText());
    }

    [Fact]
    public async Task A_definition_that_states_all_hashes_needs_no_lock()
    {
        var content = Encoding.UTF8.GetBytes("a definition by hand\n");
        Nginx.Put("/by-hand.bin", content);
        var definition = new JsonObject
        {
            ["name"] = "by-hand",
            ["source"] = new JsonObject { ["url"] = new JsonObject { ["url"] = Nginx.Url + "/by-hand.bin?v=1", ["sha256"] = UrlFetching.Sri(content) } },
        };
        var path = await runtime.BuildAsync(runtime.Model(definition));
        Assert.Equal(content, await File.ReadAllBytesAsync(runtime.Nix.Physical(path + "/by-hand.bin")));
    }

    [Fact]
    public async Task The_hash_of_the_whole_tree_is_enough()
    {
        var definition = new JsonObject
        {
            ["name"] = "whole",
            ["source"] = new JsonObject { ["url"] = new JsonObject { ["urls"] = new JsonArray(new JsonObject { ["url"] = Nginx.Url + "/tree.bin", ["filename"] = "a/b.bin" }) } },
            ["hash"] = "",
        };
        var refused = await runtime.TryBuildAsync(runtime.Model(definition));
        Assert.False(refused.Succeeded);
        definition["hash"] = GotHash().Match(refused.Errors).Groups["hash"].Value;
        var path = await runtime.BuildAsync(runtime.Model(definition));
        Assert.Equal(Tree, await File.ReadAllBytesAsync(runtime.Nix.Physical(path + "/a/b.bin")));
        Assert.DoesNotContain("AAAAAAAA", await File.ReadAllTextAsync(runtime.Nix.Physical(path + "/.nix-model-repo-meta.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_bytes_are_one_path_wherever_they_come_from()
    {
        await using var hub = await LoopbackHub.StartAsync();
        var repository = hub.Add(new HubRepository("example/same"));
        repository.Commit("c", [HubFile.Lfs("model.bin", Weights)]);
        var fromHub = await runtime.EvalAsync($"({runtime.Model(Definitions.HuggingFace(hub, repository, "hub"))}).files.\"model.bin\".outPath");
        var fromUrl = await runtime.EvalAsync($"({runtime.Model(Definition("url", ("w.bin", "/model%20$(id).bin", Weights)))}).files.\"w.bin\".outPath");
        Assert.Equal(fromHub.GetString(), fromUrl.GetString());
    }

    [Theory]
    [InlineData("{ }", "one of `url` and `urls`")]
    [InlineData("{ urls = [ ]; }", "is empty")]
    [InlineData("{ url = \"https://a.example/x\"; urls = [ { url = \"https://a.example/y\"; } ]; }", "one of `url` and `urls`")]
    [InlineData("{ url = \"http://a.example/x\"; }", "an https URL")]
    [InlineData("{ url = \"https://user:pw@a.example/x\"; }", "an https URL")]
    [InlineData("{ url = \"https://a.example/x y\"; }", "an https URL")]
    [InlineData("{ url = \"https://a.example/a%20b\"; }", "`filename` is missing")]
    [InlineData("{ url = \"https://a.example/\"; }", "a path can't be empty")]
    [InlineData("{ url = \"https://a.example/x\"; filename = \"../x\"; }", "`..`")]
    [InlineData("{ url = \"https://a.example/x\"; sha256 = \"abc\"; }", "no SHA-256")]
    [InlineData("{ urls = [ { url = \"https://a.example/x\"; } { url = \"https://b.example/x\"; } ]; }", "more than once")]
    [InlineData("{ url = \"https://a.example/x\"; unpack = true; }", "`source.url.unpack` is not known")]
    public async Task What_is_wrong_with_a_source_is_said(string source, string message)
    {
        var errors = await runtime.EvalAsync($"(runtime.types.validateSource {{ url = {source}; }}).errors");
        Assert.Contains(message, errors.GetRawText().Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_hash_nothing_is_built() => Assert.Contains(
        "nothing says what the files are",
        await runtime.RefusalAsync("(runtime.fetchModel pkgs { name = \"x\"; source.url.url = \"https://a.example/x\"; }).outPath"),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_token_for_two_servers_is_refused()
    {
        var definition = Definition("two", ("a.bin", "/config.json", Config), ("b.bin", "/tree.bin", Tree));
        definition["auth"] = new JsonObject { ["tokenEnvVar"] = "MY_TOKEN" };
        await runtime.EvalAsync($"({runtime.Model(definition)}).files.\"a.bin\".outPath");
        var second = definition["locked"]?["files"]?[1]?.AsObject() ?? [];
        second["url"] = Nginx.CdnUrl + "/tree.bin";
        Assert.Contains("would go to 2 servers", await runtime.RefusalAsync($"({runtime.Model(definition)}).files.\"a.bin\".outPath"), StringComparison.Ordinal);
    }

    private JsonObject Definition(string name, params (string Path, string Target, byte[] Content)[] files) => new()
    {
        ["name"] = name,
        ["source"] = new JsonObject
        {
            ["url"] = new JsonObject
            {
                ["urls"] = new JsonArray([.. files.Select(file => (JsonNode)new JsonObject { ["url"] = Nginx.Url + file.Target, ["filename"] = file.Path })]),
            },
        },
        ["locked"] = new JsonObject
        {
            ["repo"] = Nginx.Url + "/",
            ["revision"] = new string('0', 40),
            ["files"] = new JsonArray([.. files.Select(file => (JsonNode)new JsonObject
            {
                ["path"] = file.Path,
                ["size"] = file.Content.Length,
                ["sha256"] = UrlFetching.Sri(file.Content),
                ["url"] = Nginx.Url + file.Target,
            })]),
        },
        ["network"] = new JsonObject
        {
            ["timeout"] = new JsonObject { ["connect"] = 5, ["read"] = 5 },
            ["retry"] = new JsonObject { ["maxAttempts"] = 2, ["baseDelay"] = 0 },
        },
    };

    [GeneratedRegex(@"got:\s+(?<hash>sha256-\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GotHash();
}
