using System.Text.Json.Nodes;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>An impure model is what its repository holds when it is built, in the same layout as a locked one.</summary>
public sealed class ImpureModelTests : IAsyncLifetime
{
    private const string Feature = "impure-derivations ca-derivations";

    private readonly string folder = Directory.CreateTempSubdirectory("nixgen-impure-").FullName;
    private LoopbackHub? started;
    private int definitions;

    public static TheoryData<string> Commands => [.. NixCommand.Found.Select(command => command.Name)];

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LoopbackHub.StartAsync();

    public async Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        await Hub.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task It_is_laid_out_as_a_locked_one_with_every_Nix(string command)
    {
        using var nix = Create(command);
        var repository = Hub.Add(HubFixtures.AwkwardModel());
        repository.Branch("work in/progress", repository.Head);
        var locked = Definitions.HuggingFace(Hub, repository, "model");
        var impure = Impure(repository, "work in/progress");
        foreach (var definition in new[] { locked, impure })
            definition["integration"] = new JsonObject { ["huggingface"] = new JsonObject { ["refs"] = new JsonArray("main", "v1/a") } };
        Definitions.Source(locked)["revision"] = "work in/progress";

        var expected = await nix.BuildAsync(Target(locked));
        var path = await nix.BuildAsync(Target(impure));
        Assert.Equal(Layout(nix, expected), Layout(nix, path));
        foreach (var file in Definitions.Files(repository))
            Assert.Equal(((HubContent.InMemory)file.Content).Bytes, await File.ReadAllBytesAsync(nix.Physical($"{path}/blobs/{file.Etag}")));
        foreach (var part in new[] { $"trees/{repository.Head.Id}.json", "refs/main", "refs/v1/a", "refs/work in/progress" })
            Assert.True(JsonNode.DeepEquals(Read(nix, expected, part), Read(nix, path, part)), part);
        var facts = Read(nix, path, ".nix-model-repo-meta.json");
        Assert.True(facts.AsObject().Remove("validation"));
        Assert.Equal($$"""{"revision":"{{repository.Head.Id}}","hfCachePath":"models--example--awkward","impure":true,"name":"model","requested":{"repo":"example/awkward","revision":"work in/progress"},"source":"huggingface","type":"model"}""", facts.ToJsonString());
    }

    [Fact]
    public async Task Each_build_fetches_what_is_there_and_says_so()
    {
        using var nix = Create();
        var repository = Hub.Add(HubFixtures.TinyModel());
        var model = Impure(repository);
        var first = (await nix.TryBuildAsync(Target(model))).OrThrow("the first build");
        var old = repository.Head.Id;
        Assert.Equal(1, Count(first.Errors, "the model \"model\" is impure: each build fetches"));
        Assert.Contains("nixgen: IMPURE: example/tiny is fetched as it is now", first.Errors, StringComparison.Ordinal);
        Assert.Contains($"nixgen: main of example/tiny is the commit {old} at this time", first.Errors, StringComparison.Ordinal);

        repository.Commit("Newer", [HubFile.Text("new.txt", "new\n")]);
        var path = await nix.BuildAsync(Target(model));
        Assert.NotEqual(old, repository.Head.Id);
        Assert.Equal("new\n", await File.ReadAllTextAsync(nix.Physical($"{path}/snapshots/{repository.Head.Id}/new.txt")));
        Assert.False(Directory.Exists($"{nix.Root}{path}/snapshots/{old}"));
    }

    [Fact]
    public async Task Patterns_choose_and_a_token_reaches_the_Hub()
    {
        using var nix = Create();
        var repository = Hub.Add(HubFixtures.TinyModel("example/gated"));
        repository.Gate = HubGate.Manual;
        repository.GateGranted.Add("member");
        Hub.AddToken(new HubToken("hf_impureSecret", "member"));
        var model = Impure(repository);
        Definitions.Source(model)["files"] = new JsonArray("*.json");
        Definitions.Source(model)["exclude"] = new JsonArray("onnx/*");
        model["auth"] = new JsonObject { ["tokenEnvVar"] = "MY_HUB_TOKEN", ["required"] = true };
        (await nix.TryBuildAsync(Target(model, "raw"), new Dictionary<string, string> { ["MY_HUB_TOKEN"] = "hf_impureSecret" })).OrThrow("build");
        Assert.Equal(
            ["config.json", "tokenizer.json", "tokenizer_config.json"],
            Hub.Log.Of(HubRequestKind.Resolve).Select(request => Path.GetFileName(request.Path)).Order(StringComparer.Ordinal));
        Assert.All(Hub.Log.Snapshot().Where(request => !request.OnCdn), request => Assert.Equal("hf_impureSecret", request.Token));
    }

    [Fact]
    public async Task Without_the_Hubs_layout_it_is_a_plain_folder()
    {
        using var nix = Create();
        var repository = Hub.Add(HubFixtures.TinyModel());
        var model = Impure(repository);
        model["integration"] = new JsonObject { ["huggingface"] = new JsonObject { ["enable"] = false } };
        var path = await nix.BuildAsync(Target(model));
        Assert.Equal(
            Definitions.Files(repository).Select(file => file.Path).Append(".nix-model-repo-meta.json").Order(StringComparer.Ordinal),
            nix.Listing(path).Where(line => !line.EndsWith('/')).Select(line => line.Split(" -> ")[0]).Order(StringComparer.Ordinal));
        Assert.Equal(repository.Head.Id, Read(nix, path, ".nix-model-repo-meta.json")["revision"]?.GetValue<string>());
    }

    [Fact]
    public async Task A_cache_with_an_impure_model_is_impure_and_merges_none()
    {
        using var nix = Create();
        var repository = Hub.Add(HubFixtures.TinyModel());
        var impure = Model(Impure(repository));
        var mock = Model(Definitions.Mock("pure", ("config.json", "{}")));
        var cache = await nix.BuildAsync(RuntimeNix.Expression($"runtime.buildCache pkgs [ ({impure}) ({mock}) ]"));
        Assert.Equal("{}", await File.ReadAllTextAsync(nix.Physical(Assert.Single(Snapshots(nix, cache, "models--example--pure")) + "/config.json")));
        Assert.Contains("bert", await File.ReadAllTextAsync(nix.Physical(Assert.Single(Snapshots(nix, cache, "models--example--tiny")) + "/config.json")), StringComparison.Ordinal);

        var locked = Model(Definitions.HuggingFace(Hub, repository, "locked"));
        await RefusesAsync(nix, $"(runtime.buildCache pkgs [ ({locked}) ({impure}) ]).drvPath", "buildCache: in models--example--tiny, model can't be merged with other models: it is impure");
    }

    [Fact]
    public async Task What_can_not_be_made_of_it_says_what_to_do()
    {
        using var nix = Create();
        var model = Model(Impure(Hub.Add(HubFixtures.TinyModel())));
        await RefusesAsync(nix, $"runtime.getModelPath ({model})", "its files are in the attribute `raw`");
        await RefusesAsync(nix, $"(runtime.mkModelWrapper pkgs {{ program = \"/bin/x\"; models = [ {{ path = {model}; envVar = \"M\"; }} ]; }}).drvPath", "mkModelWrapper: model is impure, and nothing that is pure can be made of it: lock it");
        await RefusesAsync(nix, $"runtime.mkShellHook {{ models = [ ({model}) ]; }}", "a link: model is impure");
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task Its_files_alone_can_be_had_too()
    {
        using var nix = Create();
        var repository = Hub.Add(HubFixtures.TinyModel());
        var path = await nix.BuildAsync(RuntimeNix.Expression($"runtime.fetchFromHuggingFace pkgs {{ name = \"x\"; repo = \"example/tiny\"; endpoint = \"{Hub.Url}\"; impure = true; }}"));
        Assert.Equal(
            Definitions.Files(repository).Select(file => file.Path),
            nix.Listing(path).Where(line => !line.EndsWith('/')));
    }

    [Fact]
    public async Task It_is_marked()
    {
        using var nix = Create();
        var marks = await nix.EvalAsync(RuntimeNix.Expression($"let m = {Model(Impure(Hub.Add(HubFixtures.TinyModel())))}; in {{ inherit (m) impure hfCachePath meta; rest = builtins.attrNames m.passthru; }}"));
        Assert.True(marks.GetProperty("impure").GetBoolean());
        Assert.Equal("models--example--tiny", marks.GetProperty("hfCachePath").GetString());
        Assert.Equal("Model example/tiny, impure: as it is when it is built", marks.GetProperty("meta").GetProperty("description").GetString());
        Assert.Empty(marks.GetProperty("meta").GetProperty("hydraPlatforms").EnumerateArray());
        Assert.Equal(["config", "hfCachePath", "impure", "raw", "refs", "source", "sourceMeta", "transformations", "transformed", "validated"], marks.GetProperty("rest").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Nix_without_the_feature_names_it()
    {
        using var nix = NixSandbox.Create();
        var refused = await nix.TryBuildAsync(Target(Impure(Hub.Add(HubFixtures.TinyModel()))));
        Assert.Contains("impure-derivations", refused.Errors, StringComparison.Ordinal);
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"sha": "main"}""")]
    [InlineData("""{"sha": ["0123456789abcdef0123456789abcdef01234567"]}""")]
    [InlineData("<html>")]
    public async Task A_server_that_names_no_commit_is_refused(string answer)
    {
        using var server = new RawServer(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {answer.Length}\r\n\r\n{answer}"));
        using var run = FetcherRun.OfTree(Hub, Hub.Add(HubFixtures.TinyModel()));
        run.Variables["fetch_endpoint"] = server.Url;
        run.Variables["fetch_revision"] = "main";
        run.Variables["fetch_impure"] = "1";
        run.Variables["facts"] = run.Out + "-facts";
        var result = await run.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("✗ Error: The server does not say which commit this revision is", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.Out));
    }

    private static NixSandbox Create(string command = "installed") =>
        NixSandbox.Create(NixCommand.Found.Single(found => found.Name == command), Feature);

    private JsonObject Impure(HubRepository repository, string? revision = null)
    {
        var definition = Definitions.HuggingFace(Hub, repository, "model");
        definition.Remove("locked");
        definition["impure"] = true;
        if (revision is not null)
            Definitions.Source(definition)["revision"] = revision;
        return definition;
    }

    private string Model(JsonNode definition)
    {
        var path = Path.Combine(folder, $"definition-{Interlocked.Increment(ref definitions)}.json");
        File.WriteAllText(path, definition.ToJsonString());
        return $"runtime.fetchModel pkgs (define {path})";
    }

    private NixTarget Target(JsonNode definition, string? attribute = null) =>
        RuntimeNix.Expression(attribute is null ? Model(definition) : $"({Model(definition)}).{attribute}");

    private static async Task RefusesAsync(NixSandbox nix, string expression, string message)
    {
        var result = await nix.TryEvalAsync(RuntimeNix.Expression(expression));
        Assert.False(result.Succeeded, result.Output);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
    }

    // Everything but where in the store the files are.
    private static IEnumerable<string> Layout(NixSandbox nix, string path) =>
        nix.Listing(path).Select(line => line.Split(" -> /nix/store/")[0]);

    private static IEnumerable<string> Snapshots(NixSandbox nix, string cache, string repository) =>
        Directory.EnumerateDirectories(nix.Physical($"{cache}/{repository}") + "/snapshots").Select(path => path[nix.Root.Length..]);

    // Refs are text and no JSON.
    private static JsonNode Read(NixSandbox nix, string path, string file)
    {
        var text = File.ReadAllText(nix.Physical($"{path}/{file}"));
        return (text.StartsWith('{') ? JsonNode.Parse(text) : JsonValue.Create(text)) ?? throw new InvalidOperationException($"{file} is null.");
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
