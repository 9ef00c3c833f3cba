using System.Runtime.Versioning;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>A large file comes in parts, several at once, and is put together in place.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ParallelTests : FetcherFixture
{
    [Fact]
    public async Task The_parts_cover_the_file_and_each_byte_is_asked_for_once()
    {
        await FetchAsync(InParts);
        var ranges = Ranges(Contents);
        Assert.True(ranges.Count >= 8);
        Assert.Equal(0, ranges[0].First);
        Assert.Equal(Size - 1, ranges.Max(range => range.Last));
        // A lane that was done may have taken over the rest of another's part.
        var next = 0L;
        foreach (var (first, last) in ranges)
        {
            Assert.True(first <= next);
            next = Math.Max(next, last + 1);
        }

        Assert.Equal(Size, next);
    }

    [Fact]
    public async Task The_first_part_shows_whether_the_server_knows_ranges()
    {
        Hub.Faults.OnContent(Weights, HubFault.IgnoreRange());
        await FetchAsync(InParts);
        Assert.Equal(Size, Assert.Single(Contents).BytesSent);
    }

    [Fact]
    public async Task Connections_are_no_more_than_allowed()
    {
        var most = 0;
        Hub.Faults.On(
            request =>
            {
                if (request.Kind == HubRequestKind.Cdn)
                    most = Math.Max(most, Hub.Log.Of(HubRequestKind.Cdn).Count(other => other.Status == 0));
                return false;
            },
            HubFault.Status(500));
        await FetchAsync(run =>
        {
            InParts(run);
            run.Variables["fetch_connections"] = "3";
        });
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task A_slow_part_is_shared_by_those_that_are_done()
    {
        Hub.Faults.On(request => request.Kind == HubRequestKind.Cdn && request.Range?.StartsWith("bytes=0-", StringComparison.Ordinal) == true, HubFault.Throttle(50_000), times: 1);
        await FetchAsync(run =>
        {
            InParts(run);
            run.Variables["fetch_connections"] = "2";
            run.Variables["fetch_least_slice"] = "20000";
        });
        var ranges = Ranges(Contents);
        // More parts than the plan has, one of them within the first.
        Assert.Contains(ranges, range => range.First > 0 && range.First < ranges[0].Last);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Each_part_goes_on_where_it_was_broken_off(int bytes)
    {
        Hub.Faults.OnContent(Weights, HubFault.Truncate(bytes), times: 4);
        Hub.Faults.OnContent(Weights, HubFault.Reset(bytes), times: 4);
        await FetchAsync(run =>
        {
            InParts(run);
            run.Variables["fetch_max_attempts"] = "10";
        });
        // What was there is not sent again.
        Assert.InRange(Contents.Sum(request => request.BytesSent), Size, Size + 600_000);
    }

    [Fact]
    public async Task A_file_that_changes_meanwhile_is_started_over_and_not_mixed()
    {
        Hub.Faults.OnContent(Weights, HubFault.Header("ETag", "\"other\"").WithHeader("X-Test", "changed"), times: 1);
        var result = await FetchAsync(InParts);
        Assert.Contains("the file changed while it was downloaded; starting over", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_never_stays_the_same_is_given_up()
    {
        var version = 0;
        Hub.Faults.On(
            request =>
            {
                if (request.Kind == HubRequestKind.Cdn)
                    Hub.Faults.OnContent(Weights, HubFault.Header("ETag", $"\"{Interlocked.Increment(ref version)}\""), times: 1);
                return false;
            },
            HubFault.Status(500));
        Assert.Contains("✗ Error: The file changes while it is downloaded", await FailAsync(InParts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_system_does_not_tell_how_far_a_file_is_written_all_comes_the_same()
    {
        Hub.Faults.OnContent(Weights, HubFault.Truncate(100_000), times: 3);
        await FetchAsync(run =>
        {
            InParts(run);
            run.Variables["fetch_positions"] = "/nonexistent";
            run.Variables["fetch_stand_still"] = "0";
            run.Variables["fetch_max_attempts"] = "5";
        });
        Assert.True(Ranges(Contents).Count >= 11);
        Assert.Equal(Size, Contents.Sum(request => request.BytesSent));
    }

    [Fact]
    public async Task A_connection_that_nothing_limits_has_few_beside_it()
    {
        var most = 0;
        Hub.Faults.On(
            request =>
            {
                if (request.Kind == HubRequestKind.Cdn)
                    most = Math.Max(most, Hub.Log.Of(HubRequestKind.Cdn).Count(other => other.Status == 0));
                return false;
            },
            HubFault.Status(500));
        await FetchAsync(run =>
        {
            InParts(run);
            // However slow this machine is just now.
            run.Variables["fetch_fast"] = "-1";
        });
        Assert.InRange(most, 1, 2);
        // And few requests, since each costs a connection.
        Assert.InRange(Contents.Count, 1, 6);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_server_that_minds_the_number_of_connections_gets_fewer(int status)
    {
        Hub.Faults.On(
            request => request.Kind == HubRequestKind.Cdn && Hub.Log.Of(HubRequestKind.Cdn).Count(other => other.Status == 0) > 2,
            HubFault.Status(status, "too many"));
        await FetchAsync(run =>
        {
            InParts(run);
            run.Variables["fetch_max_attempts"] = "4";
        });
    }

    [Fact]
    public async Task An_expired_link_is_asked_for_again()
    {
        Hub.Faults.OnContent(Weights, HubFault.Status(403, "<Error><Message>Request has expired</Message></Error>"), times: 2);
        var result = await FetchAsync(InParts);
        Assert.Contains("the link to the content has expired; asking for another", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_link_ends_the_download_where_resuming_is_off()
    {
        Hub.Faults.OnContent(Weights, HubFault.Status(403, "expired"), times: 1);
        Assert.Contains("✗ Error: HTTP 403", await FailAsync(run => run.Variables["fetch_resume_on_auth"] = "0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_that_always_expire_are_given_up()
    {
        Hub.Faults.OnContent(Weights, HubFault.Status(403, "expired"));
        Assert.Contains("✗ Error: HTTP 403", await FailAsync(run => run.Variables["fetch_resume_attempts"] = "2"), StringComparison.Ordinal);
        Assert.Equal(3, Contents.Count);
    }

    [Fact]
    public async Task Compressed_content_is_not_taken_for_the_file()
    {
        Hub.Faults.OnContent(Weights, HubFault.Header("Content-Encoding", "gzip"));
        Assert.Contains("The server compresses what was asked for as it is (gzip)", await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_that_do_not_add_up_are_fetched_once_more()
    {
        Hub.Faults.OnContent(Weights, HubFault.Corrupt(), times: 1);
        var result = await FetchAsync(InParts);
        Assert.Contains("the parts don't add up to the file; starting over", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_is_told_with_rate_and_time()
    {
        Hub.Faults.OnContent(Weights, HubFault.Throttle(1_500_000));
        var result = await FetchAsync(run => run.Variables["fetch_report_every"] = "1");
        Assert.Matches(@"model\.safetensors: \d+\.\d [kM]B of 3\.0 MB \(\d+ %\), \d+(\.\d)? [kM]?B/s, \d+ s left", result.Errors);
    }

    [Fact]
    public async Task The_limit_is_shared_by_all_connections()
    {
        // curl holds the limit; this is about what each of them is told.
        var folder = Directory.CreateTempSubdirectory("nixgen-limits-").FullName;
        var spy = Path.Combine(folder, "curl");
        await System.IO.File.WriteAllTextAsync(spy, $"#!/bin/bash\nprintf '%s\\n' \"$*\" >>{folder}/started\nexec /usr/bin/curl \"$@\"\n");
        System.IO.File.SetUnixFileMode(spy, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await FetchAsync(run =>
        {
            InParts(run);
            run.Variables["PATH"] = $"{folder}:{run.Variables["PATH"]}";
            run.Variables["fetch_connections"] = "4";
            run.Variables["fetch_bandwidth"] = "100000000";
        });
        var started = await System.IO.File.ReadAllLinesAsync(Path.Combine(folder, "started"));
        Assert.True(started.Length >= 4);
        Assert.All(started, line => Assert.Contains("--limit-rate 25000001 ", line, StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }
}
