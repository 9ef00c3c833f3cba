using System.Text;
using System.Text.Json.Nodes;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>A model that two Hubs have: the second is asked where the first doesn't have a file, and never told what is the first's.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class AlternateSourcesTests(RuntimeNix runtime) : IAsyncLifetime
{
    private const string Secret = "hf_secretOfTheFirst42";
    private const string Weights = "model.gguf";
    private const string Refused = "http://127.0.0.1:1";
    private readonly List<LoopbackHub> hubs = [];

    private LoopbackHub First => hubs[0];

    private LoopbackHub Second => hubs[1];

    private NixSandbox Nix => runtime.Nix;

    public async Task InitializeAsync()
    {
        hubs.Add(await LoopbackHub.StartAsync());
        hubs.Add(await LoopbackHub.StartAsync());
    }

    public async Task DisposeAsync()
    {
        foreach (var hub in hubs)
            await hub.DisposeAsync();
    }

    [Fact]
    public async Task The_first_is_asked_alone_where_it_has_everything()
    {
        var definition = Definition("alive");
        var path = await runtime.BuildAsync(runtime.Model(definition));
        Assert.Empty(Second.Log.Snapshot());
        Assert.Equal(Text("alive"), await File.ReadAllTextAsync(Nix.Physical($"{path}/snapshots/{Commit(definition)}/{Weights}")));
    }

    [Fact]
    public async Task The_paths_in_the_store_are_those_of_one_source()
    {
        var definition = Definition("same-path");
        var several = await runtime.EvalAsync($"let m = {runtime.Model(definition)}; in [ m.outPath m.raw.outPath m.files.\"{Weights}\".outPath ]");
        definition.Remove("alternates");
        var one = await runtime.EvalAsync($"let m = {runtime.Model(definition)}; in [ m.outPath m.raw.outPath m.files.\"{Weights}\".outPath ]");
        Assert.Equal(one.GetRawText(), several.GetRawText());
    }

    [Theory]
    [InlineData("refused", "The connection was refused")]
    [InlineData("missing", "HTTP 404")]
    [InlineData("wrong", "The content does not match its hash")]
    public async Task The_second_stands_in_for_the_first(string fault, string reason)
    {
        var definition = Definition(fault);
        Break(definition, fault);
        var result = (await runtime.TryBuildAsync(runtime.Model(definition))).OrThrow("build");
        Assert.Contains($"nixgen: huggingface example/{fault} at ", result.Errors, StringComparison.Ordinal);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("error: Failed to fetch", result.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(Second.Log.Of(HubRequestKind.Resolve));
        var built = (await runtime.EvalAsync($"({runtime.Model(definition)}).files.\"{Weights}\".outPath")).GetString();
        Assert.Equal(Text(fault), await File.ReadAllTextAsync(Nix.Root + built));
    }

    [Fact]
    public async Task Where_none_has_it_one_error_tells_what_each_said()
    {
        var definition = Definition("nowhere");
        Break(definition, "refused");
        Second.Faults.On(request => request.Kind == HubRequestKind.Resolve, HubFault.Status(404));
        var result = await runtime.TryBuildAsync(runtime.Model(definition));
        Assert.False(result.Succeeded);
        // One for each of the two files, of which Nix may not reach the second.
        Assert.Contains("error: Failed to fetch model: nowhere", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("error: Failed to fetch model: example/nowhere", result.Errors, StringComparison.Ordinal);
        Assert.Contains("✗ Error: None of the 2 sources has the file", result.Errors, StringComparison.Ordinal);
        Assert.Contains($"│ 1. huggingface example/nowhere at {Refused}:", result.Errors, StringComparison.Ordinal);
        Assert.Contains("│    The connection was refused", result.Errors, StringComparison.Ordinal);
        Assert.Contains($"│ 2. huggingface example/nowhere at {Second.Url}:", result.Errors, StringComparison.Ordinal);
        Assert.Contains("│    HTTP 404: not found", result.Errors, StringComparison.Ordinal);
        Assert.Contains($"URL:      {Second.Url}/example/nowhere/resolve/", result.Errors, StringComparison.Ordinal);
        Assert.Contains("Source 2: If it has moved or changed: nixgen update", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_the_first_does_not_reach_the_second()
    {
        var definition = Definition("isolated");
        First.AddToken(new HubToken(Secret, "member"));
        Break(definition, "missing");
        definition["auth"] = new JsonObject { ["tokenEnvVar"] = "TOKEN_OF_THE_FIRST", ["required"] = true };
        var variables = new Dictionary<string, string> { ["TOKEN_OF_THE_FIRST"] = Secret, ["HF_TOKEN"] = "hf_usualToken4711" };
        var result = (await Nix.TryBuildAsync(RuntimeNix.Expression(runtime.Model(definition)), variables)).OrThrow("build");
        Assert.NotEmpty(First.Log.Snapshot());
        Assert.All(First.Log.Snapshot(), request => Assert.Equal(Secret, request.Token));
        Assert.NotEmpty(Second.Log.Snapshot());
        Assert.All(Second.Log.Snapshot(), request => Assert.False(request.HasAuthorization));
        Assert.DoesNotContain(Secret, result.Output + result.Errors, StringComparison.Ordinal);
        var found = await ProcessRunner.RunAsync("grep", ["-rlF", "--", Secret, Nix.Root]);
        Assert.Equal("", found.Output);
    }

    [Fact]
    public async Task An_alternate_has_a_token_of_its_own()
    {
        var definition = Definition("own-token");
        Break(definition, "refused");
        var repository = Second.Find("example/own-token");
        repository.Gate = HubGate.Manual;
        repository.GateGranted.Add("member");
        Second.AddToken(new HubToken(Secret, "member"));
        Alternate(definition)["auth"] = new JsonObject { ["tokenEnvVar"] = "TOKEN_OF_THE_SECOND" };
        (await Nix.TryBuildAsync(RuntimeNix.Expression(runtime.Model(definition)), new Dictionary<string, string> { ["TOKEN_OF_THE_SECOND"] = Secret })).OrThrow("build");
    }

    [Fact]
    public async Task Content_counts_and_not_its_path()
    {
        var definition = Definition("moved");
        var repository = Second.Add(new HubRepository("other/elsewhere"));
        repository.Commit("c", [HubFile.Lfs("deep/renamed.gguf", Encoding.UTF8.GetBytes(Text("moved")))]);
        definition["alternates"] = new JsonArray(AlternateOf(Second, repository));
        First.Faults.On(request => request.Kind == HubRequestKind.Resolve && request.Path == Weights, HubFault.Status(404));
        var path = (await runtime.BuildAsync(runtime.Model(definition)));
        Assert.Equal(Text("moved"), await File.ReadAllTextAsync(Nix.Physical($"{path}/snapshots/{Commit(definition)}/{Weights}")));
    }

    [Fact]
    public async Task A_source_of_another_kind_stands_in_and_its_file_is_the_same_store_path()
    {
        var definition = Definition("kinds");
        Break(definition, "refused");
        var mock = Definitions.Mock("kinds-mock", ("weights/any.gguf", Text("kinds")), ("config.json", Config("kinds")));
        definition["alternates"] = new JsonArray(new JsonObject
        {
            ["source"] = mock["source"]?.DeepClone(),
            ["locked"] = new JsonObject
            {
                ["repo"] = "example/kinds-mock",
                ["revision"] = new string('0', 40),
                ["files"] = new JsonArray(
                    new JsonObject { ["path"] = "weights/any.gguf", ["sha256"] = Sri(definition, Weights) },
                    new JsonObject { ["path"] = "config.json", ["sha256"] = Sri(definition, "config.json") }),
            },
        });
        var path = await runtime.BuildAsync(runtime.Model(definition));
        Assert.Equal(Text("kinds"), await File.ReadAllTextAsync(Nix.Physical($"{path}/snapshots/{Commit(definition)}/{Weights}")));
        var ofMock = await runtime.EvalAsync($"({runtime.Model(mock)}).files.\"weights/any.gguf\".outPath");
        var ofHub = await runtime.EvalAsync($"({runtime.Model(definition)}).files.\"{Weights}\".outPath");
        Assert.Equal(ofHub.GetString(), ofMock.GetString());
    }

    [Fact]
    public async Task What_does_not_go_with_several_sources_is_refused()
    {
        var definition = Definition("refusals");
        definition["hash"] = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";
        Assert.Contains("which `hash` does not", await runtime.RefusalAsync(runtime.Model(definition)), StringComparison.Ordinal);
        definition.Remove("hash");
        definition["impure"] = true;
        Assert.Contains("which `impure` does not", await runtime.RefusalAsync(runtime.Model(definition)), StringComparison.Ordinal);
        definition["impure"] = false;
        var locked = Alternate(definition)["locked"]?.AsObject() ?? throw new InvalidOperationException("Not locked.");
        locked["repo"] = "no/such--name";
        Assert.Contains("`alternates[0].locked.repo` must hold neither", await runtime.RefusalAsync(runtime.Model(definition)), StringComparison.Ordinal);
        Alternate(definition).Remove("locked");
        Assert.Contains("`alternates[0].locked` is missing", await runtime.RefusalAsync(runtime.Model(definition)), StringComparison.Ordinal);
        Alternate(definition)["source"] = new JsonObject { ["elsewhere"] = new JsonObject() };
        Assert.Contains("`source.elsewhere` is not known", await runtime.RefusalAsync(runtime.Model(definition)), StringComparison.Ordinal);
    }

    // Content of its own for each name: the store is shared by all tests.
    private static string Text(string name) => $"GGUF weights that two Hubs have: {name}\n";

    private static string Config(string name) => $"{{\"several_sources\": \"{name}\"}}\n";

    private static HubRepository Repository(LoopbackHub hub, string name)
    {
        var repository = hub.Add(new HubRepository($"example/{name}"));
        repository.Commit("c", [HubFile.Text("config.json", Config(name)), HubFile.Lfs(Weights, Encoding.UTF8.GetBytes(Text(name)))]);
        return repository;
    }

    private JsonObject Definition(string name)
    {
        var definition = Definitions.Unexamined(Definitions.HuggingFace(First, Repository(First, name), name));
        definition["alternates"] = new JsonArray(AlternateOf(Second, Repository(Second, name)));
        return definition;
    }

    private static JsonObject AlternateOf(LoopbackHub hub, HubRepository repository) => new()
    {
        ["source"] = new JsonObject { ["huggingface"] = new JsonObject { ["repo"] = repository.Id, ["endpoint"] = hub.Url } },
        ["locked"] = Definitions.Locked(hub, repository),
    };

    private void Break(JsonObject definition, string fault)
    {
        switch (fault)
        {
            case "refused":
                Definitions.Source(definition)["endpoint"] = Refused;
                (definition["locked"] ?? throw new InvalidOperationException("Not locked."))["endpoint"] = Refused;
                break;
            case "missing":
                First.Faults.On(request => request.Kind == HubRequestKind.Resolve, HubFault.Status(404));
                break;
            default:
                First.Faults.On(request => request.Kind is HubRequestKind.Cdn or HubRequestKind.ResolveCache, HubFault.Corrupt());
                break;
        }
    }

    private static JsonObject Alternate(JsonObject definition) =>
        definition["alternates"]?[0]?.AsObject() ?? throw new InvalidOperationException("There is no alternate.");

    private static string Commit(JsonObject definition) => definition["locked"]?["revision"]?.GetValue<string>() ?? "";

    private static string? Sri(JsonObject definition, string path) =>
        definition["locked"]?["files"]?.AsArray().First(file => file?["path"]?.GetValue<string>() == path)?["sha256"]?.GetValue<string>();
}
