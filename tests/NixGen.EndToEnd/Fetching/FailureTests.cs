using NixGen.EndToEnd.Runtime;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>What is done when a download fails: kept, tried again, told; and what is looked at before it starts.</summary>
public sealed class FailureTests : FetcherFixture, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("nixgen-failures-").FullName;

    private string Partial => Path.Combine(folder, "partial");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("100000000")]
    [InlineData("1000000")]
    public async Task A_partial_download_is_kept_and_the_next_build_goes_on(string parallelFrom)
    {
        Directory.CreateDirectory(Partial);
        Hub.Faults.OnContent(Weights, HubFault.Truncate(300_000), times: 3);
        Hub.Faults.OnContent(Weights, HubFault.Status(404));
        var errors = await FailAsync(Persist);
        Assert.Contains("are kept in", errors, StringComparison.Ordinal);
        Hub.Faults.Clear();
        Hub.Log.Clear();
        var result = await FetchAsync(Persist);
        Assert.Contains("that an earlier build left in", result.Errors, StringComparison.Ordinal);
        Assert.InRange(Contents.Sum(request => request.BytesSent), 1, Size - 300_000);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Partial));

        void Persist(FetcherRun run)
        {
            run.Variables["fetch_on_failure"] = "persist";
            run.Variables["fetch_persist"] = Partial;
            run.Variables["fetch_parallel_from"] = parallelFrom;
        }
    }

    [Fact]
    public async Task A_build_that_is_killed_leaves_what_it_has()
    {
        Directory.CreateDirectory(Partial);
        Hub.Faults.OnContent(Weights, HubFault.Stall(2_000_000), times: 1);
        using (var run = FetcherRun.OfFile(Hub, Repository, File))
        {
            Persist(run);
            run.Variables["fetch_read_timeout"] = "100";
            // Killed outright, as Nix kills a build that is interrupted.
            await run.RunAsync("-c", "bash \"$0\" & sleep 6; kill -KILL $!; wait");
        }

        Hub.Log.Clear();
        await FetchAsync(Persist);
        // Of what came last, some was not written yet.
        var (first, last) = Assert.Single(Ranges(Contents));
        Assert.InRange(first, 1_500_000, 2_000_000);
        Assert.Equal(Size - 1, last);

        void Persist(FetcherRun run)
        {
            run.Variables["fetch_on_failure"] = "persist";
            run.Variables["fetch_persist"] = Partial;
        }
    }

    [Theory]
    [InlineData("size 3000000\ntodo 5 4\ntodo x y\nend\n")]
    [InlineData("size 3000000\ntodo 2999999 2999999\nend\n")]
    [InlineData("size 3000000\ntodo 1000000 2999999\n")]
    [InlineData("size 1\nend\n")]
    [InlineData("size $(touch pwned)\nplace `touch pwned`\nend\n")]
    public async Task A_partial_download_that_is_wrong_does_no_harm(string state)
    {
        Directory.CreateDirectory(Partial);
        await System.IO.File.WriteAllTextAsync(Path.Combine(Partial, Sha256 + ".state"), state);
        await System.IO.File.WriteAllBytesAsync(Path.Combine(Partial, Sha256 + ".part"), new byte[Size]);
        await FetchAsync(run =>
        {
            run.Variables["fetch_on_failure"] = "persist";
            run.Variables["fetch_persist"] = Partial;
        });
    }

    [Fact]
    public async Task Where_nothing_can_be_kept_that_is_said_and_the_download_goes_on()
    {
        var result = await FetchAsync(run =>
        {
            run.Variables["fetch_on_failure"] = "persist";
            run.Variables["fetch_persist"] = "/nonexistent/folder";
        });
        Assert.Contains("partial downloads can't be kept in /nonexistent/folder", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rounds_start_over_where_that_is_asked_for()
    {
        Hub.Faults.OnResolve(Weights, HubFault.Status(404), times: 2);
        var result = await FetchAsync(run =>
        {
            run.Variables["fetch_on_failure"] = "retry";
            run.Variables["fetch_round_delay"] = "0";
            run.Variables["fetch_rounds"] = "2";
        });
        Assert.Contains("HTTP 404; starting over in 0 s (2 of 2)", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rounds_end()
    {
        Hub.Faults.OnResolve(Weights, HubFault.Status(404));
        await FailAsync(run =>
        {
            run.Variables["fetch_on_failure"] = "retry";
            run.Variables["fetch_round_delay"] = "0";
            run.Variables["fetch_rounds"] = "2";
        });
        Assert.Equal(3, Hub.Log.Of(HubRequestKind.Resolve).Length);
    }

    [Fact]
    public async Task A_failure_is_notified_without_anything_secret()
    {
        Hub.AddToken(new HubToken("hf_secret", "member"));
        Hub.Faults.OnResolve(Weights, HubFault.Status(404));
        var seen = Path.Combine(folder, "seen");
        var script = Path.Combine(folder, "notify.sh");
        await System.IO.File.WriteAllTextAsync(script, $"env >{seen}\necho \"told about $MODEL_NAME\"\n");
        var errors = await FailAsync(run =>
        {
            run.Variables["HF_TOKEN"] = "hf_secret";
            run.Variables["MY_OTHER_SECRET"] = "hf_secret";
            run.Variables["fetch_name"] = "noise";
            run.Variables["fetch_notify"] = script;
        });
        Assert.Contains("told about noise", errors, StringComparison.Ordinal);
        var text = await System.IO.File.ReadAllTextAsync(seen);
        Assert.Contains("MODEL_ERROR=HTTP 404: not found", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Room_is_looked_for_before_anything_is_asked()
    {
        var errors = await FailAsync(run => run.Variables["fetch_size"] = "900000000000000");
        Assert.Contains("✗ Error: There is not enough room", errors, StringComparison.Ordinal);
        Assert.Contains("needed: 900.0 TB (900000000000000 bytes)", errors, StringComparison.Ordinal);
        Assert.Matches(@"free:   \d+\.\d [A-Z]*B \(\d+ bytes\)", errors);
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task A_disk_that_fills_up_meanwhile_is_named()
    {
        // A small file system of its own; the size isn't known, so that nothing is found out before.
        using var run = FetcherRun.OfFile(Hub, Repository, File);
        run.Variables["fetch_size"] = "-";
        run.Variables["DISK"] = folder;
        var result = await run.RunAsync(
            "-c", "exec unshare --map-root-user --mount bash -c 'mount -t tmpfs -o size=1m none \"$DISK\" && out=$DISK/out exec bash \"$0\"' \"$0\"");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("✗ Error: The disk is full", result.Errors, StringComparison.Ordinal);
        Assert.Matches(@"free: \d", result.Errors);
    }

    [Fact]
    public async Task An_output_that_can_not_be_written_is_named()
    {
        var errors = await FailAsync(run => run.Variables["out"] = "/proc/none/out");
        Assert.Contains("✗ Error: The output can't be written", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_wants_credentials_is_named()
    {
        using var proxy = new RawServer("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        var errors = await FailAsync(run =>
        {
            run.Variables["fetch_endpoint"] = "https://hub.invalid";
            run.Variables["https_proxy"] = proxy.Url;
        });
        Assert.Contains("✗ Error: HTTP 407: the proxy asks for credentials", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(410, "HTTP 410: this was taken away")]
    [InlineData(416, "HTTP 416: the server's file is shorter than expected")]
    [InlineData(418, "HTTP 418")]
    public async Task Answers_that_say_no_are_named(int status, string title)
    {
        Hub.Faults.OnResolve(Weights, HubFault.Status(status));
        Assert.Contains($"✗ Error: {title}", await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_is_in_the_error_without_what_is_signed()
    {
        Hub.Faults.OnContent(Weights, HubFault.Status(500));
        var errors = await FailAsync();
        Assert.Contains($"URL:      {Hub.Url}/example/noise/resolve/{Repository.Head.Id}/{Weights}", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Signature", errors, StringComparison.Ordinal);
    }
}
