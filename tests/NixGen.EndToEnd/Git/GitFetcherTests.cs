using System.Globalization;
using NixGen.Testing;
using NixGen.Testing.Git;
using Xunit;

namespace NixGen.EndToEnd.Git;

/// <summary>The fetcher gets the right bytes from a git host and its Git LFS server, or ends with an error that fits.</summary>
public sealed class GitFetcherTests : IAsyncLifetime
{
    private const string Secret = "ghp_Secret42Secret42Secret42";
    private readonly GitEntry large = GitEntry.Lfs("deep er/model+=%ü.safetensors", Noise(3_000_000, 5));
    private readonly GitEntry small = GitEntry.Text("a b/con fig+=%ü.json", "{\"fetched\": \"by git\"}\n");
    private GitServer? started;
    private GitRepository? repository;
    private string commit = "";

    private GitServer Server => started ?? throw new InvalidOperationException("Not started.");

    private GitRepository Repository => repository ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await GitServer.StartAsync();
        repository = await Server.CreateAsync("org/model");
        commit = await repository.ImportAsync([large, small]);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task A_file_in_git_lfs_comes_by_its_api_and_the_git_host_is_not_asked_for_it()
    {
        await FetchAsync(large);
        Assert.Empty(Server.Log.Of(GitRequestKind.Git));
        Assert.Single(Server.Log.Of(GitRequestKind.Batch));
        Assert.Equal(large.Content.Length, Server.Log.Of(GitRequestKind.Storage).Sum(request => request.BytesSent));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_file_comes_by_git_alone_and_with_nothing_else(bool speaksVersion2)
    {
        Server.SpeaksVersion2 = speaksVersion2;
        await FetchAsync(small);
        Assert.All(Server.Log.Snapshot(), request => Assert.Equal(GitRequestKind.Git, request.Kind));
        if (speaksVersion2)
            Assert.InRange(Server.Log.BytesSent, 1, 1_500);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task A_large_file_comes_in_parts_by_one_link(bool haveHeaders, bool moved)
    {
        Server.Lfs.LinksHaveHeaders = haveHeaders;
        Server.Lfs.StorageMoved = moved;
        Server.Lfs.NeedsRanges = true;
        await FetchAsync(large, InParts);
        Assert.True(Server.Log.Of(GitRequestKind.Storage).Count(request => request.Status == 206) > 3);
        Assert.Single(Server.Log.Of(GitRequestKind.Batch));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_that_expired_is_asked_for_anew(bool statesTimes)
    {
        Server.Lfs.StatesTimes = statesTimes;
        Server.Lfs.LinksOfOneUse = 3;
        await FetchAsync(large, InParts);
        Assert.Contains(Server.Log.Of(GitRequestKind.Storage), request => request.Status == 403);
        Assert.InRange(Server.Log.Of(GitRequestKind.Batch).Length, 2, 12);
    }

    [Fact]
    public async Task A_link_that_never_works_ends_the_run()
    {
        Server.Lfs.LinkLifetime = TimeSpan.FromSeconds(-60);
        var errors = await FailAsync(large);
        Assert.Contains("HTTP 403: the storage does not let in who has the Git LFS server's link", errors, StringComparison.Ordinal);
        Assert.InRange(Server.Log.Of(GitRequestKind.Batch).Length, 1, 20);
    }

    [Fact]
    public async Task A_token_goes_to_the_git_host_only_and_is_nowhere_else()
    {
        Server.Login = new GitLogin("x-access-token", Secret);
        foreach (var file in new[] { large, small })
        {
            var result = await FetchAsync(file, WithToken);
            Assert.DoesNotContain(Secret, result.Output + result.Errors, StringComparison.Ordinal);
        }

        Assert.Contains(Server.Log.Of(GitRequestKind.Git), request => request is { Status: 200, Authorization: not null });
        Assert.All(Server.Log.Of(GitRequestKind.Storage), request => Assert.StartsWith("Ticket ", request.Authorization, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("machine 127.0.0.1 login reader password open-sesame", "reader", "open-sesame")]
    [InlineData(null, "deploy", "of-the-token")]
    public async Task A_user_and_a_password_come_from_netrc_or_from_the_token(string? netrc, string user, string password)
    {
        Server.Login = new GitLogin(user, password);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("netrc"), netrc + "\n");
        foreach (var file in new[] { large, small })
        {
            await FetchAsync(file, run =>
            {
                run.Variables[netrc is null ? "MY_TOKEN" : "fetch_netrc_file"] = netrc is null ? $"{user}:{password}" : folder.At("netrc");
                run.Variables["fetch_token_variable"] = "MY_TOKEN";
            });
        }
    }

    [Fact]
    public async Task A_closed_host_says_how_a_token_gets_to_a_build()
    {
        Server.Login = new GitLogin(null, Secret);
        Assert.Contains("HTTP 401: the Git LFS server wants to know who asks", await FailAsync(large), StringComparison.Ordinal);
        Assert.Contains("HTTP 401: the git host wants to know who asks", await FailAsync(small), StringComparison.Ordinal);
        var errors = await FailAsync(small, run =>
        {
            WithToken(run);
            run.Variables["MY_TOKEN"] = "ghp_WrongWrongWrong";
        });
        Assert.Contains("MY_TOKEN", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("ghp_Wrong", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "Object does not exist")]
    [InlineData(410, "Object was taken away")]
    [InlineData(422, "Object is odd")]
    public async Task An_object_that_is_refused_is_told_with_the_servers_words(int code, string words)
    {
        Server.Lfs.ObjectErrors[large.Sha256] = (code, words);
        var errors = await FailAsync(large);
        Assert.Contains($"The Git LFS server does not give the file ({code})", errors, StringComparison.Ordinal);
        Assert.Contains($"The server says: {words}", errors, StringComparison.Ordinal);
        Assert.Contains(large.Path, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_content_is_refused()
    {
        Server.Lfs.Replacements[large.Sha256] = Noise(3_000_000, 6);
        Assert.Contains("The content does not match its hash", await FailAsync(large), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waits_of_the_batch_api_are_kept()
    {
        Server.Lfs.BatchStatuses.Enqueue((429, 0));
        Server.Lfs.BatchStatuses.Enqueue((503, null));
        await FetchAsync(large);
        Assert.Equal([429, 503, 200], Server.Log.Of(GitRequestKind.Batch).Select(request => request.Status));
        Server.Lfs.BatchStatuses.Enqueue((429, 4000));
        Assert.Contains("The server asks to wait for 4000 seconds", await FailAsync(large), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>Log in</html>")]
    [InlineData("{\"objects\": {}}")]
    [InlineData("{\"objects\": [null, 5, {\"oid\": 1}]}")]
    public async Task An_answer_that_is_none_is_refused(string body)
    {
        Server.Lfs.BatchBody = body;
        Assert.Contains("The Git LFS server's answer is of no use", await FailAsync(large), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("https://x/\nurl = \"file:///etc/passwd")]
    public async Task A_link_to_elsewhere_than_the_web_is_refused(string link)
    {
        Server.Lfs.Link = link;
        await FailAsync(large);
        Assert.Empty(Server.Log.Of(GitRequestKind.Storage));
    }

    [Fact]
    public async Task A_commit_that_is_gone_does_not_matter_to_objects_and_one_without_them_is_told()
    {
        var other = await Repository.ImportAsync([small], replace: true);
        await Repository.GitAsync("reflog", "expire", "--expire=now", "--all");
        await Repository.GitAsync("gc", "--quiet", "--prune=now");
        await FetchAsync(small);
        Assert.NotEqual(other, commit);
        var gone = GitEntry.Text("gone", "nobody has this\n");
        Assert.Contains("The repository does not have it", await FailAsync(gone), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirror_by_hash_helps_where_the_repository_fails()
    {
        await using var mirror = await NixGen.Testing.Files.FileServer.StartAsync();
        mirror.Contents["/sha256/" + small.Sha256] = small.Content;
        mirror.Contents["/sha256/" + large.Sha256] = large.Content;
        Server.Gate = _ => 404;
        foreach (var file in new[] { large, small })
            await FetchAsync(file, run => run.Variables["fetch_mirrors"] = $"hashed\t-\t{mirror.Url}\n");
    }

    [Fact]
    public async Task Without_a_lock_git_says_what_a_file_is()
    {
        foreach (var file in new[] { large, small })
        {
            await FetchAsync(file, run =>
            {
                run.Variables["fetch_blob"] = "";
                run.Variables["fetch_size"] = "-";
                run.Variables.Remove("fetch_storage");
            });
        }

        Assert.Contains("There is no file none at this commit.", await FailAsync(GitEntry.Text("none", ""), run => run.Variables["fetch_blob"] = ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tree_of_many_files_takes_few_requests_of_git()
    {
        GitEntry[] files = [large, small, .. Enumerable.Range(0, 300).Select(index => GitEntry.Text($"many {index % 7}/{index}", $"{index}\n")), GitEntry.Lfs("x.bin", [1, 2, 3])];
        var head = await Repository.ImportAsync(files);
        using var run = GitFetcherRun.OfTree(Repository, head, files);
        (await run.RunAsync()).OrThrow("fetch");
        Assert.All(files, file => Assert.Equal(file.Content, File.ReadAllBytes(Path.Combine(run.Out, file.Path))));
        Assert.InRange(Server.Log.Of(GitRequestKind.Git).Length, 1, 4);
    }

    [Fact]
    public async Task A_repository_on_the_disk_gives_its_objects_and_its_blobs()
    {
        foreach (var file in new[] { large, small })
        {
            await FetchAsync(file, run =>
            {
                run.Variables["fetch_endpoint"] = Repository.FileUrl;
                run.Variables["fetch_storage"] = Repository.FileUrl + "/lfs/objects";
            });
        }

        Assert.Empty(Server.Log.Snapshot());
        var errors = await FailAsync(large, run =>
        {
            run.Variables["fetch_endpoint"] = "file:///not/there";
            run.Variables["fetch_storage"] = "file:///not/there/lfs/objects";
        });
        Assert.Contains("extra-sandbox-paths", errors, StringComparison.Ordinal);
    }

    private static void WithToken(GitFetcherRun run)
    {
        run.Variables["fetch_token_variable"] = "MY_TOKEN";
        run.Variables["MY_TOKEN"] = Secret;
    }

    private static void InParts(GitFetcherRun run)
    {
        run.Variables["fetch_parallel_from"] = "1000000";
        run.Variables["fetch_least_slice"] = "65536";
        run.Variables["fetch_fast"] = "0"; // as if every connection were limited
    }

    private async Task<ProcessResult> FetchAsync(GitEntry file, Action<GitFetcherRun>? change = null)
    {
        using var run = GitFetcherRun.OfFile(Repository, commit, file);
        change?.Invoke(run);
        var result = (await run.RunAsync()).OrThrow("fetch");
        Assert.Equal(file.Content, await File.ReadAllBytesAsync(run.Out));
        return result;
    }

    private async Task<string> FailAsync(GitEntry file, Action<GitFetcherRun>? change = null)
    {
        using var run = GitFetcherRun.OfFile(Repository, commit, file);
        change?.Invoke(run);
        var result = await run.RunAsync();
        Assert.True(result.ExitCode == 1, string.Create(CultureInfo.InvariantCulture, $"{result.ExitCode}: {result.Errors}"));
        Assert.Contains("✗ Error: ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(".sh: line", result.Errors, StringComparison.Ordinal);
        return result.Errors;
    }

    private static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
#pragma warning disable CA5394 // Noise, and the same each time.
        new Random(seed).NextBytes(bytes);
#pragma warning restore CA5394
        return bytes;
    }
}
