using System.Text;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Resolve;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Resolve;

/// <summary>Several sources of one model are locked each by its own kind, and what they hold is compared by content.</summary>
public sealed class AlternateLockingTests : IAsyncLifetime
{
    private LockingRun? started;
    private LoopbackHub? second;

    private LockingRun Run => started ?? throw new InvalidOperationException("Not started.");

    private LoopbackHub Second => second ?? throw new InvalidOperationException("Not started.");

    private string Model => $"m: {{ sources: [hf:org/m, {{ huggingface: {{ repo: copy/m, endpoint: '{Second.Url}' }} }}] }}";

    public async Task InitializeAsync()
    {
        started = await LockingRun.StartAsync();
        second = await LoopbackHub.StartAsync();
        Commit(Run.Hub.Add(new HubRepository("org/m")), ("config.json", "{}\n"), ("model.gguf", "weights"));
    }

    public async Task DisposeAsync()
    {
        await Run.DisposeAsync();
        await Second.DisposeAsync();
    }

    [Fact]
    public async Task Content_is_found_under_other_paths_and_everything_else_is_left_out()
    {
        Commit(Second.Add(new HubRepository("copy/m")), ("deep/weights.gguf", "weights"), ("again.gguf", "weights"), ("config.json", "{}\n"), ("README.md", "Other\n"));
        var outcome = await Run.LockAsync(Model);
        Assert.True(outcome.Succeeded);
        Assert.Empty(outcome.Diagnostics);
        var locked = outcome.Lock.Models["m"];
        Assert.Equal(["config.json", "model.gguf"], locked.Files.Select(file => file.Path));
        var alternate = Assert.Single(locked.Alternates);
        Assert.Equal(["again.gguf", "config.json"], alternate.Files.Select(file => file.Path));
        Assert.Equal("copy/m", alternate.Resolved.Id);
        Assert.Equal(Second.Url, alternate.Resolved.Endpoint);
        Assert.All(alternate.Files, file => Assert.Contains(file.Sha256, locked.Files.Select(own => own.Sha256)));
    }

    [Fact]
    public async Task What_an_alternate_lacks_is_told()
    {
        Commit(Second.Add(new HubRepository("copy/m")), ("model.gguf", "weights"), ("config.json", "{\"other\": true}\n"));
        var outcome = await Run.LockAsync(Model);
        Assert.True(outcome.Succeeded);
        var warning = Assert.Single(outcome.Diagnostics);
        Assert.Equal((AlternateDiagnostics.Lacking.Code, Severity.Warning), (warning.Code, warning.Severity));
        Assert.Contains("huggingface 'copy/m' lacks 1 of the 2 files; the first is 'config.json', which it has with other content", warning.Message, StringComparison.Ordinal);
        Assert.Equal(["model.gguf"], Assert.Single(outcome.Lock.Models["m"].Alternates).Files.Select(file => file.Path));
    }

    [Fact]
    public async Task An_alternate_of_other_content_is_refused_with_both_hashes()
    {
        Commit(Second.Add(new HubRepository("copy/m")), ("model.gguf", "converted"));
        var error = await Run.FailAsync(AlternateDiagnostics.Other.Code, Model);
        Assert.Equal(FailureKind.ContentMismatch, error.Descriptor.Kind);
        Assert.Contains("'model.gguf' with sha256-", error.Expected, StringComparison.Ordinal);
        Assert.Contains("'model.gguf' with sha256-", error.Actual, StringComparison.Ordinal);
        Assert.NotEqual(error.Expected, error.Actual);
    }

    [Fact]
    public async Task An_alternate_of_other_names_is_refused_with_both_lists()
    {
        Commit(Second.Add(new HubRepository("copy/m")), ("quantized.gguf", "converted"));
        var error = await Run.FailAsync(AlternateDiagnostics.Other.Code, Model);
        Assert.Equal("'config.json', 'model.gguf'", error.Expected);
        Assert.Equal("'quantized.gguf'", error.Actual);
    }

    [Fact]
    public async Task A_failing_alternate_leaves_the_old_entry_and_is_named()
    {
        var copy = Commit(Second.Add(new HubRepository("copy/m")), ("model.gguf", "weights"));
        var old = await Run.SucceedAsync(Model);
        Run.Keep(old);
        Commit(Run.Hub.Find("org/m"), ("model.gguf", "newer weights"));
        Run.Options = new() { Update = true };
        copy.IsDisabled = true;
        var outcome = await Run.LockAsync(Model);
        var error = Assert.Single(outcome.Diagnostics, item => item.Severity == Severity.Error);
        Assert.Contains("copy/m", error.Message, StringComparison.Ordinal);
        Assert.Equal(old.Models["m"], outcome.Lock.Models["m"]);
        Assert.True(outcome.Diff.IsEmpty);
    }

    [Fact]
    public async Task Update_moves_all_and_lock_asks_nobody()
    {
        var copy = Commit(Second.Add(new HubRepository("copy/m")), ("model.gguf", "weights"), ("config.json", "{}\n"));
        var old = await Run.SucceedAsync(Model);
        Run.Keep(old);
        Commit(Run.Hub.Find("org/m"), ("model.gguf", "newer weights"));
        Commit(copy, ("model.gguf", "newer weights"));
        Run.Hub.Log.Clear();
        Second.Log.Clear();
        Assert.Equal(old, await Run.SucceedAsync(Model));
        Assert.Empty(Run.Hub.Log.Snapshot());
        Assert.Empty(Second.Log.Snapshot());

        Run.Options = new() { Update = true };
        var moved = (await Run.SucceedAsync(Model)).Models["m"];
        Assert.Equal(Run.Hub.Find("org/m").Head.Id, moved.Resolved.Revision);
        var alternate = Assert.Single(moved.Alternates);
        Assert.Equal(copy.Head.Id, alternate.Resolved.Revision);
        Assert.Equal(2, alternate.Files.Length);
        Run.Keep(new LockFile(Run.Existing.Lock.Models.SetItem("m", moved)));
        Assert.Equal(ModelOutcomeKind.Unchanged, Assert.Single((await Run.LockAsync(Model)).Models).Kind);
    }

    [Fact]
    public async Task Another_alternate_is_another_request()
    {
        Commit(Second.Add(new HubRepository("copy/m")), ("model.gguf", "weights"), ("config.json", "{}\n"));
        Commit(Second.Add(new HubRepository("copy/n")), ("model.gguf", "weights"), ("config.json", "{}\n"));
        Run.Keep(await Run.SucceedAsync("m: hf:org/m"));
        var several = await Run.SucceedAsync(Model);
        Assert.Equal("copy/m", Assert.Single(several.Models["m"].Alternates).Resolved.Id);
        Run.Keep(several);
        var other = await Run.SucceedAsync(Model.Replace("copy/m", "copy/n", StringComparison.Ordinal));
        Assert.Equal("copy/n", Assert.Single(other.Models["m"].Alternates).Resolved.Id);

        Run.Options = new() { Locked = true };
        Assert.Equal(ResolveDiagnostics.LockWouldChange.Code, Assert.Single((await Run.LockAsync("m: hf:org/m")).Diagnostics).Code);
        Run.Options = new() { Frozen = true };
        Assert.Equal(ResolveDiagnostics.NotLocked.Code, Assert.Single((await Run.LockAsync("m: hf:org/m")).Diagnostics).Code);
        Assert.True((await Run.LockAsync(Model)).Succeeded);
    }

    [Fact]
    public async Task A_token_of_the_model_is_for_its_first_source()
    {
        Run.Hub.AddToken(new HubToken("hf_ofTheFirst", "member"));
        Run.Set("MY_TOKEN", "hf_ofTheFirst");
        Commit(Second.Add(new HubRepository("copy/m")), ("model.gguf", "weights"), ("config.json", "{}\n"));
        await Run.SucceedAsync(Model.Replace("{ sources", "{ auth: { tokenEnvVar: MY_TOKEN, required: true }, sources", StringComparison.Ordinal));
        Assert.Contains(Run.Hub.Log.Snapshot(), request => request.Token == "hf_ofTheFirst");
        Assert.NotEmpty(Second.Log.Snapshot());
        Assert.All(Second.Log.Snapshot(), request => Assert.False(request.HasAuthorization));
    }

    [Fact]
    public async Task Each_source_may_be_of_a_kind_of_its_own()
    {
        var locked = (await Run.SucceedAsync("m: { sources: [{ mock: { org: org, model: m, files: [{ path: a.json, text: '{}' }, { path: b.json, text: weights }] } }, hf:org/m] }")).Models["m"];
        var alternate = Assert.Single(locked.Alternates);
        Assert.Equal("huggingface", alternate.Request.Kind);
        Assert.Equal(["model.gguf"], alternate.Files.Select(file => file.Path));
        Assert.Equal(locked.Files[1].Sha256, alternate.Files[0].Sha256);
    }

    private static HubRepository Commit(HubRepository repository, params (string Path, string Text)[] files)
    {
        repository.Commit("c", files.Select(file => file.Path.EndsWith(".gguf", StringComparison.Ordinal)
            ? HubFile.Lfs(file.Path, Encoding.UTF8.GetBytes(file.Text))
            : HubFile.Text(file.Path, file.Text)));
        return repository;
    }
}
