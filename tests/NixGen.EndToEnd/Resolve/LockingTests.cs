using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Resolve;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Resolve;

/// <summary>What a lock holds after it was made against a Hub, and what that cost.</summary>
public sealed class LockingTests : IAsyncLifetime
{
    private LockingRun? _run;

    private LockingRun Run => _run ?? throw new InvalidOperationException("Not started.");

    private LoopbackHub Hub => Run.Hub;

    public async Task InitializeAsync() => _run = await LockingRun.StartAsync();

    public async Task DisposeAsync() => await Run.DisposeAsync();

    [Fact]
    public async Task A_model_is_locked_with_what_the_Hub_says_of_it()
    {
        var repository = Hub.Add(HubFixtures.TinyModel());
        var locked = (await Run.SucceedAsync("tiny: hf:example/tiny")).Models["tiny"];

        Assert.Equal(
            new ResolvedRevision("example/tiny", repository.Head.Id, Hub.Url, "mit", null, locked.Resolved.CommitDate),
            locked.Resolved);
        Assert.Equal(repository.Head.Date, DateTimeOffset.Parse(locked.Resolved.CommitDate ?? ""));
        AssertFilesOf(repository, locked);
    }

    [Fact]
    public async Task A_big_model_is_locked_without_a_byte_of_its_weights()
    {
        var repository = Hub.Add(HubFixtures.BigModel());
        var first = await Run.SucceedAsync("big: hf:example/big");

        var log = Hub.Log.Snapshot();
        Assert.DoesNotContain(log, request => request.OnCdn);
        Assert.Equal(2, log.Count(request => request.Action == "tree"));
        var resolved = log.Where(request => request.Kind == HubRequestKind.Resolve).ToArray();
        Assert.Equal(1100, resolved.Length);
        Assert.Equal(1100, resolved.Select(request => request.Path).Distinct(StringComparer.Ordinal).Count());
        AssertFilesOf(repository, first.Models["big"]);
        Assert.Equal(1130, first.Models["big"].Files.Length);

        Hub.Log.Clear();
        Run.Keep(first);
        Assert.Equal(first, await Run.SucceedAsync("big: hf:example/big"));
        Assert.Empty(Hub.Log.Snapshot());

        Run.Options = new() { Update = true };
        Assert.Equal(first, await Run.SucceedAsync("big: hf:example/big"));
        Assert.Equal("revision", Assert.Single(Hub.Log.Snapshot()).Action);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(100)]
    [InlineData(50)]
    [InlineData(7)]
    public async Task Every_page_of_a_listing_is_read(int pageSize)
    {
        Hub.PageSize = pageSize;
        var repository = new HubRepository("example/paged");
        repository.Commit("Add", Enumerable.Range(0, 260).Select(i => HubFile.Synthetic($"folder {i % 3}/{i:d3}.bin", i)));
        Hub.Add(repository);

        AssertFilesOf(repository, (await Run.SucceedAsync("paged: hf:example/paged")).Models["paged"]);
        Assert.Equal((263 + pageSize - 1) / pageSize, Hub.Log.Snapshot().Count(request => request.Action == "tree"));
    }

    [Fact]
    public async Task Pages_behind_a_mirror_are_asked_of_the_mirror()
    {
        Hub.PageSize = 2;
        Hub.LinkOrigin = "https://huggingface.co";
        Hub.AddToken(new HubToken("hf_alice", "alice"));
        Run.Set("HF_TOKEN", "hf_alice");
        var repository = Hub.Add(HubFixtures.TinyModel());
        AssertFilesOf(repository, (await Run.SucceedAsync("tiny: hf:example/tiny")).Models["tiny"]);
    }

    [Fact]
    public async Task Awkward_names_survive()
    {
        var repository = Hub.Add(HubFixtures.AwkwardModel());
        AssertFilesOf(repository, (await Run.SucceedAsync("awkward: hf:example/awkward")).Models["awkward"]);
    }

    [Theory]
    [InlineData("tiny: hf:datasets/example/data", HubRepositoryKind.Dataset)]
    [InlineData("tiny: https://huggingface.co/datasets/example/data/tree/main", HubRepositoryKind.Dataset)]
    [InlineData("tiny: { source: { huggingface: { repo: example/data, type: space } } }", HubRepositoryKind.Space)]
    [InlineData("tiny: hf:spaces/example/data", HubRepositoryKind.Space)]
    [InlineData("tiny: hf://models/example/data", HubRepositoryKind.Model)]
    public async Task Datasets_and_Spaces_are_locked_too(string model, HubRepositoryKind kind)
    {
        var repository = new HubRepository("example/data", kind);
        repository.Commit("Add", [HubFile.Text("a.csv", "1,2\n"), HubFile.Lfs("b/c.parquet", [1, 2, 3])]);
        Hub.Add(repository);
        AssertFilesOf(repository, (await Run.SucceedAsync(model)).Models["tiny"]);
    }

    [Theory]
    [InlineData("refs/pr/1")]
    [InlineData("feature/with/slashes")]
    [InlineData("v1.0+x#y")]
    public async Task References_with_slashes_and_signs_are_resolved(string revision)
    {
        var repository = Hub.Add(HubFixtures.TinyModel());
        var old = repository.Head;
        repository.SetRef(revision.StartsWith("refs/", StringComparison.Ordinal) ? revision : "refs/heads/" + revision, old);
        repository.Commit("Move on", [HubFile.Text("config.json", "{}")]);

        var locked = (await Run.SucceedAsync($"tiny: \"hf:example/tiny@{revision}\"")).Models["tiny"];
        Assert.Equal(old.Id, locked.Resolved.Revision);
        Assert.Equal(new RequestValue.Text(revision), locked.Request.Fields["revision"]);
    }

    [Fact]
    public async Task A_short_commit_is_locked_as_the_whole_one()
    {
        var repository = Hub.Add(HubFixtures.TinyModel());
        var locked = await Run.SucceedAsync($"tiny: hf:example/tiny@{repository.Head.Id[..8]}");
        Assert.Equal(repository.Head.Id, locked.Models["tiny"].Resolved.Revision);
    }

    [Fact]
    public async Task Patterns_select_what_the_Hubs_client_would()
    {
        Hub.Add(HubFixtures.TinyModel());
        var locked = await Run.SucceedAsync(
            "tiny: { source: { huggingface: { repo: example/tiny, files: [\"*.json\", \"onnx/\"], exclude: [\"tokenizer*\"] } } }");
        Assert.Equal(["config.json", "onnx/config.json", "onnx/model.safetensors"], locked.Models["tiny"].Files.Select(file => file.Path));
    }

    [Fact]
    public async Task A_pattern_that_matches_nothing_is_a_warning_and_nothing_selected_an_error()
    {
        Hub.Add(HubFixtures.TinyModel());
        var outcome = await Run.LockAsync("tiny: { source: { huggingface: { repo: example/tiny, files: [confg.json, \"*.safetensors\"] } } }");
        var warning = Assert.Single(outcome.Diagnostics);
        Assert.Equal(("NG3130", Severity.Warning), (warning.Code, warning.Severity));
        Assert.Contains("'config.json'", warning.Help, StringComparison.Ordinal);
        Assert.Equal(2, outcome.Lock.Models["tiny"].Files.Length);

        var error = await Run.FailAsync("NG3129", "tiny: { source: { huggingface: { repo: example/tiny, files: [\"*.gguf\"] } } }");
        Assert.Equal(FailureKind.Input, error.Descriptor.Kind);
    }

    [Fact]
    public async Task A_renamed_repository_is_followed_with_a_warning()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("new/name"));
        Hub.Rename("old-name", repository);
        var outcome = await Run.LockAsync("tiny: hf:old-name");
        var warning = Assert.Single(outcome.Diagnostics);
        Assert.Equal("NG3131", warning.Code);
        Assert.Contains("'new/name'", warning.Message, StringComparison.Ordinal);
        Assert.Equal("new/name", outcome.Lock.Models["tiny"].Resolved.Id);
        Assert.Equal(new RequestValue.Text("old-name"), outcome.Lock.Models["tiny"].Request.Fields["repo"]);
        AssertFilesOf(repository, outcome.Lock.Models["tiny"]);
    }

    [Fact]
    public async Task An_update_streams_only_content_that_it_never_saw()
    {
        var repository = Hub.Add(HubFixtures.TinyModel());
        Run.Keep(await Run.SucceedAsync("tiny: hf:example/tiny"));
        repository.Commit("Change", [HubFile.Text("config.json", "{ \"new\": true }"), HubFile.Lfs("model.safetensors", [9])], ["README.md"]);
        Hub.Log.Clear();

        var unmoved = await Run.SucceedAsync("tiny: hf:example/tiny");
        Assert.Equal(Run.Existing.Lock, unmoved);
        Assert.Empty(Hub.Log.Snapshot());

        Run.Options = new() { Update = true };
        var outcome = await Run.LockAsync("tiny: hf:example/tiny");
        AssertFilesOf(repository, outcome.Lock.Models["tiny"]);
        Assert.Equal("config.json", Assert.Single(Hub.Log.Of(HubRequestKind.Resolve)).Path);
        var change = Assert.Single(outcome.Diff.Changes);
        Assert.Equal(ModelChangeKind.Moved, change.Kind);
        Assert.Equal("README.md", Assert.Single(change.RemovedFiles).Path);
        Assert.Equal(["config.json", "model.safetensors"], change.ChangedFiles.Select(file => file.Path));
    }

    [Fact]
    public async Task A_pinned_model_and_models_not_named_stay()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            Hub.Add(HubFixtures.TinyModel("example/" + name));
        }

        string[] models = ["a: hf:example/a", "b: { source: hf:example/b, pin: true }", "c: hf:example/c"];
        Run.Keep(await Run.SucceedAsync(models));
        foreach (var name in (string[])["a", "b", "c"])
        {
            Hub.Find("example/" + name).Commit("Change", [HubFile.Text("config.json", "{}")]);
        }

        Run.Options = new() { Update = true, Names = ["a", "b"] };
        var outcome = await Run.LockAsync(models);
        Assert.Equal("a", Assert.Single(outcome.Diff.Changes).Name);
        Assert.Equal("NG3204", Assert.Single(outcome.Diagnostics).Code);
        Assert.Equal([ModelOutcomeKind.Locked, ModelOutcomeKind.Kept, ModelOutcomeKind.Skipped], outcome.Models.Select(model => model.Kind));
    }

    [Fact]
    public async Task One_models_failure_loses_nothing_of_the_others_and_models_that_left_leave()
    {
        Hub.Add(HubFixtures.TinyModel("example/a"));
        Hub.Add(HubFixtures.TinyModel("example/gone"));
        Run.Keep(await Run.SucceedAsync("gone: hf:example/gone", "old: hf:example/gone"));
        Run.Options = new() { Update = true };
        Hub.Remove(Hub.Find("example/gone"));

        var outcome = await Run.LockAsync("a: hf:example/a", "old: hf:example/gone");
        Assert.False(outcome.Succeeded);
        Assert.Equal(["a", "old"], outcome.Lock.Models.Keys);
        Assert.Equal(Run.Existing.Lock.Models["old"], outcome.Lock.Models["old"]);
        Assert.Equal("NG3114", Assert.Single(outcome.Diagnostics).Code);
    }

    [Fact]
    public async Task Locked_and_frozen_runs_ask_nothing_and_change_nothing()
    {
        Hub.Add(HubFixtures.TinyModel());
        Run.Keep(await Run.SucceedAsync("tiny: hf:example/tiny"));
        Hub.Log.Clear();

        Run.Options = new() { Locked = true };
        Assert.Equal(Run.Existing.Lock, await Run.SucceedAsync("tiny: hf:example/tiny"));
        var outcome = await Run.LockAsync("tiny: hf:example/tiny@v2", "other: hf:example/tiny");
        Assert.Equal(["NG3201", "NG3201"], outcome.Diagnostics.Select(item => item.Code));
        Assert.All(outcome.Diagnostics, item => Assert.Equal(FailureKind.Stale, item.Descriptor.Kind));
        Assert.True(outcome.Diff.IsEmpty);
        Assert.Contains("left the manifest", Assert.Single((await Run.LockAsync("x: hf:example/tiny")).Diagnostics, item => item.Location is null).Message, StringComparison.Ordinal);

        Run.Options = new() { Frozen = true };
        Assert.Equal(Run.Existing.Lock, await Run.SucceedAsync("tiny: hf:example/tiny@v2"));
        Assert.Equal("NG3203", Assert.Single((await Run.LockAsync("other: hf:example/tiny")).Diagnostics).Code);
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task A_doubtful_entry_is_locked_again_and_keeps_a_locked_run_from_passing()
    {
        Hub.Add(HubFixtures.TinyModel());
        var right = await Run.SucceedAsync("tiny: hf:example/tiny");
        var edited = right.Models["tiny"] with { Files = [right.Models["tiny"].Files[0] with { Size = 7 }] };
        Run.Existing = new(new(right.Models.SetItem("tiny", edited)), ["tiny"], IsCurrent: false);

        Run.Options = new() { Locked = true };
        Assert.All((await Run.LockAsync("tiny: hf:example/tiny")).Diagnostics, item => Assert.Equal("NG3201", item.Code));

        // Neither skipped nor failed it stays in a lock that is written, which would seal it.
        Run.Options = new() { Names = [] };
        Assert.Empty((await Run.LockAsync("tiny: hf:example/tiny")).Lock.Models);

        Run.Options = new();
        Assert.Equal(right, await Run.SucceedAsync("tiny: hf:example/tiny"));
    }

    [Fact]
    public async Task Offline_opens_no_connection()
    {
        Hub.Add(HubFixtures.TinyModel());
        Run.Upstream = Run.Upstream with { Offline = true };
        var error = await Run.FailAsync("NG3211", "tiny: hf:example/tiny");
        Assert.Equal(FailureKind.Upstream, error.Descriptor.Kind);
        Assert.Empty(Hub.Log.Snapshot());
        Assert.Single((await Run.SucceedAsync("m: { source: { mock: { files: [{ path: config.json, text: \"{}\" }] } } }")).Models);
    }

    [Fact]
    public async Task Stated_hashes_are_compared()
    {
        var repository = Hub.Add(HubFixtures.TinyModel());
        var file = repository.Head.Tree.Files["model.safetensors"].File;
        var right = "sha256-" + Convert.ToBase64String(Convert.FromHexString(file.Content.Sha256));
        var wrong = "sha256-" + Convert.ToBase64String(new byte[32]);
        await Run.SucceedAsync($"tiny: {{ source: hf:example/tiny, fileHashes: {{ model.safetensors: {right} }} }}");
        var error = await Run.FailAsync("NG3003", $"tiny: {{ source: hf:example/tiny, fileHashes: {{ model.safetensors: {wrong} }} }}");
        Assert.Equal(FailureKind.ContentMismatch, error.Descriptor.Kind);
        Assert.Equal((wrong, right), (error.Expected, error.Actual));
        await Run.FailAsync("NG3004", $"tiny: {{ source: hf:example/tiny, fileHashes: {{ model.safetensor: {right} }} }}");
    }

    [Fact]
    public async Task What_was_answered_before_is_asked_for_on_condition()
    {
        Hub.Add(HubFixtures.TinyModel());
        var first = await Run.SucceedAsync("tiny: hf:example/tiny");
        Hub.Log.Clear();
        Assert.Equal(first, await Run.SucceedAsync("tiny: hf:example/tiny"));
        Assert.Equal(["revision", "tree"], Hub.Log.Snapshot().Select(request => request.Action));
        Assert.All(Hub.Log.Snapshot(), request => Assert.Equal((304, 0), (request.Status, request.BytesSent)));
    }

    [Fact]
    public async Task A_damaged_cache_is_no_cache()
    {
        var repository = Hub.Add(HubFixtures.TinyModel());
        await Run.SucceedAsync("tiny: hf:example/tiny");
        var entries = Directory.GetFiles(Path.Combine(Run.Home, ".cache", "nixgen"), "*", SearchOption.AllDirectories);
        Assert.True(entries.Length >= 4);
        foreach (var entry in entries)
        {
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(entry) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
            var bytes = File.ReadAllBytes(entry);
            bytes[bytes.Length / 2] ^= 0x20;
            File.WriteAllBytes(entry, bytes);
        }

        AssertFilesOf(repository, (await Run.SucceedAsync("tiny: hf:example/tiny")).Models["tiny"]);
    }

    private static void AssertFilesOf(HubRepository repository, LockedModel locked)
    {
        var expected = repository.Head.Tree.Files.Values
            .Select(row => row.File)
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => $"{file.Path} {file.Content.Size} {file.Content.Sha256} {file.Etag}");
        Assert.Equal(expected, locked.Files.Select(file => $"{file.Path} {file.Size} {file.Sha256.Hex} {file.Blob}"));
    }
}
