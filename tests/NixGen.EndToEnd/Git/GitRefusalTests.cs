using NixGen.Testing.Git;
using Xunit;

namespace NixGen.EndToEnd.Git;

/// <summary>What can't be locked is refused with the reason and the way out.</summary>
public sealed class GitRefusalTests : GitLockingFixture
{
    private const string Secret = "glpat-Secret42Secret42";

    [Fact]
    public async Task A_closed_host_asks_for_credentials_and_takes_the_token_that_the_manifest_names()
    {
        var (repository, _) = await ClosedAsync();
        var refusal = await Run.FailAsync("NG3402", Model(repository.Url));
        Assert.Contains(repository.Url, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("auth.tokenEnvVar", refusal.Help, StringComparison.Ordinal);

        Run.Set("MY_TOKEN", Secret);
        var locked = await LockAsync(WithToken(repository.Url));
        Assert.Equal(2, locked.Files.Length);
        Assert.All(Server.Log.Of(GitRequestKind.Batch).Where(request => request.Status == 200), request => Assert.StartsWith("Basic ", request.Authorization, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_token_is_named_by_its_place_and_never_shown()
    {
        var (repository, _) = await ClosedAsync();
        Run.Set("MY_TOKEN", "wrong-token-value");
        var refusal = await Run.FailAsync("NG3402", WithToken(repository.Url));
        Assert.Contains("the variable MY_TOKEN", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-token-value", refusal.Message + refusal.Help + refusal.Actual, StringComparison.Ordinal);

        Run.Set("MY_TOKEN", "");
        var missing = await Run.FailAsync("NG3402", WithToken(repository.Url).Replace("MY_TOKEN }", "MY_TOKEN, required: true }", StringComparison.Ordinal));
        Assert.Contains("MY_TOKEN (not set)", missing.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_users_own_credential_helper_lets_git_and_git_lfs_in()
    {
        var (repository, _) = await ClosedAsync();
        Run.Write(".git-credentials", $"http://somebody:{Secret}@{new Uri(Server.Url).Authority}\n");
        Run.Write(".gitconfig", "[credential]\n\thelper = store\n");
        Assert.Equal(2, (await LockAsync(Model(repository.Url))).Files.Length);
    }

    [Theory]
    [InlineData(".netrc", "")]
    [InlineData("other", ", auth: { netrcFile: FILE }")]
    public async Task A_netrc_file_lets_git_and_git_lfs_in(string file, string auth)
    {
        var (repository, _) = await ClosedAsync();
        Run.Write(file, $"machine 127.0.0.1 login somebody password {Secret}\n");
        var model = Model(repository.Url);
        Assert.Equal(2, (await LockAsync(model[..^2] + auth.Replace("FILE", Path.Combine(Run.Home, file), StringComparison.Ordinal) + " }")).Files.Length);
    }

    [Fact]
    public async Task Of_the_users_configuration_nothing_else_runs_a_program()
    {
        var repository = await Server.CreateAsync("hardened");
        await repository.ImportAsync([GitEntry.Text("a", "1")]);
        var trace = Path.Combine(Run.Home, "trace");
        var program = Path.Combine(Run.Home, "program");
        Run.Write("program", $"#!/bin/sh\necho ran >>'{trace}'\n");
        Run.Write("hooks/reference-transaction", $"#!/bin/sh\necho hook >>'{trace}'\n");
        (await NixGen.Testing.ProcessRunner.RunAsync("chmod", ["+x", program, Path.Combine(Run.Home, "hooks", "reference-transaction")])).OrThrow("chmod");
        Run.Write(".gitconfig", $"[core]\n\thooksPath = {Run.Home}/hooks\n\tfsmonitor = {program}\n\tsshCommand = {program}\n\taskPass = {program}\n\tgitProxy = {program}\n"
            + $"[init]\n\ttemplateDir = {Run.Home}/hooks\n[url \"ext::{program}\"]\n\tinsteadOf = {Server.Url}\n[uploadpack]\n\tpackObjectsHook = {program}\n");
        Run.Set("GIT_ASKPASS", program);
        Run.Set("GIT_DIR", Run.Home);
        Assert.Single((await LockAsync(Model(repository.Url))).Files);
        Assert.Single((await LockAsync(Model(repository.FileUrl))).Files);
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public async Task A_repository_or_revision_that_is_not_there_is_named()
    {
        var repository = await Server.CreateAsync("there");
        await repository.ImportAsync([GitEntry.Text("a", "1")]);
        await repository.GitAsync("tag", "v1.0");
        Assert.Contains($"{Server.Url}/not-there.git", (await Run.FailAsync("NG3403", Model($"{Server.Url}/not-there.git"))).Message, StringComparison.Ordinal);
        Assert.Contains("file:///not/there", (await Run.FailAsync("NG3403", Model("file:///not/there"))).Message, StringComparison.Ordinal);
        Assert.Contains("'v1.0'", (await Run.FailAsync("NG3404", Model(repository.Url, "v1.1"))).Help, StringComparison.Ordinal);
        Assert.Contains("40", (await Run.FailAsync("NG3404", Model(repository.Url, "1234567"))).Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_that_a_forced_push_took_away_is_gone()
    {
        var repository = await Server.CreateAsync("forced");
        var gone = await repository.ImportAsync([GitEntry.Text("a", "1")]);
        await repository.ImportAsync([GitEntry.Text("a", "2")], replace: true);
        Assert.Equal(gone, (await LockAsync(Model(repository.Url, gone))).Resolved.Revision);
        await repository.GitAsync("reflog", "expire", "--expire=now", "--all");
        await repository.GitAsync("gc", "--quiet", "--prune=now");
        Assert.Contains(gone, (await Run.FailAsync("NG3405", Model(repository.Url, gone))).Message, StringComparison.Ordinal);
        Server.SpeaksVersion2 = false;
        Assert.Contains(gone, (await Run.FailAsync("NG3405", Model(repository.Url, gone))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "Object does not exist")]
    [InlineData(410, "Object was taken away")]
    [InlineData(422, "Object is odd")]
    public async Task An_object_that_git_lfs_refuses_is_named_with_the_servers_words(int code, string words)
    {
        var repository = await Server.CreateAsync("refused");
        var file = GitEntry.Lfs("deep/model.bin", [1, 2, 3]);
        await repository.ImportAsync([file, GitEntry.Lfs("good.bin", [4])]);
        Server.Lfs.ObjectErrors[file.Sha256] = (code, words);
        var refusal = await Run.FailAsync("NG3414", Model(repository.Url));
        Assert.Contains("'deep/model.bin'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"status {code}, \"{words}\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(repository.Url + "/info/lfs", refusal.Message, StringComparison.Ordinal);
        Assert.Single((await LockAsync(Model(repository.Url, rest: ", exclude: [\"deep/*\"]"))).Files);
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_halved_and_one_that_comes_too_soon_waits()
    {
        var repository = await Server.CreateAsync("limits");
        await repository.ImportAsync(Enumerable.Range(0, 40).Select(index => GitEntry.Lfs($"{index}.bin", [(byte)index])));
        Server.Lfs.MostObjects = 15;
        Server.Lfs.BatchStatuses.Enqueue((503, null));
        Assert.Equal(40, (await LockAsync(Model(repository.Url))).Files.Length);
        Assert.Contains(Server.Log.Of(GitRequestKind.Batch), request => request.Status == 413);

        Enumerable.Range(0, 20).ToList().ForEach(_ => Server.Lfs.BatchStatuses.Enqueue((429, 4000)));
        Assert.Contains("429", (await Run.FailAsync("NG3416", Model(repository.Url))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>Log in</html>", "isn't JSON")]
    [InlineData("[]", "lists no objects")]
    [InlineData("{\"objects\": [{}]}", "doesn't mention it")]
    [InlineData("{\"transfer\": \"tus\", \"objects\": []}", "'tus'")]
    public async Task An_answer_that_is_none_of_git_lfs_is_refused(string body, string words)
    {
        var repository = await Server.CreateAsync("odd");
        await repository.ImportAsync([GitEntry.Lfs("a.bin", [1])]);
        Server.Lfs.BatchBody = body;
        var outcome = await Run.LockAsync(Model(repository.Url));
        var error = Assert.Single(outcome.Diagnostics);
        Assert.True(error.Code is "NG3414" or "NG3415", error.Code);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_repositorys_own_configuration_says_where_git_lfs_is_and_nothing_else()
    {
        var repository = await Server.CreateAsync("configured");
        var config = $"[lfs]\n\turl = {Server.Url}/configured/lfs-api/\n\tfetchexclude = *\n[core]\n\thooksPath = /tmp\n[include]\n\tpath = /etc/passwd\n";
        await repository.ImportAsync([GitEntry.Text(".lfsconfig", config), GitEntry.Lfs("a.bin", [1])]);
        Assert.Equal($"{Server.Url}/configured/lfs-api", (await LockAsync(Model(repository.Url))).Resolved.Storage);
        foreach (var address in new[] { "file:///etc", "https://user:pass@example.org/lfs", "http://example.org/lfs", "ssh://example.org/lfs", "https://example.org/?x" })
        {
            await repository.ImportAsync([GitEntry.Text(".lfsconfig", $"[lfs]\n\turl = \"{address}\"\n")]);
            Assert.Contains(".lfsconfig", (await Run.FailAsync("NG3412", Model(repository.Url))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_pointer_with_an_extension_is_refused()
    {
        var repository = await Server.CreateAsync("extended");
        var pointer = $"version https://git-lfs.github.com/spec/v1\next-0-foo sha256:{new string('a', 64)}\noid sha256:{new string('b', 64)}\nsize 5\n";
        await repository.ImportAsync([GitEntry.Text("a.bin", pointer)]);
        Assert.Contains("'ext-0-foo'", (await Run.FailAsync("NG3409", Model(repository.Url))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_are_not_safe_are_refused()
    {
        var repository = await Server.CreateAsync("unsafe");
        await repository.ImportAsync([GitEntry.Text("back\\slash", "x"), GitEntry.Text("line\nbreak", "x"), GitEntry.Text("good", "x")]);
        var outcome = await Run.LockAsync(Model(repository.Url));
        Assert.Equal(["NG3127", "NG3127"], outcome.Diagnostics.Select(item => item.Code));
        Assert.Single((await LockAsync(Model(repository.Url, rest: ", files: [good]"))).Files);
    }

    [Fact]
    public async Task Without_git_the_reason_is_that_it_is_missing()
    {
        var repository = await Server.CreateAsync("no-git");
        Run.Set("PATH", Run.Home);
        Assert.Contains("git isn't on the PATH", (await Run.FailAsync("NG3401", Model(repository.Url))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offline_nothing_is_asked()
    {
        var repository = await Server.CreateAsync("offline");
        await repository.ImportAsync([GitEntry.Text("a", "1")]);
        Run.Upstream = Run.Upstream with { Offline = true };
        Assert.Contains(repository.Url, (await Run.FailAsync("NG3211", Model(repository.Url))).Message, StringComparison.Ordinal);
        Assert.Empty(Server.Log.Snapshot());
        Assert.Single((await LockAsync(Model(repository.FileUrl))).Files);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_unreachable()
    {
        await Run.FailAsync("NG3212", Model("http://127.0.0.1:9/x.git"));
    }

    private async Task<(GitRepository Repository, string Commit)> ClosedAsync()
    {
        var repository = await Server.CreateAsync("closed");
        var commit = await repository.ImportAsync([GitEntry.Text("a", "1"), GitEntry.Lfs("b.bin", [1])]);
        Server.Login = new GitLogin(null, Secret);
        return (repository, commit);
    }

    private static string WithToken(string url) =>
        $"m: {{ source: {{ git-lfs: {{ url: \"{url}\", rev: main }} }}, auth: {{ tokenEnvVar: MY_TOKEN }} }}";
}
