using NixGen.Testing;
using NixGen.Testing.Git;
using Xunit;

namespace NixGen.EndToEnd.Git;

/// <summary>Repositories by SSH are locked with git's own client of it; what stands for the far end runs here.</summary>
public sealed class GitSshTests : GitLockingFixture
{
    // Takes what git gives to OpenSSH's client, notes the command, and runs it on the server's folder.
    private const string Script = """
        #!/usr/bin/env bash
        while [[ ${1:-} == -* ]]; do
          case $1 in -o | -p) printf '%s ' "$1 $2" >>"LOG"; shift 2 ;; *) shift ;; esac
        done
        printf '%s\n' "$*" >>"LOG"
        shift
        [ $# -gt 0 ] || exit 0
        eval "set -- $*"
        case $1 in
          git-lfs-authenticate) ANSWER ;;
          git-upload-pack) exec git upload-pack "ROOT$2" ;;
          *) exit 1 ;;
        esac
        """;

    [Fact]
    public async Task It_is_locked_by_ssh_and_the_lock_says_where_builds_go()
    {
        var repository = await PrepareAsync("""printf '{"href": "API", "header": {"Authorization": "RemoteAuth ssh-ticket"}, "expires_in": 60}'""");
        var locked = await LockAsync(Model("ssh://git@127.0.0.1:2222/org/by-ssh.git"));
        Assert.Equal(["a.txt", "w.bin"], locked.Files.Select(file => file.Path));
        Assert.Equal(("https://127.0.0.1/org/by-ssh.git", repository.Url + "/info/lfs"), (locked.Resolved.Endpoint, locked.Resolved.Storage));
        Assert.Equal("RemoteAuth ssh-ticket", Assert.Single(Server.Log.Of(GitRequestKind.Batch)).Authorization);
        var log = await File.ReadAllTextAsync(Path.Combine(Run.Home, "log"));
        Assert.Contains("-p 2222 git@127.0.0.1 'git-lfs-authenticate' '/org/by-ssh.git' 'download'", log, StringComparison.Ordinal);
        Assert.Empty(Server.Log.Of(GitRequestKind.Git));
    }

    [Fact]
    public async Task Gits_short_form_is_the_same_repository()
    {
        await PrepareAsync("""printf '{"href": "API"}'""");
        Assert.Equal(2, (await LockAsync(Model("git@127.0.0.1:org/by-ssh.git"))).Files.Length);
        Assert.Equal(2, (await LockAsync("m: \"git+ssh://git@127.0.0.1/org/by-ssh.git?rev=main\"")).Files.Length);
    }

    [Fact]
    public async Task An_address_of_git_lfs_that_is_not_protected_is_refused()
    {
        await PrepareAsync("""printf '{"href": "http://lfs.example.org/x"}'""");
        Assert.Contains("git-lfs-authenticate", (await Run.FailAsync("NG3412", Model("ssh://git@127.0.0.1/org/by-ssh.git"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_knows_no_key_of_the_users_is_told_with_the_command_to_try()
    {
        await PrepareAsync("exit 1");
        Run.Set("GIT_SSH_COMMAND", "f() { echo 'git@127.0.0.1: Permission denied (publickey).' >&2; exit 255; }; f");
        var refusal = await Run.FailAsync("NG3402", Model("ssh://git@127.0.0.1/org/by-ssh.git"));
        Assert.Contains("git ls-remote ssh://git@127.0.0.1/org/by-ssh.git", refusal.Help, StringComparison.Ordinal);
    }

    private async Task<GitRepository> PrepareAsync(string answer)
    {
        var repository = await Server.CreateAsync("org/by-ssh");
        await repository.ImportAsync([GitEntry.Text("a.txt", "a"), GitEntry.Lfs("w.bin", [1, 2])]);
        var program = Path.Combine(Run.Home, "ssh");
        Run.Write("ssh", Script.Replace("ANSWER", answer, StringComparison.Ordinal).Replace("API", repository.Url + "/info/lfs", StringComparison.Ordinal)
            .Replace("LOG", Path.Combine(Run.Home, "log"), StringComparison.Ordinal).Replace("ROOT", Server.Root, StringComparison.Ordinal));
        (await ProcessRunner.RunAsync("chmod", ["+x", program])).OrThrow("chmod");
        Run.Set("GIT_SSH_COMMAND", program);
        return repository;
    }
}
