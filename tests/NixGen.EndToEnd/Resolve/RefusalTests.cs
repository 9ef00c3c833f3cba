using NixGen.Diagnostics;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Resolve;

/// <summary>Every way in which a Hub, the network or a repository can refuse, and what is said then.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private LockingRun? _run;

    private LockingRun Run => _run ?? throw new InvalidOperationException("Not started.");

    private LoopbackHub Hub => Run.Hub;

    public async Task InitializeAsync()
    {
        _run = await LockingRun.StartAsync();
        Hub.AddToken(new HubToken("hf_alice", "alice"));
        Hub.AddToken(new HubToken("hf_bob", "bob"));
        Hub.AddToken(new HubToken("hf_narrow", "alice", HubTokenRole.FineGrained));
        Hub.Add(HubFixtures.TinyModel("example/open"));
        Hub.Add(HubFixtures.TinyModel("example/gated")).Gate = HubGate.Manual;
        Hub.Find("example/gated").GateGranted.Add("alice");
        Hub.Add(HubFixtures.TinyModel("example/private")).IsPrivate = true;
        Hub.Find("example/private").Members.Add("alice");
        Hub.Add(HubFixtures.TinyModel("example/disabled")).IsDisabled = true;
    }

    public async Task DisposeAsync() => await Run.DisposeAsync();

    [Theory]
    [InlineData("hf:example/missing", null, "NG3114", "'example/missing'", "HF_TOKEN")]
    [InlineData("hf:example/missing", "hf_bob", "NG3113", "variable HF_TOKEN", "'type'")]
    [InlineData("hf:example/private", null, "NG3114", "'example/private'", "/settings/tokens")]
    [InlineData("hf:example/private", "hf_bob", "NG3113", "variable HF_TOKEN", "private")]
    [InlineData("hf:example/private", "hf_narrow", "NG3113", "'example/private'", "private")]
    [InlineData("hf:example/gated", null, "NG3117", "is gated", "/example/gated\n")]
    [InlineData("hf:example/gated", "hf_bob", "NG3118", "variable HF_TOKEN", "/example/gated ")]
    [InlineData("hf:example/gated", "hf_narrow", "NG3118", "is gated", "/settings/tokens")]
    [InlineData("hf:example/disabled", null, "NG3119", "is disabled", "/example/disabled")]
    [InlineData("hf:example/open@mian", null, "NG3115", "'mian'", "Did you mean 'main'?")]
    [InlineData("hf:example/open", "hf_stale", "NG3112", "is public", "the variable HF_TOKEN")]
    [InlineData("hf:example/private", "hf_stale", "NG3112", "doesn't know the token", "/settings/tokens")]
    [InlineData("hf:example/open", "hf two words", "NG3111", "no token", "one line")]
    public async Task Every_refusal_says_what_it_means_and_what_to_do(string spec, string? token, string code, string message, string help)
    {
        if (token is not null)
        {
            Run.Set("HF_TOKEN", token);
        }

        var error = await Run.FailAsync(code, $"m: {spec}");

        Assert.Equal(FailureKind.Upstream, error.Descriptor.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("'m'", error.Message, StringComparison.Ordinal);
        Assert.Contains(help, error.Help, StringComparison.Ordinal);
        Assert.DoesNotContain(token ?? "hf_", error.Message + error.Help, StringComparison.Ordinal);
        Assert.Equal((3, 6), error.Location?.Start);
        Assert.DoesNotContain(Hub.Log.Snapshot(), request => request.OnCdn);
    }

    [Fact]
    public async Task A_gated_model_is_locked_for_who_may_read_it_and_asked_about_every_time()
    {
        Run.Set("HF_TOKEN", "hf_alice");
        Run.Keep(await Run.SucceedAsync("m: hf:example/gated"));
        Assert.Equal("manual", Run.Existing.Lock.Models["m"].Resolved.Gated);
        Hub.Log.Clear();
        Run.Options = new() { Update = true };
        Assert.Equal(Run.Existing.Lock, await Run.SucceedAsync("m: hf:example/gated"));
        Assert.Equal(["revision", "auth-check"], Hub.Log.Snapshot().Select(request => request.Action));
    }

    [Fact]
    public async Task Withheld_hashes_are_refused()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/redacted"));
        repository.RedactsHashes = true;
        var error = await Run.FailAsync("NG3124", "m: hf:example/redacted");
        Assert.Contains("model.safetensors'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HF_TOKEN", " hf_alice\n")]
    [InlineData("HUGGING_FACE_HUB_TOKEN", "hf_alice")]
    public async Task Tokens_are_found_in_variables(string variable, string value)
    {
        Run.Set("HF_TOKEN", "");
        Run.Set(variable, value);
        await Run.SucceedAsync("m: hf:example/private");
    }

    [Theory]
    [InlineData("", ".cache/huggingface/token")]
    [InlineData("XDG_CACHE_HOME=$HOME/xdg", "xdg/huggingface/token")]
    [InlineData("HF_HOME=~/hf", "hf/token")]
    [InlineData("HF_TOKEN_PATH=${HOME}/secret/t", "secret/t")]
    public async Task Tokens_are_found_in_files(string variable, string file)
    {
        if (variable.Length > 0)
        {
            var (name, value) = (variable.Split('=')[0], variable.Split('=')[1]);
            Run.Set(name, name == "XDG_CACHE_HOME" ? value.Replace("$HOME", Run.Home, StringComparison.Ordinal) : value);
        }

        Run.Write(file, "hf_alice\n");
        await Run.SucceedAsync("m: hf:example/private");
    }

    [Fact]
    public async Task What_the_model_states_comes_before_the_standard_places()
    {
        Run.Set("HF_TOKEN", "hf_stale");
        Run.Set("MY_TOKEN", "hf_alice");
        Run.Write("run/secret", "hf_alice");
        await Run.SucceedAsync(
            "a: { source: hf:example/private, auth: { tokenEnvVar: MY_TOKEN } }",
            $"b: {{ source: hf:example/private, auth: {{ tokenFile: {Run.Home}/run/secret }} }}");
    }

    [Theory]
    [InlineData("authScript: echo x", "authScript (only builds run it)")]
    [InlineData("tokenRefresh: { command: echo x }", "tokenRefresh.command (only builds run it)")]
    public async Task A_token_that_builds_make_is_none_for_locking_and_an_open_model_needs_none(string setting, string looked)
    {
        await Run.SucceedAsync($"m: {{ source: \"hf:example/open\", auth: {{ required: true, {setting} }} }}");
        Assert.DoesNotContain(Hub.Log.Snapshot(), request => request.Action == "auth-check");

        var error = await Run.FailAsync("NG3117", $"m: {{ source: \"hf:example/gated\", auth: {{ required: true, {setting} }} }}");
        Assert.Contains(looked, error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_required_token_that_is_missing_is_refused_before_any_request()
    {
        Run.Set("HUGGING_FACE_HUB_TOKEN", "  ");
        var error = await Run.FailAsync(
            "NG3110", "m: { source: hf:example/open, auth: { tokenEnvVar: MY_TOKEN, tokenFile: /nowhere/token, required: true } }");
        foreach (var place in (string[])["/nowhere/token (not there)", "MY_TOKEN (not set)", "HF_TOKEN (not set)", "HUGGING_FACE_HUB_TOKEN (empty)", "huggingface/token (not there)"])
        {
            Assert.Contains(place, error.Help, StringComparison.Ordinal);
        }

        Assert.Empty(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task A_Hub_that_only_the_manifest_names_gets_no_token_that_it_does_not_name()
    {
        Run.Set("HF_ENDPOINT", "https://huggingface.co");
        Run.Set("HF_TOKEN", "hf_alice");
        var source = $"huggingface: {{ repo: example/gated, endpoint: \"{Hub.Url}\" }}";
        await Run.FailAsync("NG3117", $"m: {{ source: {{ {source} }} }}");
        Assert.DoesNotContain(Hub.Log.Snapshot(), request => request.HasAuthorization);

        await Run.SucceedAsync($"m: {{ source: {{ {source} }}, auth: {{ tokenEnvVar: HF_TOKEN }} }}");
    }

    [Fact]
    public async Task The_token_never_leaves_the_Hub()
    {
        Run.Set("HF_TOKEN", "hf_alice");
        Hub.Faults.OnResolve("config.json", HubFault.RedirectTo(new Uri(Hub.CdnUrl + "/elsewhere")));
        await Run.FailAsync("NG3123", "m: hf:example/private");
        var elsewhere = Assert.Single(Hub.Log.Snapshot(), request => request.Target == "/elsewhere");
        Assert.False(elsewhere.HasAuthorization);
        Assert.True(Hub.Log.Snapshot().Where(request => request.Target != "/elsewhere").All(request => request.HasAuthorization));
    }

    [Fact]
    public async Task An_API_that_redirects_elsewhere_or_in_a_circle_is_refused()
    {
        Hub.Faults.OnApi("revision", HubFault.RedirectTo(new Uri(Hub.CdnUrl + "/api/models/example/open/revision/main")), times: 1);
        Assert.Contains("another server", (await Run.FailAsync("NG3217", "m: hf:example/open")).Message, StringComparison.Ordinal);
        Hub.Faults.OnApi("revision", HubFault.RedirectLoop(), times: 1);
        Assert.Contains("circle", (await Run.FailAsync("NG3217", "m: hf:example/open")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(408)]
    [InlineData(429)]
    public async Task What_may_go_better_is_tried_again(int status)
    {
        Hub.Faults.OnApi("revision", HubFault.Status(status), times: 2);
        Hub.Faults.OnApi("tree", HubFault.Status(status), times: 2);
        Hub.Faults.OnResolve("config.json", HubFault.Status(status), times: 2);
        await Run.SucceedAsync("m: hf:example/open");
        Assert.Contains(Run.Steps, step => step.Contains("trying again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(503, "NG3122", "503")]
    [InlineData(429, "NG3121", "too many requests")]
    [InlineData(418, "NG3123", "418")]
    public async Task What_stays_bad_is_told(int status, string code, string words)
    {
        Hub.Faults.OnApi("tree", HubFault.Status(status));
        Assert.Contains(words, (await Run.FailAsync(code, "m: hf:example/open")).Message, StringComparison.Ordinal);
        Assert.Equal(status == 418 ? 1 : 5, Hub.Log.Snapshot().Count(request => request.Action == "tree"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rate_limit_is_waited_for_as_long_as_the_Hub_says(bool retryAfter)
    {
        Hub.Faults.OnApi("tree", HubFault.TooManyRequests(1, retryAfter), times: 1);
        var start = TimeProvider.System.GetTimestamp();
        await Run.SucceedAsync("m: hf:example/open");
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromSeconds(0.95));
        Assert.Contains("m: the rate limit is used up; trying again in 1 s", Run.Steps);
    }

    [Fact]
    public async Task A_limit_that_is_too_far_off_is_told_at_once()
    {
        Hub.Faults.OnApi("tree", HubFault.TooManyRequests(86_400));
        var error = await Run.FailAsync("NG3121", "m: hf:example/open");
        Assert.Contains("86400 s", error.Message, StringComparison.Ordinal);
        Assert.Single(Hub.Log.Snapshot(), request => request.Action == "tree");
    }

    [Fact]
    public async Task Transfers_that_break_off_are_repeated_whole()
    {
        Hub.Faults.OnContent("tokenizer.json", HubFault.Truncate(10), times: 1);
        Hub.Faults.OnContent("config.json", HubFault.Reset(5), times: 1);
        Hub.Faults.OnApi("tree", HubFault.Truncate(20), times: 1);
        Hub.Faults.OnApi("revision", HubFault.Reset(), times: 1);
        await Run.SucceedAsync("m: hf:example/open");
    }

    [Fact]
    public async Task A_transfer_that_always_breaks_off_is_told()
    {
        Hub.Faults.OnContent("config.json", HubFault.Truncate(10));
        var error = await Run.FailAsync("NG3215", "m: hf:example/open");
        Assert.Contains("/config.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Hub_that_says_nothing_is_given_up()
    {
        Run.Upstream = Run.Upstream with
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(100),
            AnswerTimeout = TimeSpan.FromMilliseconds(100),
            StallTimeout = TimeSpan.FromMilliseconds(200),
            MaxRetries = 1,
        };
        Hub.Faults.OnApi("revision", HubFault.Stall(0), times: 2);
        await Run.FailAsync("NG3214", "m: hf:example/open");
        Hub.Faults.OnApi("tree", HubFault.Stall(30), times: 2);
        await Run.FailAsync("NG3214", "m: hf:example/open");
    }

    [Fact]
    public async Task A_Hub_that_is_not_there_is_told()
    {
        Run.Set("HF_ENDPOINT", "http://127.0.0.1:1");
        Assert.Contains("127.0.0.1:1", (await Run.FailAsync("NG3212", "m: hf:example/open")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://example.com")]
    [InlineData("https://user:secret@example.com")]
    [InlineData("not a url")]
    public async Task A_base_URL_that_can_not_be_is_refused_without_showing_it(string endpoint)
    {
        Run.Set("HF_ENDPOINT", endpoint);
        var error = await Run.FailAsync("NG3104", "m: hf:example/open");
        Assert.DoesNotContain("secret", error.Message + error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_that_is_not_what_was_listed_is_a_mismatch()
    {
        Hub.Faults.OnContent("config.json", HubFault.Corrupt());
        var error = await Run.FailAsync("NG3126", "m: hf:example/open");
        Assert.Equal(FailureKind.ContentMismatch, error.Descriptor.Kind);
        Assert.Contains("'config.json'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_no_answer()
    {
        Hub.Faults.OnApi("revision", HubFault.HtmlPage(), times: 1);
        await Run.FailAsync("NG3123", "m: hf:example/open");
        Hub.Faults.OnApi("tree", HubFault.HtmlPage(), times: 1);
        await Run.FailAsync("NG3123", "m: hf:example/open");
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        Run.Upstream = Run.Upstream with { MaxAnswerBytes = 100 };
        await Run.FailAsync("NG3216", "m: hf:example/open");
    }

    [Fact]
    public async Task A_listing_whose_pages_do_not_end_is_refused()
    {
        Hub.Faults.OnApi("tree", HubFault.Header("Link", $"<{Hub.Url}/x?cursor=again>; rel=\"next\""));
        await Run.FailAsync("NG3123", "m: hf:example/open");
        Hub.Faults.Clear();
        Hub.Faults.OnApi("tree", HubFault.Header("Link", $"<{Hub.Url}/x?recursive=true>; rel=\"next\""));
        Assert.Contains("don't end", (await Run.FailAsync("NG3125", "m: hf:example/open")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listing_that_lacks_files_is_refused()
    {
        Hub.PageSize = 3;
        Hub.Faults.OnApi("tree", HubFault.Header("Link", null));
        Assert.Contains("missing", (await Run.FailAsync("NG3125", "m: hf:example/open")).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> HostilePaths => [.. HubFixtures.HostilePaths];

    [Theory]
    [MemberData(nameof(HostilePaths))]
    public async Task A_hostile_file_name_is_refused_and_can_be_left_out(string path)
    {
        Hub.Add(HubFixtures.HostileModel(path));
        var error = await Run.FailAsync("NG3127", "m: hf:example/hostile");
        Assert.Contains("'example/hostile'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.Empty(Hub.Log.Of(HubRequestKind.Resolve));

        var locked = await Run.SucceedAsync("m: { source: { huggingface: { repo: example/hostile, files: [config.json] } } }");
        Assert.Equal("config.json", Assert.Single(locked.Models["m"].Files).Path);
    }

    [Fact]
    public async Task A_file_that_is_also_a_folder_is_refused()
    {
        var repository = new HubRepository("example/both");
        repository.Commit("Attack", [HubFile.Text("a", "1"), HubFile.Text("a/b", "2")]);
        Hub.Add(repository);
        await Run.FailAsync("NG3128", "m: hf:example/both");
    }

    [Fact]
    public async Task Names_that_differ_in_case_are_a_warning()
    {
        var repository = new HubRepository("example/case");
        repository.Commit("Add", [HubFile.Text("README.md", "1"), HubFile.Text("readme.md", "2")]);
        Hub.Add(repository);
        var outcome = await Run.LockAsync("m: hf:example/case");
        Assert.Equal("NG3132", Assert.Single(outcome.Diagnostics).Code);
        Assert.Equal(2, outcome.Lock.Models["m"].Files.Length);
    }
}
