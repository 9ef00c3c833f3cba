using System.Text.Json.Nodes;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>A lazy model is a program that holds no model, and lets the user's own Nix fetch it on first use.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class LazyModelTests(RuntimeNix runtime) : IAsyncLifetime
{
    private LoopbackHub? started;

    public static TheoryData<string> NewerCommands => [.. NixCommand.Found.Select(command => command.Name)];

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    private NixSandbox Nix => runtime.Nix;

    public async Task InitializeAsync() => started = await LoopbackHub.StartAsync();

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Fact]
    public async Task The_first_use_fetches_and_nothing_before_or_after()
    {
        // No other test's store has these contents.
        var repository = Hub.Add(new HubRepository("example/lazily"));
        repository.Commit("c", [HubFile.Text("config.json", "for the first use\n"), HubFile.Text("README.md", "of a lazy model\n"), HubFile.Lfs("model.bin", [76, 97, 122, 121])]);
        var definition = Lazy(Definitions.HuggingFace(Hub, repository, "lazily"));
        var built = await runtime.BuildAsync(runtime.Model(definition));
        Assert.Empty(Hub.Log.Snapshot());
        // A recipe for each file is there, and no file.
        Assert.DoesNotContain(await Nix.ClosureAsync(built), path => path.Contains("-model-file-", StringComparison.Ordinal) && !path.EndsWith(".drv", StringComparison.Ordinal));

        var model = (await runtime.EvalAsync($"({runtime.Model(definition)}).model.outPath")).GetString();
        var first = (await RunAsync(built, "lazily")).OrThrow("the first run");
        Assert.Equal(model + "\n", first.Output);
        Assert.Contains("lazily: the model is not on this machine yet: Nix fetches it now", first.Errors, StringComparison.Ordinal);
        Assert.Contains("copying the program to another machine doesn't copy it", first.Errors, StringComparison.Ordinal);
        Assert.Equal(Definitions.Files(repository).Count(), Hub.Log.Of(HubRequestKind.Resolve).Count(request => !request.OnCdn));

        Hub.Log.Clear();
        var second = (await RunAsync(built, "lazily")).OrThrow("the second run");
        Assert.Equal((first.Output, ""), (second.Output, second.Errors));
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task A_command_has_the_model_in_its_environment_and_keeps_its_exit_code()
    {
        var built = await runtime.BuildAsync(runtime.Model(Lazy(Definitions.Mock("commanded", ("config.json", "{}")))));
        var result = await RunAsync(built, "commanded", "bash", "-c", "cat \"$MODEL_PATH/config.json\"; cat \"$HF_HUB_CACHE\"/models--example--commanded/refs/main; echo \" $HF_HUB_OFFLINE $1\"; exit 7", "bash", "a b");
        Assert.Equal(7, result.ExitCode);
        Assert.Matches("^{}[0-9a-f]{40} 1 a b\n$", result.Output);
    }

    [Fact]
    public async Task A_plain_model_has_a_path_alone()
    {
        var definition = Lazy(Definitions.Mock("plainly", ("config.json", "{}")));
        definition["integration"] = new JsonObject { ["huggingface"] = new JsonObject { ["enable"] = false } };
        var built = await runtime.BuildAsync(runtime.Model(definition));
        var result = (await RunAsync(built, "plainly", "bash", "-c", "cat \"$MODEL_PATH/config.json\"; echo \"${HF_HUB_CACHE-unset}\"")).OrThrow("the run");
        Assert.Equal("{}unset\n", result.Output);
    }

    [Fact]
    public async Task A_root_keeps_the_model_from_the_garbage_collector()
    {
        var built = await runtime.BuildAsync(runtime.Model(Lazy(Definitions.Mock("kept", ("config.json", "{ \"kept\": 1 }")))));
        var state = Path.Combine(Nix.Root, "home", "state of lazy");
        var model = (await RunAsync(built, "kept", new Dictionary<string, string?> { ["XDG_STATE_HOME"] = state })).OrThrow("the run").Output.Trim();
        Assert.EndsWith("-hf-hub-cache", new FileInfo(Path.Combine(state, "nixgen", "roots", "kept")).LinkTarget, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(state, "nixgen", "roots", "kept"), (await Nix.RunInsideAsync("nix-store", ["--gc", "--print-roots"])).OrThrow("roots").Output, StringComparison.Ordinal);
        var cache = (await runtime.EvalAsync($"(runtime.buildCache pkgs [ ({runtime.Model(Lazy(Definitions.Mock("kept", ("config.json", "{ \"kept\": 1 }"))))}) ]).outPath")).GetString() ?? "";
        Assert.NotEqual(0, (await Nix.RunInsideAsync("nix-store", ["--delete", cache, model])).ExitCode);
        Directory.Delete(state, recursive: true);
        (await Nix.RunInsideAsync("nix-store", ["--delete", cache, model])).OrThrow("deleting what nothing holds");
    }

    [Theory]
    [MemberData(nameof(NewerCommands))]
    public async Task It_works_with_every_Nix(string name)
    {
        var command = NixCommand.Found.Single(found => found.Name == name);
        using var nix = NixSandbox.Create(command);
        var repository = Hub.Add(HubFixtures.TinyModel("example/versions", seed: 411));
        var built = await nix.BuildAsync(RuntimeNix.Expression(runtime.Model(Lazy(Definitions.HuggingFace(Hub, repository, "versions")))));
        Assert.Empty(Hub.Log.Snapshot());
        var path = Path.GetDirectoryName(command.Program) is { Length: > 0 } folder ? $"{folder}:{Environment.GetEnvironmentVariable("PATH")}" : Environment.GetEnvironmentVariable("PATH");
        var result = (await nix.RunInsideAsync("env", [$"PATH={path}", $"{built}/bin/versions", "cat", "--"])).OrThrow(name);
        Assert.Equal("", result.Output);
        Assert.Equal(Definitions.Files(repository).Count(), Hub.Log.Of(HubRequestKind.Resolve).Count(request => !request.OnCdn));
    }

    [Fact]
    public async Task What_it_lacks_is_named()
    {
        var built = await runtime.BuildAsync(runtime.Model(Lazy(Definitions.Mock("lacking", ("config.json", "{}")))));
        var program = $"{built}/bin/lacking";
        var result = await Nix.RunInsideAsync("env", ["PATH=/nowhere", program]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("lacking: error: there is no nix-store on the PATH", result.Errors, StringComparison.Ordinal);
        Assert.Contains("lacking: Install Nix, or take the model itself", result.Errors, StringComparison.Ordinal);
        result = await Nix.RunInsideAsync("env", ["--unset=HOME", "--unset=XDG_STATE_HOME", program]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("neither HOME nor XDG_STATE_HOME", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_can_not_be_fetched_says_so_and_runs_nothing()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/away", seed: 421));
        var built = await runtime.BuildAsync(runtime.Model(Lazy(Definitions.HuggingFace(Hub, repository, "away"))));
        Hub.Remove(repository);
        var result = await RunAsync(built, "away", "echo", "ran");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("away: error: the model could not be fetched; the reason is above", result.Errors, StringComparison.Ordinal);
        Assert.Contains("This program holds no model: Nix builds it on first use, and needs the network for that.", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_known_of_the_model_stays()
    {
        var definition = Definitions.Mock("known", ("config.json", "{}"));
        var eager = runtime.Model(definition);
        var lazy = runtime.Model(Lazy(definition));
        var facts = await runtime.EvalAsync($$"""
            let
              eager = {{eager}};
              lazy = {{lazy}};
              same = name: eager.${name} == lazy.${name};
            in
            {
              differ = builtins.filter (name: name != "config" && builtins.toJSON eager.${name} != builtins.toJSON lazy.${name}) (builtins.attrNames eager.passthru);
              model = lazy.model.drvPath == eager.drvPath;
              inherit (lazy) name lazy;
              inherit (lazy.meta) mainProgram description;
              path = runtime.getModelPath lazy == runtime.getModelPath eager;
              hook = runtime.mkShellHook { models = [ lazy ]; } == runtime.mkShellHook { models = [ eager ]; };
              link = runtime.mkLinkScript { model = lazy; } == runtime.mkLinkScript { model = eager; };
              cache = (runtime.buildCache pkgs [ lazy ]).drvPath == (runtime.buildCache pkgs [ eager ]).drvPath;
            }
            """);
        Assert.Equal("""{"cache":true,"description":"Model example/known","differ":[],"hook":true,"lazy":true,"link":true,"mainProgram":"known","model":true,"name":"known","path":true}""", facts.GetRawText());
    }

    [Fact]
    public async Task A_wrapped_program_stays_lazy()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/wrapped-lazily", seed: 431));
        var model = runtime.Model(Lazy(Definitions.HuggingFace(Hub, repository, "wrapped-lazily")));
        var built = await runtime.BuildAsync($"runtime.mkModelWrapper pkgs {{ program = \"/usr/bin/env\"; models = [ {{ path = {model}; envVar = \"MODEL\"; }} ]; }}");
        Assert.Empty(Hub.Log.Snapshot());
        var result = (await Nix.RunInsideAsync($"{built}/bin/env", [])).OrThrow("the wrapper");
        Assert.Matches($"\nMODEL=/nix/store/[a-z0-9]{{32}}-wrapped-lazily/snapshots/{repository.Head.Id}\n", "\n" + result.Output);
        Assert.NotEmpty(Hub.Log.Of(HubRequestKind.Resolve));

        var without = await Nix.RunInsideAsync("env", ["PATH=/nowhere", $"{built}/bin/env"]);
        Assert.Equal((1, ""), (without.ExitCode, without.Output));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_program_passes_shellcheck_and_shfmt(bool isRepository)
    {
        var definition = Lazy(Definitions.Mock("linted", ("config.json", "{}")));
        definition["integration"] = new JsonObject { ["huggingface"] = new JsonObject { ["enable"] = isRepository } };
        var program = $"{Nix.Root}{await runtime.BuildAsync(runtime.Model(definition))}/bin/linted";
        (await ProcessRunner.RunAsync("shellcheck", [program])).OrThrow("shellcheck");
        // The stub's head and foot are not ours.
        var text = string.Join('\n', File.ReadLines(program).SkipWhile(line => !line.StartsWith("name=", StringComparison.Ordinal))).TrimEnd('\n') + "\n";
        (await ProcessRunner.RunAsync("shfmt", ["-i", "2", "-ci", "-d"], input: text)).OrThrow("shfmt");
    }

    [Fact]
    public async Task Where_files_are_asked_for_it_is_refused() =>
        Assert.Contains("which `lazy` would leave out: take fetchModel", await runtime.RefusalAsync($"(runtime.fetchFromHuggingFace pkgs {{ name = \"x\"; repo = \"a/b\"; revision = \"{new string('1', 40)}\"; hash = \"\"; lazy = true; }}).drvPath"), StringComparison.Ordinal);

    private static JsonObject Lazy(JsonObject definition)
    {
        var lazy = definition.DeepClone().AsObject();
        lazy["lazy"] = true;
        return lazy;
    }

    private Task<ProcessResult> RunAsync(string built, string name, params string[] arguments) => Nix.RunInsideAsync($"{built}/bin/{name}", arguments);

    private Task<ProcessResult> RunAsync(string built, string name, Dictionary<string, string?> variables) => Nix.RunInsideAsync($"{built}/bin/{name}", [], variables);
}
