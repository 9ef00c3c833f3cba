using NixGen.EndToEnd.Runtime;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>A server that says the token back to who sent it doesn't get it into a log.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class EchoedTokenTests(RuntimeNix runtime) : IAsyncLifetime
{
    private const string Secret = "hf_echoedSecret17";
    private const string Weights = "model.safetensors";
    private readonly HubRepository repository = HubFixtures.TinyModel("example/echo", seed: 211);
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackHub.StartAsync();
        Hub.Add(repository);
        Hub.AddToken(new HubToken(Secret, "member"));
    }

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(418)]
    [InlineData(429)]
    public async Task A_server_s_message_is_shown_without_it(int status)
    {
        Hub.Faults.OnResolve(Weights, HubFault.Status(status, $"<p>{Secret}</p>").WithHeader("X-Error-Message", $"bad token {Secret}, go away"));
        Assert.Contains("bad token ***, go away", await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_s_code_is_shown_without_it()
    {
        Hub.Faults.OnResolve(Weights, HubFault.Status(418).WithHeader("X-Error-Code", $"Bad-{Secret}"));
        Assert.Contains("(Bad-***)", await FailAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"http://{Secret}.invalid/")]
    [InlineData($"{Secret}://127.0.0.1/")]
    [InlineData($"http://127.0.0.1:9/{Secret}")]
    public async Task An_address_is_shown_without_it(string address)
    {
        // As text: some of these are no addresses.
        Hub.Faults.OnResolve(Weights, HubFault.Status(302).WithHeader("Location", address));
        await FailAsync();
    }

    [Theory]
    [InlineData($"[{Secret}")]
    [InlineData($$"""[{"type":"file","path":"../{{Secret}}","size":1,"oid":"0000000000000000000000000000000000000000"}]""")]
    [InlineData($$"""[{"type":"file","path":"{{Secret}}","size":1,"oid":"0000000000000000000000000000000000000000"}]""")]
    public async Task A_list_is_complained_about_without_it(string list)
    {
        Hub.Faults.OnApi("tree", HubFault.Status(200, list));
        await FailAsync(FetcherRun.OfTree(Hub, repository));
    }

    [Fact]
    public async Task The_next_page_s_address_is_shown_without_it()
    {
        Hub.Faults.OnApi("tree", HubFault.Status(200, "[]").WithHeader("Link", $"<http://127.0.0.1:9/{Secret}>; rel=\"next\""));
        Assert.Contains("***", await FailAsync(FetcherRun.OfTree(Hub, repository)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_total_is_shown_without_it()
    {
        Hub.Faults.OnContent(Weights, HubFault.Status(206, "x").WithHeader("Content-Range", $"bytes 0-0/{Secret}"));
        var run = Run();
        run.Variables["fetch_slice"] = "10";
        await FailAsync(run);
    }

    [Fact]
    public async Task A_token_of_characters_that_mean_something_to_a_pattern_is_hidden_too()
    {
        const string odd = "a*b?[c]\\d/e&f\"g'h`$(i)";
        Hub.Faults.OnResolve(Weights, HubFault.Status(418).WithHeader("X-Error-Message", $"bad token {odd}, go away; not axb?[c]"));
        var run = Run();
        run.Variables["HF_TOKEN"] = odd;
        var result = await TryAsync(run);
        Assert.Equal(odd, Hub.Log.Snapshot()[0].Token);
        Assert.Contains("bad token ***, go away; not axb?[c]", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_a_long_message_is_cut_within_is_hidden_too()
    {
        foreach (var length in new[] { 284, 290, 296, 299 })
        {
            Hub.Faults.Clear();
            Hub.Faults.OnResolve(Weights, HubFault.Status(418).WithHeader("X-Error-Message", new string('x', length) + Secret));
            var errors = await FailAsync();
            Assert.DoesNotContain("xh", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_build_s_log_and_store_are_without_it()
    {
        Hub.Faults.OnResolve(Weights, HubFault.Status(403, $"bad token {Secret}").WithHeader("X-Error-Message", $"bad token {Secret}"));
        Hub.Faults.OnContent("config.json", HubFault.Status(418, Secret).WithHeader("X-Error-Code", Secret).WithHeader("X-Error-Message", Secret));
        var definition = Definitions.HuggingFace(Hub, repository, "echo");
        definition["auth"] = new System.Text.Json.Nodes.JsonObject { ["tokenEnvVar"] = "ECHOED_TOKEN", ["required"] = true };
        var result = await runtime.Nix.TryBuildAsync(RuntimeNix.Expression(runtime.Model(definition)), new Dictionary<string, string> { ["ECHOED_TOKEN"] = Secret }, ["--keep-going"]);
        Assert.False(result.Succeeded);
        Assert.Contains("The server says: bad token ***", result.Errors, StringComparison.Ordinal);
        Assert.All(Hub.Log.Of(HubRequestKind.Resolve), request => Assert.Equal(Secret, request.Token));
        await Leaks.NoneAsync(runtime.Nix, Secret, result);
    }

    private FetcherRun Run() => FetcherRun.OfFile(Hub, repository, repository.Head.Tree.Files[Weights].File);

    private async Task<string> FailAsync(FetcherRun? changed = null)
    {
        var run = changed ?? Run();
        run.Variables["HF_TOKEN"] = Secret;
        var result = await TryAsync(run);
        Assert.Contains(Hub.Log.Snapshot(), request => request.Token == Secret);
        Assert.DoesNotContain(Secret, result.Errors + result.Output, StringComparison.OrdinalIgnoreCase);
        return result.Errors;
    }

    private static async Task<ProcessResult> TryAsync(FetcherRun prepared)
    {
        using var run = prepared;
        var result = await run.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("✗ Error: ", result.Errors, StringComparison.Ordinal);
        return result;
    }
}
