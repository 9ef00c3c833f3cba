using NixGen.EndToEnd.Acceptance;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Versions;

/// <summary>
/// What nixgen emits, in all its forms, for the quickstart and for models of a loopback Hub; and the store paths that the
/// default Nix gives them, run by the tests' own user.
/// </summary>
public sealed class EmittedModels : IAsyncLifetime
{
    private const string Manifest = """
        version: 1
        models:
          first: hf:example/first
          awkward: hf:example/awkward
          data: { source: { huggingface: { repo: example/data, type: dataset, revision: refs/pr/1 } } }
        groups:
          all: [first, awkward, data]

        """;

    private const string SingleFile = "single file";
    private const string Folder = "folder";

    private readonly LoopbackHub hub;
    private readonly Workbench bench;

    public EmittedModels()
    {
        hub = LoopbackHub.StartAsync().GetAwaiter().GetResult();
        bench = new Workbench(hub);
    }

    public static IReadOnlyList<string> Forms { get; } = [SingleFile, Folder, "flake"];

    /// <summary>A port that builds must not reach, unless they say beforehand what they will fetch.</summary>
    public int Port => new Uri(hub.Url).Port;

    /// <summary>What is built, whatever the form.</summary>
    public IReadOnlyList<string> Outputs { get; private set; } = [];

    /// <summary>
    /// For each form, the derivations of a model and a group that would need the network: the forms refer to their fetch
    /// scripts in different ways, which their outputs don't depend on.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Derivations { get; private set; } = new Dictionary<string, IReadOnlyList<string>>();

    public async Task InitializeAsync()
    {
        hub.Add(HubFixtures.SharingModels().First);
        var names = HubFixtures.AwkwardNames;
        hub.Add(new HubRepository("example/awkward")).Commit("c", [HubFile.Text($"a folder/{names[0]}", "small"), HubFile.Lfs(names[^2], [6, 7]), HubFile.Lfs(names[6], [8])]);
        var data = hub.Add(new HubRepository("example/data", HubRepositoryKind.Dataset));
        data.SetRef("refs/pr/1", data.Commit("c", [HubFile.Text("README.md", "# data\n"), HubFile.Lfs("train/rows.parquet", [1, 2, 3, 4, 5])]));
        bench.Write("models.yaml", Manifest);
        foreach (var file in new[] { "models.yaml", "models.lock.json" })
            bench.Write($"quickstart/{file}", await File.ReadAllTextAsync(Checkout.At("examples", "quickstart", file)));
        await EmitAsync("models.yaml", "hub");
        await EmitAsync("quickstart/models.yaml", "mock");

        // Another user is to read it, wherever the umask of this one stands.
        var everything = Directory.GetParent(bench.Folder)?.FullName ?? bench.Folder;
        (await ProcessRunner.RunAsync("chmod", ["-R", "a+rX", everything])).OrThrow("chmod");

        using var nix = NixSandbox.Create();
        Outputs = await BuildAsync(nix, SingleFile);
        var derivations = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var form in Forms)
            derivations[form] = await EvaluateAsync(nix, form);
        Derivations = derivations;
    }

    public async Task DisposeAsync()
    {
        await hub.DisposeAsync();
        bench.Dispose();
    }

    /// <summary>Builds every model and group that can be built here; returns their paths.</summary>
    public async Task<IReadOnlyList<string>> BuildAsync(NixSandbox nix, string form)
    {
        var paths = new List<string>();
        foreach (var attribute in new[] { "first", "first.raw", "awkward", "data", "all" })
            paths.Add(await nix.BuildAsync(Target(form, "hub", attribute)));
        foreach (var attribute in new[] { "tiny-mock", "tiny-mock.raw" })
            paths.Add(await nix.BuildAsync(Target(form, "mock", attribute)));
        return paths;
    }

    /// <summary>Evaluates the model and the group that would need the network.</summary>
    public async Task<IReadOnlyList<string>> EvaluateAsync(NixSandbox nix, string form)
    {
        var paths = new List<string>();
        foreach (var attribute in new[] { "whisper-base.drvPath", "whisper-base.outPath", "all.drvPath", "all.outPath" })
            paths.Add((await nix.EvalAsync(Target(form, "mock", attribute))).GetString() ?? "");
        return paths;
    }

    private NixTarget Target(string form, string name, string attribute) => form switch
    {
        SingleFile => new NixTarget.File(bench.PathOf($"{name}.nix"), attribute),
        Folder => new NixTarget.File(bench.PathOf(name), attribute),
        _ => new NixTarget.Flake($"path:{bench.PathOf(name)}#{attribute}"),
    };

    private async Task EmitAsync(string manifest, string name)
    {
        (await bench.NixgenAsync("build", manifest, "--out", name)).ShouldEndWith(0);
        bench.Write($"{name}.nix", (await bench.NixgenAsync("build", manifest)).ShouldEndWith(0).Output);
    }
}
