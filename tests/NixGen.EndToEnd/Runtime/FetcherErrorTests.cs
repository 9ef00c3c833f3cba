using System.Text;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>Errors name what was asked for, what happened, and what to do next.</summary>
public sealed class FetcherErrorTests : IAsyncLifetime
{
    private const string Weights = "model.safetensors";
    private readonly HubRepository repository = HubFixtures.TinyModel();
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    private HubFile File => repository.Head.Tree.Files[Weights].File;

    public async Task InitializeAsync()
    {
        started = await LoopbackHub.StartAsync();
        Hub.Add(repository);
        Hub.AddToken(new HubToken("hf_member", "member"));
        Hub.AddToken(new HubToken("hf_stranger", "stranger"));
        repository.GateGranted.Add("member");
        repository.Members.Add("member");
    }

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Fact]
    public async Task An_error_says_what_was_to_be_fetched()
    {
        repository.Gate = HubGate.Auto;
        var lines = (await FailAsync()).Split('\n');
        Assert.Contains("error: Failed to fetch model: example/tiny", lines);
        Assert.Contains("  ┌─ Source:   huggingface", lines);
        Assert.Contains("  │  Repo:     example/tiny", lines);
        Assert.Contains($"  │  Revision: {repository.Head.Id}", lines);
        Assert.Contains($"  │  File:     {Weights}", lines);
        Assert.Contains("  │ To fix this:", lines);
        Assert.Contains($"  │   1. Visit {Hub.Url}/example/tiny and accept the terms", lines);
        Assert.Contains(lines, line => line.Contains("With a Nix daemon", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "HTTP 401: this is a gated repository")]
    [InlineData("hf_stranger", "HTTP 403: this is a gated repository")]
    public async Task A_gate_is_named(string token, string title)
    {
        repository.Gate = HubGate.Manual;
        Assert.Contains($"✗ Error: {title}", await FailAsync(token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_let_in_passes_the_gate()
    {
        repository.Gate = HubGate.Manual;
        using var run = FetcherRun.OfFile(Hub, repository, File);
        run.Variables["HF_TOKEN"] = " hf_member\n";
        (await run.RunAsync()).OrThrow("fetch");
    }

    [Fact]
    public async Task A_stale_token_is_named_although_the_repository_is_public() =>
        Assert.Contains("✗ Error: HTTP 401: the token is not accepted", await FailAsync("hf_stale"), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "HTTP 401: this repository is private, or does not exist")]
    [InlineData("hf_stranger", "HTTP 404: this repository does not exist, or the token may not see it")]
    public async Task A_hidden_repository_is_named(string token, string title)
    {
        repository.IsPrivate = true;
        Assert.Contains($"✗ Error: {title}", await FailAsync(token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_repository_is_named()
    {
        repository.IsDisabled = true;
        Assert.Contains("this repository is disabled", await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_that_is_gone_is_named()
    {
        var errors = await FailAsync("", run => run.Variables["fetch_revision"] = new string('0', 40));
        Assert.Contains("✗ Error: HTTP 404: this revision does not exist", errors, StringComparison.Ordinal);
        Assert.Contains("nixgen update", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_named() =>
        Assert.Contains("✗ Error: HTTP 404: this file does not exist at this revision", await FailAsync("", run => run.Variables["fetch_path"] = "nope"), StringComparison.Ordinal);

    [Fact]
    public async Task An_error_that_stays_is_asked_about_once()
    {
        repository.Gate = HubGate.Auto;
        await FailAsync();
        Assert.Single(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task Text_of_a_server_can_not_drive_the_terminal()
    {
        using var server = new RawServer(Encoding.UTF8.GetBytes(
            "HTTP/1.1 403 Forbidden\r\nX-Error-Message: \u009b31m\u001b]0;title\u0007 ünï plain\r\nX-Error-Code: $(touch pwned)\u001b[2J\r\nContent-Length: 0\r\n\r\n"));
        var errors = await FailAsync("", run => run.Variables["fetch_endpoint"] = server.Url);
        Assert.DoesNotContain(errors, character => char.IsControl(character) && character != '\n');
        Assert.Contains("plain", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("ünï", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_limit_that_stays_is_named()
    {
        Hub.Faults.OnResolve(Weights, HubFault.TooManyRequests(0));
        Assert.Contains("✗ Error: HTTP 429: too many requests", await FailAsync(), StringComparison.Ordinal);
    }

    private async Task<string> FailAsync(string token = "", Action<FetcherRun>? change = null)
    {
        using var run = FetcherRun.OfFile(Hub, repository, File);
        run.Variables["HF_TOKEN"] = token;
        change?.Invoke(run);
        var result = await run.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        return result.Errors;
    }
}
