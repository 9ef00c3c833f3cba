using System.Runtime.Versioning;
using System.Text;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>All forms in which a build may be given credentials, the order that they have, and that none is ever shown.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CredentialTests : FetcherFixture, IDisposable
{
    private const string Secret = "hf_theRightToken";
    private readonly string folder = Directory.CreateTempSubdirectory("nixgen-credentials-").FullName;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Hub.AddToken(new HubToken(Secret, "member"));
        Repository.Gate = HubGate.Auto;
        Repository.GateGranted.Add("member");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("vault() { echo hf_theRightToken; }\nvault\n")]
    [InlineData("printf 'export AUTH_HEADER=\"Bearer hf_theRightToken\"\\n'\n")]
    [InlineData("echo note >&2\necho \"AUTH_HEADER='Bearer hf_theRightToken'\"\n")]
    public async Task A_script_may_say_it(string script)
    {
        var result = await FetchAsync(run => run.Variables["fetch_auth_script"] = Write("auth.sh", script));
        AssertHidden(result.Errors);
    }

    [Fact]
    public async Task A_script_has_the_variables_and_programs_that_it_is_given()
    {
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        var program = Write("bin/vault", "#!/bin/bash\necho \"hf_$1\"\n");
        System.IO.File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await FetchAsync(run =>
        {
            run.Variables["fetch_auth_script"] = Write("auth.sh", "vault \"$VAULT_NAME\"\n");
            run.Variables["fetch_script_path"] = Path.Combine(folder, "bin");
            run.Variables["VAULT_NAME"] = "theRightToken";
        });
    }

    [Fact]
    public async Task A_script_that_fails_ends_the_run_and_is_not_quoted()
    {
        var errors = await FailAsync(run => run.Variables["fetch_auth_script"] = Write("auth.sh", "echo hf_theRightToken >&2; exit 3\n"));
        Assert.Contains("✗ Error: auth.authScript failed", errors, StringComparison.Ordinal);
        Assert.Contains("exit code 3", errors, StringComparison.Ordinal);
        AssertHidden(errors);
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Theory]
    [InlineData("printf 'AUTH_HEADER=\"Bearer x\\\\ny: z\"'\n")]
    [InlineData("printf 'hf_a\\nurl = file:///etc/passwd'\n")]
    [InlineData("printf 'AUTH_HEADER=\"a\\001b\"'\n")]
    public async Task What_a_script_says_is_one_header_s_value_and_nothing_else(string script)
    {
        var errors = await FailAsync(run => run.Variables["fetch_auth_script"] = Write("auth.sh", script));
        Assert.Matches("The token holds a character|HTTP 401", errors);
        Assert.All(Hub.Log.Snapshot(), request => Assert.StartsWith("/example/noise/", request.Target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_ends_midway_is_renewed_and_the_download_goes_on()
    {
        var first = Hub.AddToken(new HubToken("hf_firstToken", "member"));
        Hub.Faults.OnContent(Weights, HubFault.Truncate(1_000_000), times: 1);
        var asked = 0;
        Hub.Faults.On(
            request =>
            {
                // The first token is good for one request.
                if (request.Kind == HubRequestKind.Resolve && Interlocked.Increment(ref asked) == 1)
                    _ = Task.Delay(50).ContinueWith(_ => Hub.Revoke(first), TaskScheduler.Default);
                return false;
            },
            HubFault.Status(500));
        var state = Path.Combine(folder, "state");
        var result = await FetchAsync(run =>
        {
            run.Variables["fetch_token_command"] = Write("token.sh", $"if [ -e {state} ]; then echo {Secret}; else touch {state}; echo hf_firstToken; fi\n");
            run.Variables["fetch_base_delay"] = "1";
        });
        Assert.Contains("access has ended; asking for another token", result.Errors, StringComparison.Ordinal);
        Assert.Contains(Contents, request => request.Range == "bytes=1000000-2999999");
        AssertHidden(result.Errors);
        Assert.DoesNotContain("hf_firstToken", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_says_when_it_ends_is_renewed_before()
    {
        // A JWT that ended long ago, for the Hub's loopback a token like others.
        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes("{\"sub\":\"x\",\"exp\": 1000}")).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var jwt = $"aaa.{body}.bbb";
        Hub.AddToken(new HubToken(jwt, "member"));
        Hub.Faults.OnContent(Weights, HubFault.Stall(1_000_000), times: 1);
        var count = Path.Combine(folder, "count");
        await FetchAsync(run =>
        {
            run.Variables["fetch_token_command"] = Write("token.sh", $"echo x >>{count}; echo {jwt}\n");
            run.Variables["fetch_token_pause"] = "1"; // not for every request
        });
        Assert.Equal(2, (await System.IO.File.ReadAllLinesAsync(count)).Length);
    }

    [Fact]
    public async Task What_the_Hub_s_client_stored_is_read_where_that_is_asked_for()
    {
        Directory.CreateDirectory(Path.Combine(folder, ".cache/huggingface"));
        Write(".cache/huggingface/token", Secret);
        await FetchAsync(run =>
        {
            run.Variables["fetch_use_hf_cli"] = "1";
            run.Variables["HOME"] = folder;
        });
        Assert.Contains("HTTP 401", await FailAsync(run => run.Variables["HOME"] = folder), StringComparison.Ordinal);
        // A Hub that only the manifest names doesn't get what is stored for the usual one.
        Assert.Contains("HTTP 401", await FailAsync(run =>
        {
            run.Variables["fetch_use_hf_cli"] = "1";
            run.Variables["HOME"] = folder;
            run.Variables["fetch_usual_token"] = "";
        }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("machine 127.0.0.1 login x password hf_theRightToken")]
    [InlineData("# hosts\nmachine example.com\n\tlogin x\n\tpassword wrong\nmachine 127.0.0.1 password hf_theRightToken login x\nmachine other login y password wrong")]
    [InlineData("macdef init\nmachine 127.0.0.1 password wrong\n\ndefault login x password hf_theRightToken")]
    public async Task Netrc_serves_too(string text)
    {
        var result = await FetchAsync(run => run.Variables["fetch_netrc_file"] = Write("netrc", text));
        AssertHidden(result.Errors);
        Assert.All(Hub.Log.Snapshot().Where(request => request.OnCdn), request => Assert.False(request.HasAuthorization));
    }

    [Theory]
    [InlineData("fetch_token_file", "the token file")]
    [InlineData("fetch_netrc_file", "the netrc file")]
    public async Task A_file_that_the_build_can_not_see_is_named(string variable, string what) =>
        Assert.Contains($"{what} /run/secrets/none can't be read in this build (extra-sandbox-paths", await FailAsync(run => run.Variables[variable] = "/run/secrets/none"), StringComparison.Ordinal);

    [Fact]
    public async Task What_a_server_echoes_is_masked()
    {
        Hub.Faults.OnResolve(Weights, HubFault.Status(403).WithHeader("X-Error-Message", $"no access with {Secret} here"));
        var errors = await FailAsync(run => run.Variables["HF_TOKEN"] = Secret);
        Assert.Contains("The server says: no access with *** here", errors, StringComparison.Ordinal);
        AssertHidden(errors);
    }

    [Fact]
    public async Task The_maintainers_own_help_is_shown_at_a_gate()
    {
        var errors = await FailAsync(run => run.Variables["fetch_gated_help"] = "Ask Ada in room 5.\n1. Say which model.\u001b[31m\n2. Bring cake.\n");
        Assert.Contains("  │ Ask Ada in room 5.\n", errors, StringComparison.Ordinal);
        Assert.Contains("  │ 2. Bring cake.\n", errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', errors);
    }

    private static void AssertHidden(string text) => Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
