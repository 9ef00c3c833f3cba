using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NixGen.EndToEnd.Runtime;
using NixGen.Nix.Hashing;
using NixGen.Testing;
using NixGen.Testing.Faults;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>What seeded runs of the fetcher show holds for derivations that Nix builds, all at once and with tokens.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class SeededBuildTests(RuntimeNix runtime) : IAsyncLifetime
{
    private const int Step = 19;
    private const int Builds = 18;
    private readonly List<FaultCase> cases = [.. Enumerable.Range(0, Builds).Select(number => FaultCase.Of(number * Step) with { HasMirror = false })];
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    private NixSandbox Nix => runtime.Nix;

    public async Task InitializeAsync() => started = await LoopbackHub.StartAsync();

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Fact]
    public async Task The_store_gets_the_right_bytes_or_the_log_an_error_that_fits_and_no_token_is_anywhere()
    {
        var schedules = new Dictionary<string, FaultSchedule>(StringComparer.Ordinal);
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var seeded in cases)
        {
            Hub.Add(seeded.Repository);
            schedules[seeded.Repository.Id] = new FaultSchedule(seeded.Plan);
            if (seeded.Token is not { } token)
                continue;
            Hub.AddToken(token);
            tokens[VariableOf(seeded)] = token.Value;
        }

        Hub.Faults.Follow(request => request.Repository is { } id ? schedules.GetValueOrDefault(id)?.Next(request) : null);
        var list = $"[ {string.Join(' ', cases.Select(seeded => $"({Derivation(seeded)})"))} ]";
        var paths = await runtime.EvalAsync($"map (model: {{ out = model.outPath; drv = model.drvPath; }}) {list}");
        var result = await Nix.TryBuildAsync(RuntimeNix.Expression(list), tokens, ["--keep-going"]);

        var failures = new StringBuilder();
        foreach (var (seeded, path) in cases.Zip(paths.EnumerateArray()))
        {
            var complaints = await LookAsync(seeded, Text(path, "out"), Text(path, "drv"));
            if (complaints.Count > 0)
                failures.AppendJoin('\n', [.. complaints, seeded, .. Hub.Log.Snapshot().Where(request => request.Repository == seeded.Repository.Id)]).Append("\n\n");
        }

        Assert.True(failures.Length == 0, $"{failures}{result.Errors}");
        Assert.Contains(cases, seeded => FaultVerdict.Of(seeded) == FaultEnd.Failed);
        Assert.Contains(cases, seeded => FaultVerdict.Of(seeded) == FaultEnd.Done);
        Assert.All(Hub.Log.Snapshot().Where(request => request.OnCdn), request => Assert.False(request.HasAuthorization));
        Assert.Equal(tokens.Values.ToHashSet(), Hub.Log.Snapshot().Select(request => request.Token).OfType<string>().ToHashSet());
        await Leaks.NoneAsync(Nix, "hf_seeded", result);
    }

    private async Task<List<string>> LookAsync(FaultCase seeded, string output, string derivation)
    {
        var complaints = new List<string>();
        var wanted = FaultVerdict.Of(seeded);
        // What a failed build leaves has no entry in the store's own list.
        if ((await Nix.RunAsync(["path-info", output])).Succeeded)
        {
            if (wanted == FaultEnd.Failed)
                complaints.Add("It was built although it can't be.");
            if (FaultRun.WrongFile(seeded, Nix.Root + output) is { } wrong)
                complaints.Add($"The store took it, and {wrong}.");
            return complaints;
        }

        var log = await Nix.LogAsync(derivation);
        if (wanted == FaultEnd.Done)
            complaints.Add($"It was not built where there was a way.\n{log}");
        complaints.AddRange(FaultRun.LookAtErrors(seeded, log).Select(complaint => $"{complaint}\n{log}"));
        return complaints;
    }

    /// <summary>The derivation that fetches, with the case's settings in the place of those that suit real files.</summary>
    private string Derivation(FaultCase seeded)
    {
        var isTree = seeded.Shape is FaultShape.LockedTree or FaultShape.ListedTree;
        var name = $"seed-{seeded.Plan.Seed}";
        var definition = seeded.Shape == FaultShape.ListedTree ? Definitions.Tree(Hub, seeded.Repository, name, HashOfTree(seeded)) : Definitions.HuggingFace(Hub, seeded.Repository, name);
        if (isTree)
            definition["hash"] = HashOfTree(seeded);
        if (seeded.Token is not null)
            definition["auth"] = new JsonObject { ["tokenEnvVar"] = VariableOf(seeded) };
        var settings = new JsonObject(seeded.Settings.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))) { ["fetch_base_delay"] = "0" };
        var model = $"({runtime.Model(definition)})";
        var fetch = isTree ? $"{model}.raw" : $"(builtins.head (builtins.attrValues {model}.files))";
        return $"derivation ({fetch}.drvAttrs // {runtime.Definition(settings)})";
    }

    private static string HashOfTree(FaultCase seeded)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Definitions.Files(seeded.Repository))
        {
            var path = folder.At($"tree/{file.Path}");
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? folder.Path);
            File.WriteAllBytes(path, ((HubContent.InMemory)file.Content).Bytes);
        }

        return NixArchive.Hash(folder.At("tree"), CancellationToken.None).Text;
    }

    private static string VariableOf(FaultCase seeded) => $"TOKEN_OF_SEED_{seeded.Plan.Seed}";

    private static string Text(JsonElement paths, string name) => paths.GetProperty(name).GetString() ?? throw new InvalidOperationException($"There is no {name}.");
}
