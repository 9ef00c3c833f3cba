using NixGen.Testing.Mlflow;
using Xunit;

namespace NixGen.EndToEnd.Mlflow;

/// <summary>The fetcher of MLflow models gets the right bytes, or ends with one error that fits.</summary>
public sealed class MlflowFetcherTests : IAsyncLifetime
{
    private const string Root = "mlflow-artifacts:/7/x/artifacts";
    private static readonly (string Path, byte[] Content)[] Files =
    [
        ("MLmodel", [1, 2, 3, 10]), ("data/model.bin", MlflowFixtures.Weights("fetched", 3_000_000)), ("data/empty.txt", []),
        .. MlflowFixtures.AwkwardNames.Select(name => (name, MlflowFixtures.Weights(name, 1000))),
    ];

    private LoopbackMlflow? started;

    private LoopbackMlflow Server => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackMlflow.StartAsync();
        Server.State.AddRegistered(Root, Files);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task A_tree_comes_through_a_proxy_without_lengths_and_ranges()
    {
        using var run = new MlflowFetching(Server).Tree(Files);
        (await run.RunAsync()).OrThrow("fetch");
        await AssertTreeAsync(run);
        Assert.Equal(Files.Count(file => file.Content.Length > 0), Server.Log.Count);
    }

    [Fact]
    public async Task A_tree_comes_from_another_store_through_the_server()
    {
        Server.State.AddRegistered("s3://bucket/x", Files);
        using var run = new MlflowFetching(Server).Tree(Files, path => $"{Server.Url}/get-artifact?run_id={MlflowFixtures.Run}&path=model%2F{Uri.EscapeDataString(path)}");
        run.Variables["fetch_storage"] = "s3://bucket/x/model";
        (await run.RunAsync()).OrThrow("fetch");
        await AssertTreeAsync(run);
    }

    [Fact]
    public async Task A_large_file_is_not_asked_for_in_parts_that_the_proxy_would_send_whole()
    {
        using var run = new MlflowFetching(Server).One(Files[1].Path, Files[1].Content);
        run.Variables["fetch_parallel_from"] = "1000000";
        run.Variables["fetch_least_slice"] = "262144";
        (await run.RunAsync()).OrThrow("fetch");
        Assert.Equal(Files[1].Content, await File.ReadAllBytesAsync(run.Out));
        Assert.InRange(Server.Log.Count, 1, 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_cut_off_is_fetched_from_the_start(bool quietly)
    {
        (Server.CutsAfter, Server.CutsQuietly) = (1_000_000, quietly);
        Server.Gate = _ =>
        {
            if (Server.Log.Count > 1)
                Server.CutsAfter = 0;
            return null;
        };
        using var run = new MlflowFetching(Server).One(Files[1].Path, Files[1].Content);
        (await run.RunAsync()).OrThrow("fetch");
        Assert.Equal(Files[1].Content, await File.ReadAllBytesAsync(run.Out));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_proxy_that_always_ends_early_is_an_error(bool quietly)
    {
        (Server.CutsAfter, Server.CutsQuietly) = (1_000_000, quietly);
        using var run = new MlflowFetching(Server).One(Files[1].Path, Files[1].Content);
        var result = await run.RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains("The file is incomplete", result.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(run.Out) && new FileInfo(run.Out).Length == Files[1].Content.Length && (await File.ReadAllBytesAsync(run.Out)).SequenceEqual(Files[1].Content));
    }

    [Fact]
    public async Task Content_that_was_overwritten_is_a_plain_error()
    {
        Server.State.With(Root + "/model", ("data/model.bin", [.. Files[1].Content.Reverse()]));
        using var run = new MlflowFetching(Server).One(Files[1].Path, Files[1].Content);
        var result = await run.RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains("The content does not match its hash", result.Errors, StringComparison.Ordinal);
        Assert.Contains("Model:    models:/fraud, version 1", result.Errors, StringComparison.Ordinal);
        Assert.Contains("nixgen update", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_and_a_password_go_to_the_server_that_the_environment_names()
    {
        Server.Account = ("anna", "pass:word");
        using var run = new MlflowFetching(Server).Tree(Files);
        run.Variables["MLFLOW_TRACKING_URI"] = Server.Url + "/";
        run.Variables["MLFLOW_TRACKING_USERNAME"] = "anna";
        run.Variables["MLFLOW_TRACKING_PASSWORD"] = "pass:word";
        run.Variables["MLFLOW_TRACKING_TOKEN"] = "geheim";
        run.Variables["fetch_token_required"] = "1";
        var result = (await run.RunAsync()).OrThrow("fetch");
        await AssertTreeAsync(run);
        Assert.DoesNotContain("pass:word", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_netrc_file_wins_over_the_environment()
    {
        Server.Account = ("anna", "aus-der-datei");
        using var run = new MlflowFetching(Server).One(Files[0].Path, Files[0].Content);
        run.Variables["fetch_netrc_file"] = run.Write("netrc", "machine 127.0.0.1 login anna password aus-der-datei\n");
        run.Variables["fetch_token_required"] = "1";
        run.Variables["MLFLOW_TRACKING_URI"] = Server.Url;
        run.Variables["MLFLOW_TRACKING_TOKEN"] = "geheim";
        var result = (await run.RunAsync()).OrThrow("fetch");
        Assert.DoesNotContain("aus-der-datei", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MLFLOW_TRACKING_TOKEN", true)]
    [InlineData("MLFLOW_TRACKING_TOKEN", false)]
    [InlineData("MY_TOKEN", false)]
    public async Task A_token_goes_where_it_belongs(string variable, bool isOwnServer)
    {
        Server.Token = "geheim";
        using var run = new MlflowFetching(Server).One(Files[0].Path, Files[0].Content);
        run.Variables[variable] = "geheim";
        run.Variables["MLFLOW_TRACKING_URI"] = isOwnServer ? Server.Url : "https://mlflow.example.com";
        if (variable == "MY_TOKEN")
            run.Variables["fetch_token_variable"] = variable;
        var result = await run.RunAsync();
        Assert.Equal(isOwnServer || variable == "MY_TOKEN", result.Succeeded);
        Assert.DoesNotContain("geheim", result.Output + result.Errors, StringComparison.Ordinal);
        if (!result.Succeeded)
        {
            Assert.All(Server.Log, request => Assert.Null(request.Authorization));
            Assert.Contains("HTTP 401: the tracking server asks for credentials", result.Errors, StringComparison.Ordinal);
            Assert.Contains("Set MLFLOW_TRACKING_URI=" + Server.Url, result.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_proxy_of_its_own_gets_no_credentials()
    {
        using var run = new MlflowFetching(Server).Tree(Files);
        run.Variables["fetch_storage"] = $"{Server.OtherUrl}/api/2.0/mlflow-artifacts/artifacts/7/x/artifacts/model";
        run.Variables["MLFLOW_TRACKING_URI"] = Server.Url;
        run.Variables["MLFLOW_TRACKING_TOKEN"] = "geheim";
        run.Variables["MY_TOKEN"] = "geheim";
        run.Variables["fetch_token_variable"] = "MY_TOKEN";
        (await run.RunAsync()).OrThrow("fetch");
        Assert.All(Server.Log, request => Assert.Null(request.Authorization));
        await AssertTreeAsync(run);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lock_can_not_send_the_token_elsewhere(bool isTree)
    {
        using var run = new MlflowFetching(Server);
        var url = Server.OtherUrl + "/get-artifact?path=x";
        _ = isTree ? run.Tree(Files, _ => url) : run.One(Files[0].Path, Files[0].Content, url);
        run.Variables["fetch_storage"] = "s3://bucket/x";
        run.Variables["MLFLOW_TRACKING_URI"] = Server.Url;
        run.Variables["MLFLOW_TRACKING_TOKEN"] = "geheim";
        var result = await run.RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains("at another server", result.Errors, StringComparison.Ordinal);
        Assert.Empty(Server.Log);
    }

    [Theory]
    [InlineData(403, "HTTP 403: the tracking server forbids")]
    [InlineData(404, "HTTP 404: there is no such file any more")]
    [InlineData(500, "HTTP 500: the tracking server can not hand out this file")]
    [InlineData(503, "HTTP 503: the tracking server does not hand out artifacts now")]
    public async Task What_can_not_be_had_is_told_with_what_to_do(int status, string title)
    {
        Server.Gate = _ => new MlflowException(status, "SOME_ERROR", "No.");
        using var run = new MlflowFetching(Server).One(Files[0].Path, Files[0].Content);
        var result = await run.RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains(title, result.Errors, StringComparison.Ordinal);
        Assert.Contains("Source:   mlflow", result.Errors, StringComparison.Ordinal);
        Assert.Contains("File:     MLmodel", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Required_credentials_that_are_not_there_end_the_run_before_a_request()
    {
        using var run = new MlflowFetching(Server).One(Files[0].Path, Files[0].Content);
        run.Variables["fetch_token_required"] = "1";
        var result = await run.RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains("There are no credentials", result.Errors, StringComparison.Ordinal);
        Assert.Empty(Server.Log);
    }

    private static async Task AssertTreeAsync(MlflowFetching run)
    {
        foreach (var (path, content) in Files)
            Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(run.Out, path)));
    }
}
