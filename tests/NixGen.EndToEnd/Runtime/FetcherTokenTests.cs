using System.Runtime.Versioning;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>A token reaches the Hub and nothing else.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FetcherTokenTests : IAsyncLifetime
{
    private const string Secret = "hf_fetcherSecret";
    private readonly HubRepository repository = HubFixtures.TinyModel();
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackHub.StartAsync();
        Hub.Add(repository);
        Hub.AddToken(new HubToken(Secret, "member"));
        Hub.AddToken(new HubToken("hf_other", "member"));
        repository.GateGranted.Add("member");
        repository.Gate = HubGate.Auto;
    }

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    public async Task The_second_host_does_not_see_it(string path)
    {
        await FetchAsync(path, run => run.Variables["HF_TOKEN"] = Secret);
        Assert.All(Hub.Log.Snapshot().Where(request => !request.OnCdn), request => Assert.Equal(Secret, request.Token));
        Assert.All(Hub.Log.Snapshot().Where(request => request.OnCdn), request => Assert.False(request.HasAuthorization));
    }

    [Fact]
    public async Task A_redirect_to_another_host_does_not_take_it_along()
    {
        var elsewhere = await LoopbackHub.StartAsync();
        await using (elsewhere)
        {
            Hub.Faults.OnResolve("config.json", HubFault.RedirectTo(new Uri($"{elsewhere.Url}/collect")));
            using var run = FetcherRun.OfFile(Hub, repository, repository.Head.Tree.Files["config.json"].File);
            run.Variables["HF_TOKEN"] = Secret;
            Assert.False((await run.RunAsync()).Succeeded);
            Assert.False(Assert.Single(elsewhere.Log.Snapshot()).HasAuthorization);
        }
    }

    [Fact]
    public async Task The_file_goes_before_the_own_variable_and_that_before_the_usual_one()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Secret + "\n");
        await FetchAsync("config.json", run =>
        {
            run.Variables["fetch_token_file"] = file;
            run.Variables["fetch_token_variable"] = "MY_TOKEN";
            run.Variables["MY_TOKEN"] = "hf_wrong";
            run.Variables["HF_TOKEN"] = "hf_wrong";
        });
        await FetchAsync("config.json", run =>
        {
            run.Variables["fetch_token_file"] = "/run/secrets/none";
            run.Variables["fetch_token_variable"] = "MY_TOKEN";
            run.Variables["MY_TOKEN"] = Secret;
            run.Variables["HF_TOKEN"] = "hf_wrong";
        });
        await FetchAsync("config.json", run =>
        {
            run.Variables["fetch_token_variable"] = "MY_TOKEN";
            run.Variables["MY_TOKEN"] = "";
            run.Variables["HF_TOKEN"] = Secret;
        });
        File.Delete(file);
        Assert.All(Hub.Log.Snapshot(), request => Assert.Equal(Secret, request.Token));
    }

    [Fact]
    public async Task Without_a_usual_token_the_variable_is_left_alone_and_the_advice_says_why()
    {
        using var run = FetcherRun.OfFile(Hub, repository, repository.Head.Tree.Files["config.json"].File);
        run.Variables["fetch_usual_token"] = "";
        run.Variables["HF_TOKEN"] = Secret;
        var result = await run.RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains("auth.tokenEnvVar", result.Errors, StringComparison.Ordinal);
        Assert.All(Hub.Log.Snapshot(), request => Assert.False(request.HasAuthorization));
    }

    [Fact]
    public async Task A_token_file_that_builds_can_not_see_is_named()
    {
        using var run = FetcherRun.OfFile(Hub, repository, repository.Head.Tree.Files["config.json"].File);
        run.Variables["fetch_token_file"] = "/run/secrets/none";
        var result = await run.RunAsync();
        Assert.Contains("the token file /run/secrets/none can't be read in this build (extra-sandbox-paths in nix.conf makes it visible)", result.Errors, StringComparison.Ordinal);
        Assert.Contains("HTTP 401: this is a gated repository", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_one_is_required_nothing_is_asked_for_without_it()
    {
        using var run = FetcherRun.OfFile(Hub, repository, repository.Head.Tree.Files["config.json"].File);
        run.Variables["fetch_token_required"] = "1";
        var result = await run.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("✗ Error: There is no token", result.Errors, StringComparison.Ordinal);
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Theory]
    [InlineData("hf_a\nurl = file:///etc/passwd")]
    [InlineData("hf a")]
    [InlineData("hf_ü")]
    public async Task Text_that_is_no_token_goes_nowhere(string token)
    {
        using var run = FetcherRun.OfFile(Hub, repository, repository.Head.Tree.Files["config.json"].File);
        run.Variables["HF_TOKEN"] = token;
        var result = await run.RunAsync();
        Assert.Contains("The token holds a character that no token has", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(token, result.Errors, StringComparison.Ordinal);
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task It_is_in_no_argument_no_child_and_no_trace()
    {
        var folder = Directory.CreateTempSubdirectory("nixgen-spy-").FullName;
        // A curl that writes down its arguments and environment before it works.
        var spy = Path.Combine(folder, "curl");
        await File.WriteAllTextAsync(spy, $"#!/bin/bash\n{{ printf '%s\\n' \"$@\"; env; }} >>{folder}/seen\nexec /usr/bin/curl \"$@\"\n");
        File.SetUnixFileMode(spy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var run = FetcherRun.OfFile(Hub, repository, repository.Head.Tree.Files["config.json"].File);
        run.Variables["PATH"] = $"{folder}:{run.Variables["PATH"]}";
        run.Variables["HF_TOKEN"] = Secret;
        run.Variables["fetch_token_variable"] = "MY_TOKEN";
        run.Variables["MY_TOKEN"] = Secret;
        var result = (await run.RunAsync("-x")).OrThrow("fetch");
        var seen = await File.ReadAllTextAsync(Path.Combine(folder, "seen"));
        Assert.Contains("--globoff", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, seen, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, result.Output, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private async Task FetchAsync(string path, Action<FetcherRun> change)
    {
        using var run = FetcherRun.OfFile(Hub, repository, repository.Head.Tree.Files[path].File);
        change(run);
        (await run.RunAsync()).OrThrow("fetch");
    }
}
