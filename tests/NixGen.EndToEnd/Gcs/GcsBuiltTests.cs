using NixGen.EndToEnd.Acceptance;
using NixGen.Testing;
using NixGen.Testing.Gcs;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Gcs;

/// <summary>From manifest to store: nixgen as a process, real Nix with its sandbox, and the loopback Cloud Storage.</summary>
public sealed class GcsBuiltTests : IAsyncLifetime
{
    private readonly NixSandbox nix = NixSandbox.Create();
    private readonly string unique = Guid.NewGuid().ToString("N");
    private LoopbackGcs? started;
    private LoopbackHub? startedHub;
    private Workbench? opened;

    private LoopbackGcs Gcs => started ?? throw new InvalidOperationException("Not started.");

    private LoopbackHub Hub => startedHub ?? throw new InvalidOperationException("Not started.");

    private Workbench Bench => opened ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackGcs.StartAsync();
        startedHub = await LoopbackHub.StartAsync();
        opened = new Workbench(Hub);
        Bench.Set("STORAGE_EMULATOR_HOST", Gcs.Url);
        Bench.Set("NO_GCE_CHECK", "true");
    }

    public async Task DisposeAsync()
    {
        nix.Dispose();
        Bench.Dispose();
        await Hub.DisposeAsync();
        await Gcs.DisposeAsync();
    }

    [Fact]
    public async Task A_private_model_is_locked_emitted_and_built_with_a_key_and_a_token()
    {
        var bucket = AddPrivate();
        bucket.Put("v1/sp ace/50%2F a+b=c 模型.bin", unique);
        Bench.Write("key.json", Gcs.Identities.AddServiceAccount("robot@example.com", Gcs.TokenUrl));
        Bench.Set("GOOGLE_APPLICATION_CREDENTIALS", Bench.PathOf("key.json"));
        Bench.Write("models.yaml", "version: 1\nmodels:\n  private: gs://private/v1\n");
        var outcome = (await Bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        foreach (var text in new[] { Bench.Read("models.lock.json"), Bench.Read("flake/models/private.nix"), outcome.Output, outcome.Errors })
            Assert.DoesNotContain("ya29", text, StringComparison.Ordinal);

        var refused = await nix.TryBuildAsync(Output("flake", "private"), Variables(("GOOGLE_OAUTH_ACCESS_TOKEN", "")));
        Assert.False(refused.Succeeded);
        var path = await nix.BuildAsync(Output("flake", "private"), Variables(("GOOGLE_OAUTH_ACCESS_TOKEN", Gcs.Identities.Issue("robot@example.com", GcsToken.ReadOnly).Value)));
        Assert.Equal(unique, await File.ReadAllTextAsync(nix.Physical($"{path}/sp ace/50%2F a+b=c 模型.bin")));
        Assert.Equal("{\"private\":true}" + unique, await File.ReadAllTextAsync(nix.Physical($"{path}/config.json")));
    }

    [Fact]
    public async Task One_file_for_all_and_a_hash_for_the_whole_tree()
    {
        var bucket = Gcs.Add(new GcsBucket("models") { IsPublic = true });
        for (var number = 0; number < 40; number++)
            bucket.Put($"v1/part {number}.txt", $"{unique} {number}");
        Bench.Write("models.yaml", "version: 1\nmodels:\n  tree: { source: gs://models/v1, hash: sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= }\n");
        (await Bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        var wrong = await nix.TryBuildAsync(new NixTarget.File(Bench.PathOf("models.nix"), "tree"), Variables());
        var hash = wrong.Errors.Split('\n').Select(line => line.Trim()).First(line => line.StartsWith("got:", StringComparison.Ordinal))[4..].Trim();
        Bench.Write("models.yaml", $"version: 1\nmodels:\n  tree: {{ source: gs://models/v1, hash: {hash} }}\n");
        (await Bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        var path = await nix.BuildAsync(new NixTarget.File(Bench.PathOf("models.nix"), "tree"), Variables());
        Assert.Equal(unique + " 39", await File.ReadAllTextAsync(nix.Physical($"{path}/part 39.txt")));
    }

    [Fact]
    public async Task The_same_bytes_from_the_Hub_are_the_same_store_path()
    {
        var repository = Hub.Add(new HubRepository("example/same"));
        repository.Commit("c", [HubFile.Text("model.gguf", unique)]);
        Gcs.Add(new GcsBucket("models") { IsPublic = true }).Put("x/model.gguf", unique);
        Bench.Write("models.yaml", "version: 1\ndefaults: { validation: none }\nmodels:\n  hub: hf:example/same\n  cloud: gs://models/x/model.gguf\n");
        (await Bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        var cloud = await nix.BuildAsync(Output("flake", "cloud"), Variables());
        var hub = await nix.BuildAsync(Output("flake", "hub"), Variables());
        Assert.Equal(
            Assert.Single(await nix.ClosureAsync(cloud), item => item.Contains("-model-file-", StringComparison.Ordinal)),
            Assert.Single(await nix.ClosureAsync(hub), item => item.Contains("-model-file-", StringComparison.Ordinal)));
        Assert.Single(nix.StoreNames, name => name.Contains("-model-file-", StringComparison.Ordinal) && !name.EndsWith(".drv", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prefetched_files_are_those_that_the_build_asks_for()
    {
        AddPrivate().Put("v1/w", unique);
        Bench.Write("key.json", Gcs.Identities.AddServiceAccount("robot@example.com", Gcs.TokenUrl));
        Bench.Set("GOOGLE_APPLICATION_CREDENTIALS", Bench.PathOf("key.json"));
        Bench.Set("NIX_REMOTE", $"local?root={nix.Root}");
        Bench.Set("NIX_CONFIG", "substitute = false\nbuild-users-group =\n");
        (await Bench.NixgenAsync("prefetch", "gs://private/v1", "--store")).ShouldEndWith(0);
        Bench.Write("models.yaml", "version: 1\nmodels:\n  m: gs://private/v1\n");
        (await Bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        Gcs.Log.Clear();
        await nix.BuildAsync(Output("flake", "m"), Variables());
        Assert.Empty(Gcs.Log.Snapshot());
    }

    private GcsBucket AddPrivate()
    {
        var bucket = Gcs.Add(new GcsBucket("private"));
        bucket.Readers.Add("robot@example.com");
        bucket.Put("v1/config.json", "{\"private\":true}" + unique);
        return bucket;
    }

    private NixTarget.Flake Output(string folder, string attribute) => new($"path:{Bench.PathOf(folder)}#{attribute}");

    private static Dictionary<string, string> Variables(params (string Name, string Value)[] variables) =>
        variables.Append(("NO_GCE_CHECK", "true")).ToDictionary(item => item.Item1, item => item.Item2, StringComparer.Ordinal);
}
