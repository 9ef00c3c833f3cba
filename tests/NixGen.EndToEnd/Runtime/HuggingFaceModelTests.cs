using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>Models of a Hub are built by real Nix with real curl, from the loopback Hub.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class HuggingFaceModelTests(RuntimeNix runtime) : IAsyncLifetime
{
    private const string Secret = "hf_buildSecret42";
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    private NixSandbox Nix => runtime.Nix;

    public async Task InitializeAsync() => started = await LoopbackHub.StartAsync();

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Fact]
    public async Task The_output_is_the_Hubs_cache_with_every_file()
    {
        var repository = Hub.Add(HubFixtures.AwkwardModel());
        var definition = Definitions.HuggingFace(Hub, repository, "awkward");
        Definitions.Source(definition)["revision"] = "refs/pr/1";
        var path = await runtime.BuildAsync(runtime.Model(definition));
        var commit = repository.Head.Id;
        foreach (var file in Definitions.Files(repository))
        {
            var up = string.Concat(Enumerable.Repeat("../", file.Path.Count(character => character == '/')));
            Assert.Equal($"../../{up}blobs/{file.Etag}", new FileInfo($"{Nix.Root}{path}/snapshots/{commit}/{file.Path}").LinkTarget);
            Assert.Equal(((HubContent.InMemory)file.Content).Bytes, await File.ReadAllBytesAsync(Nix.Physical($"{path}/blobs/{file.Etag}")));
        }

        Assert.Equal(repository.Head.Tree.Files.Count, Nix.Listing(path).Count(line => line.StartsWith($"snapshots/{commit}/", StringComparison.Ordinal) && line.Contains(" -> ", StringComparison.Ordinal)));
        Assert.Equal(commit, await File.ReadAllTextAsync(Nix.Physical($"{path}/refs/refs/pr/1")));
        Assert.False(File.Exists($"{Nix.Root}{path}/refs/main"));
    }

    // The Hub's Python client asks for this list when it is offline and given a commit.
    [Fact]
    public async Task Files_are_listed_as_the_Hub_lists_them()
    {
        var repository = Hub.Add(HubFixtures.AwkwardModel());
        var path = await runtime.BuildAsync(runtime.Model(Definitions.HuggingFace(Hub, repository, "listed")));
        using var list = JsonDocument.Parse(await File.ReadAllTextAsync(Nix.Physical($"{path}/trees/{repository.Head.Id}.json")));
        Assert.Equal(1, list.RootElement.GetProperty("format_version").GetInt32());
        var entries = list.RootElement.GetProperty("files").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetRawText(), StringComparer.Ordinal);
        Assert.Contains(Definitions.Files(repository), file => file.IsLfs);
        Assert.Equal(
            Definitions.Files(repository).ToDictionary(
                file => file.Path,
                file => file.IsLfs
                    ? $$"""{"size":{{file.Content.Size}},"blob_id":"{{file.Oid}}","lfs_sha256":"{{file.Content.Sha256}}","lfs_size":{{file.Content.Size}}}"""
                    : $$"""{"size":{{file.Content.Size}},"blob_id":"{{file.Oid}}"}""",
                StringComparer.Ordinal),
            entries);
    }

    [Fact]
    public async Task Nothing_is_listed_where_a_size_is_not_known()
    {
        var repository = Hub.Add(HubFixtures.TinyModel(seed: 127));
        var definition = Definitions.HuggingFace(Hub, repository, "unlisted");
        definition["locked"]?["files"]?[0]?.AsObject().Remove("size");
        var path = await runtime.BuildAsync(runtime.Model(definition));
        Assert.DoesNotContain("trees/", Nix.Listing(path));
    }

    [Theory]
    [InlineData(HubRepositoryKind.Dataset, "datasets--example--data")]
    [InlineData(HubRepositoryKind.Space, "spaces--example--data")]
    public async Task Datasets_and_spaces_are_built_too(HubRepositoryKind kind, string folder)
    {
        var repository = Hub.Add(new HubRepository("example/data", kind));
        repository.Commit("c", [HubFile.Text("README.md", $"{kind}\n"), HubFile.Lfs("train.bin", [1, 2, (byte)kind])]);
        var model = runtime.Model(Definitions.HuggingFace(Hub, repository, "data"));
        await runtime.BuildAsync(model);
        Assert.Equal(folder, (await runtime.EvalAsync($"({model}).hfCachePath")).GetString());
    }

    [Fact]
    public async Task A_second_build_is_the_same_path_and_asks_for_nothing()
    {
        var model = runtime.Model(Definitions.HuggingFace(Hub, Hub.Add(HubFixtures.TinyModel(seed: 11)), "same"));
        var first = await runtime.BuildAsync(model);
        Hub.Log.Clear();
        Assert.Equal(first, await runtime.BuildAsync(model));
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task Models_share_equal_files_and_every_byte_is_stored_once()
    {
        var (one, two) = HubFixtures.SharingModels();
        Hub.Add(one);
        Hub.Add(two);
        var first = await runtime.BuildAsync(runtime.Model(Definitions.HuggingFace(Hub, one, "first")));
        Hub.Log.Clear();
        var second = await runtime.BuildAsync(runtime.Model(Definitions.HuggingFace(Hub, two, "second")));

        var differing = Definitions.Files(two).Count(file => Definitions.Files(one).All(other => other.Content.Sha256 != file.Content.Sha256));
        Assert.Equal(differing, Hub.Log.Of(HubRequestKind.Resolve).Length);

        var closures = (await Nix.ClosureAsync(first)).Concat(await Nix.ClosureAsync(second)).Distinct().ToList();
        var hashes = closures.Where(path => path.Contains("-model-file-", StringComparison.Ordinal)).Select(path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Nix.Root + path)))).ToList();
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
        Assert.Equal(Definitions.Files(one).Concat(Definitions.Files(two)).Select(file => file.Content.Sha256).ToHashSet(), hashes.ToHashSet());
        // Above the files there are links and a few hundred bytes.
        Assert.All(closures.Except(closures.Where(path => path.Contains("-model-file-", StringComparison.Ordinal))), path =>
            Assert.InRange(new DirectoryInfo(Nix.Root + path).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.LinkTarget is null).Sum(file => file.Length), 0, 8_192));
    }

    [Fact]
    public async Task A_token_reaches_the_Hub_and_is_nowhere_else()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/gated", seed: 21));
        repository.Gate = HubGate.Manual;
        repository.GateGranted.Add("member");
        Hub.AddToken(new HubToken(Secret, "member"));
        var definition = Definitions.HuggingFace(Hub, repository, "gated");
        definition["auth"] = new JsonObject { ["tokenEnvVar"] = "MY_HUB_TOKEN", ["required"] = true };
        var target = RuntimeNix.Expression(runtime.Model(definition));
        var result = (await Nix.TryBuildAsync(target, new Dictionary<string, string> { ["MY_HUB_TOKEN"] = Secret })).OrThrow("build");

        Assert.Contains(Hub.Log.Snapshot(), request => request.OnCdn);
        Assert.All(Hub.Log.Snapshot(), request => Assert.Equal(!request.OnCdn, request.HasAuthorization));
        Assert.DoesNotContain(Secret, result.Output + result.Errors, StringComparison.Ordinal);
        var found = await ProcessRunner.RunAsync("grep", ["-rlF", "--", Secret, Nix.Root]);
        Assert.Equal(1, found.ExitCode);
        Assert.Equal("", found.Output);
        // Logs are kept compressed.
        var logs = await ProcessRunner.RunAsync("bash", ["-c", "find \"$1/nix/var/log\" -name '*.bz2' -exec bzcat {} +", "bash", Nix.Root]);
        Assert.Contains("nixgen: fetching", logs.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, logs.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_works_once_builds_may_see_it()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/by-file", seed: 25));
        repository.Gate = HubGate.Manual;
        repository.GateGranted.Add("member");
        Hub.AddToken(new HubToken(Secret, "member"));
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, Secret + "\n");
        var definition = Definitions.HuggingFace(Hub, repository, "by-file");
        definition["auth"] = new JsonObject { ["tokenFile"] = file, ["required"] = true };
        var target = RuntimeNix.Expression(runtime.Model(definition));

        var hidden = await Nix.TryBuildAsync(target);
        Assert.Contains($"the token file {file} can't be read in this build", hidden.Errors, StringComparison.Ordinal);
        Assert.Contains("✗ Error: There is no token", hidden.Errors, StringComparison.Ordinal);
        Assert.Empty(Hub.Log.Snapshot());

        (await Nix.TryBuildAsync(target, options: ["--option", "extra-sandbox-paths", file])).OrThrow("build");
        Assert.All(Hub.Log.Snapshot().Where(request => !request.OnCdn), request => Assert.Equal(Secret, request.Token));
        File.Delete(file);
        var found = await ProcessRunner.RunAsync("grep", ["-rlF", "--", Secret, Nix.Root]);
        Assert.Equal("", found.Output);
    }

    [Fact]
    public async Task A_gated_model_without_a_token_says_what_to_do()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/closed", seed: 31));
        repository.Gate = HubGate.Auto;
        var result = await runtime.TryBuildAsync(runtime.Model(Definitions.HuggingFace(Hub, repository, "closed")));
        Assert.False(result.Succeeded);
        Assert.Contains("✗ Error: HTTP 401: this is a gated repository", result.Errors, StringComparison.Ordinal);
        Assert.Contains($"1. Visit {Hub.Url}/example/closed and accept the terms", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hashes_stated_by_hand_do_without_a_lock()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/by-hand", seed: 41));
        var definition = Definitions.HuggingFace(Hub, repository, "by-hand");
        definition.Remove("locked");
        Definitions.Source(definition)["revision"] = repository.Head.Id;
        definition["fileHashes"] = new JsonObject(Definitions.Files(repository).Select((file, index) =>
            KeyValuePair.Create(file.Path, (JsonNode?)(index % 2 == 0 ? Definitions.Sri(file) : file.Content.Sha256))));
        var path = await runtime.BuildAsync(runtime.Model(definition));
        Assert.All(Definitions.Files(repository), file =>
            Assert.Equal(((HubContent.InMemory)file.Content).Bytes, File.ReadAllBytes(Nix.Physical($"{path}/snapshots/{repository.Head.Id}/{file.Path}"))));
        Assert.DoesNotContain(Nix.Listing(path), line => line.StartsWith("refs/", StringComparison.Ordinal) && line != "refs/");
    }

    [Fact]
    public async Task Nothing_is_fetched_while_Nix_evaluates()
    {
        var model = runtime.Model(Definitions.HuggingFace(Hub, Hub.Add(HubFixtures.TinyModel("example/lazy", seed: 51)), "lazy"));
        Assert.EndsWith("-lazy.drv", (await runtime.EvalAsync($"({model}).drvPath")).GetString(), StringComparison.Ordinal);
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task Links_are_laid_out_without_a_network()
    {
        // What lays out the links is an ordinary derivation: only fixed outputs have a network.
        var model = runtime.Model(Definitions.HuggingFace(Hub, Hub.Add(HubFixtures.TinyModel("example/offline", seed: 61)), "offline"));
        var command = $"exec 3<>/dev/tcp/127.0.0.1/{new Uri(Hub.Url).Port}";
        var path = await runtime.BuildAsync($"({model}).overrideAttrs (old: {{ buildCommand = \"touch $out; if (${{''{command}''}}) 2>/dev/null; then echo reached >$out; fi\"; }})");
        // The same command where nothing forbids it, so that the test can fail.
        (await ProcessRunner.RunAsync("bash", ["-c", command])).OrThrow("reaching the Hub");
        Assert.Equal("", await File.ReadAllTextAsync(Nix.Root + path));
    }

    [Fact]
    public async Task A_wrong_hash_of_one_file_is_refused_by_the_build()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/wrong", seed: 71));
        var definition = Definitions.HuggingFace(Hub, repository, "wrong");
        var file = definition["locked"]?["files"]?[0] ?? throw new InvalidOperationException("No file.");
        file["sha256"] = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";
        var result = await runtime.TryBuildAsync(runtime.Model(definition));
        Assert.Contains("✗ Error: The content does not match its hash", result.Errors, StringComparison.Ordinal);
        Assert.Contains("got:      " + Definitions.Sri(Definitions.Files(repository).First()), result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_more_than_a_thousand_files_is_built_and_evaluates_in_no_time()
    {
        var repository = Hub.Add(new HubRepository("example/many"));
        repository.Commit("c", Enumerable.Range(0, 1_130).Select(index => HubFile.Text($"folder {index % 9}/deep/file-{index}.json", index < 40 ? $"{index}\n" : "same\n")));
        var model = runtime.Model(Definitions.HuggingFace(Hub, repository, "many"));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await runtime.EvalAsync($"({model}).drvPath");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        var path = await runtime.BuildAsync(model);
        Assert.Equal(1_130, Nix.Listing(path).Count(line => line.StartsWith("snapshots/", StringComparison.Ordinal) && line.Contains(" -> ", StringComparison.Ordinal)));
    }
}
