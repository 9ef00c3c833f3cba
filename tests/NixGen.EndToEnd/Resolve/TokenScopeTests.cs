using NixGen.Diagnostics;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Resolve;

/// <summary>What is asked and said of a token's scopes, for models that want it and for those that don't.</summary>
public sealed class TokenScopeTests : IAsyncLifetime
{
    private const string Fine = "fineGrained";
    private LockingRun? _run;

    private LockingRun Run => _run ?? throw new InvalidOperationException("Not started.");

    private LoopbackHub Hub => Run.Hub;

    private int Asked => Hub.Log.Snapshot().Count(request => request.Action == "whoami-v2");

    public async Task InitializeAsync()
    {
        _run = await LockingRun.StartAsync();
        Hub.Add(HubFixtures.TinyModel("example/open"));
        Hub.Add(HubFixtures.TinyModel("Another/open"));
        Hub.AddToken(new HubToken("hf_read", "alice"));
        Hub.AddToken(new HubToken("hf_write", "alice", HubTokenRole.Write));
        Hub.AddToken(new HubToken("hf_nothing", "alice", HubTokenRole.FineGrained));
        Hub.AddToken(new HubToken("hf_gated", "alice", HubTokenRole.FineGrained) { CanReadGatedRepositories = true });
        Hub.AddToken(new HubToken("hf_everywhere", "alice", HubTokenRole.FineGrained) { Everywhere = ["repo.content.read", "discussion.write"] });
        Hub.AddToken(new HubToken("hf_owner", "alice", HubTokenRole.FineGrained)
        {
            Scopes = [new("user", "alice", "repo.content.read", "repo.write"), new("org", "Example", "repo.content.read")],
        });
        Hub.AddToken(new HubToken("hf_one", "alice", HubTokenRole.FineGrained)
        {
            Scopes = [new("dataset", "example/open", "repo.write"), new("model", "example/open", "repo.content.read", "repo.access.read")],
        });
        Hub.AddToken(new HubToken("hf_editor", "alice", HubTokenRole.FineGrained) { Scopes = [new("org", "example", "repo.write")] });
    }

    public async Task DisposeAsync() => await Run.DisposeAsync();

    [Theory]
    [InlineData("read", "hf_read")]
    [InlineData("read", "hf_write")]
    [InlineData("read", "hf_everywhere")]
    [InlineData("read", "hf_owner")]
    [InlineData("read", "hf_one")]
    [InlineData("read", "hf_editor")]
    [InlineData("write", "hf_write")]
    [InlineData("write", "hf_editor")]
    [InlineData("gated", "hf_read")]
    [InlineData("gated", "hf_write")]
    [InlineData("gated", "hf_gated")]
    [InlineData("repo.content.read", "hf_read")]
    [InlineData("repo.content.read", "hf_owner")]
    [InlineData("repo.content.read", "hf_editor")]
    [InlineData("repo.access.read", "hf_one")]
    [InlineData("discussion.write", "hf_everywhere")]
    [InlineData("discussion.write", "hf_write")]
    [InlineData(Fine, "hf_nothing")]
    public async Task A_token_that_has_the_scope_passes(string scope, string token)
    {
        Run.Set("HF_TOKEN", token);
        await Run.SucceedAsync(Model(scope));
        Assert.Equal(1, Asked);
    }

    [Theory]
    [InlineData("write", "hf_read", "the role 'read'")]
    [InlineData("repo.write", "hf_read", "the role 'read'")]
    [InlineData(Fine, "hf_read", "the role 'read'")]
    [InlineData("read", "hf_nothing", "no permissions, without the permission to read gated")]
    [InlineData("read", "hf_gated", "no permissions, and the permission to read gated")]
    [InlineData("gated", "hf_owner", "'repo.content.read' for Example")]
    [InlineData("write", "hf_owner", "'repo.write' for alice")]
    [InlineData("write", "hf_one", "'repo.write' for example/open")]
    [InlineData("write", "hf_everywhere", "'repo.content.read'; 'discussion.write'")]
    [InlineData("repo.access.read", "hf_owner", "for Example")]
    public async Task A_token_that_lacks_it_is_refused_with_what_it_has(string scope, string token, string has)
    {
        Run.Set("HF_TOKEN", token);
        var error = await Run.FailAsync("NG3133", Model(scope));
        Assert.Equal(FailureKind.Upstream, error.Descriptor.Kind);
        Assert.Contains($"'{scope}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("the variable HF_TOKEN", error.Message, StringComparison.Ordinal);
        Assert.Contains("'m'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'example/open'", error.Expected, StringComparison.Ordinal);
        Assert.Contains(has, error.Actual, StringComparison.Ordinal);
        Assert.Contains($"{Hub.Url}/settings/tokens", error.Help, StringComparison.Ordinal);
        Assert.DoesNotContain(token, error.Message + error.Help + error.Expected + error.Actual, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_missing_scopes_are_named_at_once()
    {
        Run.Set("HF_TOKEN", "hf_nothing");
        var error = await Run.FailAsync("NG3133", Model("read, gated, fineGrained, repo.write"));
        Assert.Contains("the scopes 'read', 'gated', 'repo.write';", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scopes_are_for_the_repository_of_the_model()
    {
        Run.Set("HF_TOKEN", "hf_owner");
        var outcome = await Run.LockAsync(
            "a: { source: hf:example/open, security: { requiredScopes: [read] } }",
            "b: { source: hf:Another/open, security: { requiredScopes: [read] } }");
        Assert.Equal(["a"], outcome.Lock.Models.Keys);
        Assert.Contains("'b'", Assert.Single(outcome.Diagnostics, item => item.Code == "NG3133").Message, StringComparison.Ordinal);
        Assert.Equal(1, Asked);
    }

    [Fact]
    public async Task A_renamed_repository_is_known_by_its_present_name()
    {
        Hub.Rename("old/name", Hub.Find("example/open"));
        Run.Set("HF_TOKEN", "hf_one");
        await Run.SucceedAsync("m: { source: hf:old/name, security: { requiredScopes: [read] } }");
    }

    [Fact]
    public async Task Scopes_without_a_token_are_refused_before_any_request()
    {
        var error = await Run.FailAsync("NG3110", Model("read, gated"));
        Assert.Contains("the scopes 'read', 'gated'", error.Message, StringComparison.Ordinal);
        Assert.Contains("HF_TOKEN (not set)", error.Help, StringComparison.Ordinal);
        Assert.Contains($"{Hub.Url}/settings/tokens", error.Help, StringComparison.Ordinal);
        Assert.Empty(Hub.Log.Snapshot());

        // To be warned of a token needs none.
        await Run.SucceedAsync("m: { source: hf:example/open, security: { warnOnExcessiveScopes: true } }");
        Assert.Equal(0, Asked);
    }

    [Theory]
    [InlineData("hf_read", "", null)]
    [InlineData("hf_nothing", "", null)]
    [InlineData("hf_one", "", "'repo.write'")]
    [InlineData("hf_write", "", "'write'")]
    [InlineData("hf_everywhere", "", "'discussion.write'")]
    [InlineData("hf_owner", "", "'repo.write'")]
    [InlineData("hf_write", "write", null)]
    [InlineData("hf_write", "read", "'write'")]
    [InlineData("hf_editor", "write", null)]
    [InlineData("hf_everywhere", "discussion.write", null)]
    public async Task A_token_that_may_do_more_than_is_needed_is_a_warning(string token, string required, string? excess)
    {
        Run.Set("HF_TOKEN", token);
        var outcome = await Run.LockAsync($"m: {{ source: hf:example/open, security: {{ requiredScopes: [{required}], warnOnExcessiveScopes: true }} }}");
        Assert.Single(outcome.Lock.Models);
        Assert.Equal(1, Asked);
        if (excess is null)
        {
            Assert.Empty(outcome.Diagnostics);
            return;
        }

        var warning = Assert.Single(outcome.Diagnostics);
        Assert.Equal(("NG3134", Severity.Warning), (warning.Code, warning.Severity));
        Assert.Contains(excess, warning.Message, StringComparison.Ordinal);
        Assert.Contains("/settings/tokens", warning.Help, StringComparison.Ordinal);
        Assert.DoesNotContain(token, warning.Message + warning.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Hub_is_asked_once_for_each_token_and_the_answer_is_kept_nowhere()
    {
        Run.Set("HF_TOKEN", "hf_read");
        Run.Set("OTHER", "hf_write");
        var models = Enumerable.Range(0, 12).Select(i => $"m{i}: {{ source: hf:example/open, security: {{ requiredScopes: [read] }}{(i % 3 == 0 ? ", auth: { tokenEnvVar: OTHER }" : "")} }}").ToArray();
        Run.Keep(await Run.SucceedAsync(models));
        Assert.Equal(2, Asked);
        Assert.All(Directory.EnumerateFiles(Run.Home, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain("alice", File.ReadAllText(file), StringComparison.Ordinal));

        // What is locked already stays so without a question; what is updated is asked about again.
        Hub.Log.Clear();
        await Run.SucceedAsync(models);
        Assert.Empty(Hub.Log.Snapshot());
        Run.Options = new() { Update = true };
        await Run.SucceedAsync(models);
        Assert.Equal(2, Asked);
    }

    [Fact]
    public async Task Models_that_do_not_want_it_cause_no_question()
    {
        Run.Set("HF_TOKEN", "hf_write");
        await Run.SucceedAsync(
            "a: hf:example/open",
            "b: { source: hf:example/open, auth: { required: true } }",
            "c: { source: hf:example/open, security: { requiredScopes: [], warnOnExcessiveScopes: false, maskSecretsInLogs: true } }");
        Assert.Equal(0, Asked);
    }

    [Theory]
    [InlineData(404, "{\"error\":\"Not Found\"}", "404")]
    [InlineData(200, "{}", "states no role")]
    [InlineData(200, "[]", "states no role")]
    [InlineData(200, "null", "states no role")]
    [InlineData(200, "<html>", "not JSON")]
    [InlineData(200, "{\"auth\":{\"accessToken\":{\"role\":7}}}", "states no role")]
    [InlineData(200, "{\"auth\":{\"accessToken\":{\"role\":\"\\u001b[31m\"}}}", "states no role")]
    [InlineData(200, "{\"auth\":{\"accessToken\":{\"role\":\"\\ud800\"}}}", "not JSON")]
    [InlineData(200, "{\"auth\":{\"type\":\"app\"}}", "states no role")]
    public async Task An_answer_that_says_nothing_is_an_error_for_who_requires_scopes_and_else_a_warning(int status, string body, string words)
    {
        Run.Set("HF_TOKEN", "hf_read");
        Hub.Faults.OnApi("whoami-v2", HubFault.Status(status, body));
        var error = await Run.FailAsync("NG3135", Model("read"));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("mirror", error.Help, StringComparison.Ordinal);

        var outcome = await Run.LockAsync("m: { source: hf:example/open, security: { warnOnExcessiveScopes: true } }");
        Assert.Single(outcome.Lock.Models);
        Assert.Equal(("NG3136", Severity.Warning), (outcome.Diagnostics.Single().Code, outcome.Diagnostics.Single().Severity));
    }

    [Fact]
    public async Task The_limit_of_that_question_is_told()
    {
        Run.Set("HF_TOKEN", "hf_read");
        Hub.Faults.OnApi("whoami-v2", HubFault.TooManyRequests(86_400));
        var error = await Run.FailAsync("NG3135", Model("read"));
        Assert.Contains("429", error.Message, StringComparison.Ordinal);
        Assert.Contains("Wait", error.Help, StringComparison.Ordinal);
        Assert.Equal(1, Asked);
    }

    private static string Model(string scopes) => $"m: {{ source: hf:example/open, security: {{ requiredScopes: [{scopes}] }} }}";
}
