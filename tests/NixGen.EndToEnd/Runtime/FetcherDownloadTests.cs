using System.Security.Cryptography;
using System.Text;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>The fetcher gets the right bytes from a server that misbehaves, or none at all.</summary>
public sealed class FetcherDownloadTests : IAsyncLifetime
{
    private const int Size = 3_000_000;
    private const string Weights = "model.safetensors";
    private readonly HubFile file = HubFile.Generated(Weights, Size, seed: 7);
    private readonly HubFile small = HubFile.Text("config.json", "{}\n");
    private readonly HubRepository repository = new("example/noise");
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    private IReadOnlyList<HubRequest> Contents => Hub.Log.Of(HubRequestKind.Cdn);

    public async Task InitializeAsync()
    {
        started = await LoopbackHub.StartAsync();
        repository.Commit("c", [file, small, HubFile.Text("empty", "")]);
        Hub.Add(repository);
    }

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Fact]
    public async Task A_file_is_fetched_with_one_request_without_a_range()
    {
        await FetchAsync();
        Assert.Null(Assert.Single(Contents).Range);
        Assert.Equal("nixgen", Contents[0].UserAgent);
    }

    [Fact]
    public async Task An_empty_file_needs_no_request()
    {
        using var run = FetcherRun.OfFile(Hub, repository, repository.Head.Tree.Files["empty"].File);
        (await run.RunAsync()).OrThrow("fetch");
        Assert.Equal(0, new FileInfo(run.Out).Length);
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task A_large_file_is_asked_for_in_ranges()
    {
        await FetchAsync(run => run.Variables["fetch_slice"] = "1000000");
        Assert.Equal(["bytes=0-999999", "bytes=1000000-1999999", "bytes=2000000-2999999"], Contents.Select(request => request.Range));
        Assert.Equal(Size, Contents.Sum(request => request.BytesSent));
    }

    [Fact]
    public async Task Each_range_is_asked_for_at_the_stable_address()
    {
        Hub.Cdn.UrlLifetime = TimeSpan.FromMilliseconds(300);
        Hub.Faults.OnResolve(Weights, HubFault.Header("X-Test", "1"), times: 1);
        await FetchAsync(run => run.Variables["fetch_slice"] = "1500000");
        Assert.Equal(2, Hub.Log.Of(HubRequestKind.Resolve).Length);
    }

    [Fact]
    public async Task A_server_that_wants_ranges_for_large_files_gets_them()
    {
        Hub.Cdn.RangeRequiredFrom = 1_000_000;
        await FetchAsync();
        Assert.Equal([null, "bytes=0-2999999"], Contents.Select(request => request.Range));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2_999_999)]
    public async Task What_a_broken_connection_left_is_resumed(int bytes)
    {
        Hub.Faults.OnContent(Weights, HubFault.Truncate(bytes), times: 1);
        await FetchAsync();
        Assert.Equal([null, bytes == 0 ? null : $"bytes={bytes}-2999999"], Contents.Select(request => request.Range));
        Assert.Equal(Size, Contents.Sum(request => request.BytesSent));
    }

    [Fact]
    public async Task Progress_keeps_a_download_alive_beyond_the_number_of_attempts()
    {
        Hub.Faults.OnContent(Weights, HubFault.Truncate(1_100_000), times: 2);
        await FetchAsync(run => run.Variables["fetch_max_attempts"] = "2");
        Assert.Equal(3, Contents.Count);
    }

    [Fact]
    public async Task A_reset_connection_is_resumed()
    {
        Hub.Faults.OnContent(Weights, HubFault.Reset(100_000), times: 2);
        await FetchAsync();
    }

    [Fact]
    public async Task A_stalled_connection_is_resumed()
    {
        Hub.Faults.OnContent(Weights, HubFault.Stall(1_000), times: 1);
        var result = await FetchAsync();
        Assert.Contains("timed out or stalled", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        Hub.Faults.OnResolve(Weights, HubFault.Stall(0));
        var errors = await FailAsync(run =>
        {
            run.Variables["fetch_max_attempts"] = "1";
            run.Variables["fetch_read_timeout"] = "1";
        });
        Assert.Contains("✗ Error: The connection timed out", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_stays_incomplete_is_no_file()
    {
        Hub.Faults.OnContent(Weights, HubFault.Truncate(10));
        var errors = await FailAsync();
        Assert.Contains("The file is incomplete after 3 attempts", errors, StringComparison.Ordinal);
        Assert.Contains("expected: 3000000 bytes", errors, StringComparison.Ordinal);
        Assert.Contains("got:      30 bytes", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(408)]
    public async Task Errors_that_pass_are_waited_for(int status)
    {
        Hub.Faults.OnContent(Weights, HubFault.Status(status, "sorry"), times: 2);
        await FetchAsync();
        Assert.Equal([status, status, 200], Contents.Select(request => request.Status));
    }

    [Fact]
    public async Task Errors_that_stay_end_the_download()
    {
        Hub.Faults.OnContent(Weights, HubFault.Status(503, "sorry"));
        Assert.Contains("✗ Error: HTTP 503", await FailAsync(), StringComparison.Ordinal);
        Assert.Equal(3, Contents.Count);
    }

    [Fact]
    public async Task An_error_in_the_middle_adds_nothing_to_the_file()
    {
        Hub.Faults.OnContent(Weights, HubFault.Truncate(1_000_000), times: 1);
        Hub.Faults.OnContent(Weights, HubFault.Status(502, "<html>bad gateway</html>"), times: 1);
        await FetchAsync();
        Assert.Equal([null, "bytes=1000000-2999999", "bytes=1000000-2999999"], Contents.Select(request => request.Range));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_limits_the_rate_is_left_alone_as_long_as_it_asks(bool retryAfter)
    {
        Hub.Faults.OnResolve(Weights, HubFault.TooManyRequests(2, retryAfter, "resolvers"), times: 1);
        var before = DateTime.UtcNow;
        await FetchAsync();
        Assert.True(DateTime.UtcNow - before > TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task A_wait_that_no_build_should_sleep_through_is_refused()
    {
        Hub.Faults.OnResolve(Weights, HubFault.TooManyRequests(86_400));
        Assert.Contains("asks to wait for 86400 seconds", await FailAsync(), StringComparison.Ordinal);
        Assert.Single(Hub.Log.Of(HubRequestKind.Resolve));
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_is_asked_for_everything_again()
    {
        Hub.Faults.OnContent(Weights, HubFault.Truncate(5_000), times: 1);
        Hub.Faults.OnContent(Weights, HubFault.IgnoreRange());
        await FetchAsync();
        Assert.Equal([null, "bytes=5000-2999999", null], Contents.Select(request => request.Range));
    }

    [Fact]
    public async Task Bytes_of_another_range_are_not_taken()
    {
        Hub.Faults.OnContent(Weights, HubFault.Truncate(5_000), times: 1);
        Hub.Faults.OnContent(Weights, HubFault.ContentRange("bytes 0-2994999/3000000"), times: 1);
        await FetchAsync();
        Assert.Equal(3, Contents.Count);
    }

    [Fact]
    public async Task A_file_of_another_size_is_refused_before_all_of_it_is_there()
    {
        var errors = await FailAsync(run =>
        {
            run.Variables["fetch_size"] = "4000000";
            run.Variables["fetch_slice"] = "1000000";
        });
        Assert.Contains("The file has another size than expected", errors, StringComparison.Ordinal);
        Assert.Contains("got:      3000000 bytes", errors, StringComparison.Ordinal);
        Assert.All(Contents, request => Assert.Equal("bytes=0-999999", request.Range));
    }

    [Fact]
    public async Task More_bytes_than_expected_are_an_error()
    {
        var errors = await FailAsync(run => run.Variables["fetch_size"] = "2999999");
        Assert.Contains("expected: 2999999 bytes", errors, StringComparison.Ordinal);
        Assert.Contains("got:      3000000 bytes", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_bytes_than_expected_are_not_written_where_no_length_is_stated()
    {
        // HTTP 1.0 without a length, and more than the bound leaves room for.
        using var server = new RawServer([.. "HTTP/1.0 200 OK\r\n\r\n"u8, .. new byte[2_000_000]]);
        using var run = FetcherRun.OfFile(Hub, repository, file);
        run.Variables["fetch_endpoint"] = server.Url;
        run.Variables["fetch_size"] = "1000000";
        var result = await run.RunAsync();
        Assert.True(result.Errors.Contains("The server sends more bytes than expected", StringComparison.Ordinal), result.Errors);
        Assert.Contains("It sends more than the 1000000 bytes", result.Errors, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(run.Out).Length, 0, 1_001_024);
    }

    [Fact]
    public async Task A_server_can_not_fill_the_disk()
    {
        var big = new HubRepository("example/endless");
        big.Commit("c", [HubFile.Generated(Weights, 100_000_000)]);
        Hub.Add(big);
        using var run = FetcherRun.OfFile(Hub, big, big.Head.Tree.Files[Weights].File);
        run.Variables["fetch_size"] = "1000";
        Assert.Contains("The file has another size than expected", (await run.RunAsync()).Errors, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(run.Out).Length, 0, 263_000);
    }

    [Fact]
    public async Task Other_content_of_the_right_size_is_refused_with_both_hashes()
    {
        Hub.Faults.OnContent(Weights, HubFault.Corrupt(2_000_000), times: 1);
        var errors = await FailAsync();
        Assert.Contains("The content does not match its hash", errors, StringComparison.Ordinal);
        Assert.Contains("expected: " + Definitions.Sri(file), errors, StringComparison.Ordinal);
        Assert.Matches("got:      sha256-[A-Za-z0-9+/]{43}=", errors);
        Assert.Contains("File:     " + Weights, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_portal_page_in_place_of_the_file_is_no_file()
    {
        Hub.Faults.OnResolve(Weights, HubFault.HtmlPage());
        var errors = await FailAsync();
        Assert.Contains("The file has another size than expected", errors, StringComparison.Ordinal);
        Assert.Contains("It is a page (text/html)", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-", "1000000")]
    [InlineData("-", "1073741824")]
    public async Task A_size_that_nobody_stated_is_learned(string size, string slice) =>
        await FetchAsync(run =>
        {
            run.Variables["fetch_size"] = size;
            run.Variables["fetch_slice"] = slice;
        });

    [Fact]
    public async Task An_empty_file_of_unknown_size_is_fetched()
    {
        using var run = FetcherRun.OfFile(Hub, repository, repository.Head.Tree.Files["empty"].File);
        run.Variables["fetch_size"] = "-";
        (await run.RunAsync()).OrThrow("fetch");
        Assert.Equal(0, new FileInfo(run.Out).Length);
    }

    [Fact]
    public async Task Redirects_in_a_circle_are_not_followed_for_ever()
    {
        Hub.Faults.OnResolve(Weights, HubFault.RedirectLoop());
        Assert.Contains("The server redirects in a circle", await FailAsync(), StringComparison.Ordinal);
        Assert.Equal(11, Hub.Log.Of(HubRequestKind.Resolve).Length);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("scp://127.0.0.1/etc/passwd")]
    [InlineData("gopher://127.0.0.1/")]
    public async Task A_redirect_to_another_protocol_is_not_followed(string address)
    {
        Hub.Faults.OnResolve(Weights, HubFault.RedirectTo(new Uri(address)));
        Assert.Contains("A protocol that is not spoken here", await FailAsync(), StringComparison.Ordinal);
    }

    [Theory]
    // Text without a status line, as HTTP 0.9 had it.
    [InlineData("-", "hello\n", "A protocol that is not spoken here")]
    // A server of HTTP 1.0, which ends a body by closing the connection.
    [InlineData("5", "HTTP/1.0 200 OK\r\n\r\nhello", "does not match its hash")]
    // A number that would be octal to a shell.
    [InlineData("-", "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-7/08\r\nContent-Length: 8\r\n\r\n12345678", "does not match its hash")]
    // A trailer that contradicts the header.
    [InlineData("5", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Content-Range\r\n\r\n5\r\nhello\r\n0\r\nContent-Range: bytes 9-9/99\r\n\r\n", "does not match its hash")]
    [InlineData("5", "HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n", "an answer that was not expected (HTTP 304)")]
    public async Task An_answer_that_is_odd_ends_in_an_error_that_names_it(string size, string answer, string error)
    {
        using var server = new RawServer(Encoding.ASCII.GetBytes(answer));
        var errors = await FailAsync(run =>
        {
            run.Variables["fetch_endpoint"] = server.Url;
            run.Variables["fetch_size"] = size;
        });
        Assert.Contains("✗ Error: ", errors, StringComparison.Ordinal);
        Assert.Contains(error, errors, StringComparison.Ordinal);
        Assert.DoesNotContain(".sh: line", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http_proxy", "no_proxy", "example.com")]
    [InlineData("all_proxy", "NO_PROXY", "example.com")]
    [InlineData("http_proxy", "no_proxy", "*")]
    public async Task What_is_for_this_machine_passes_no_proxy(string proxy, string exception, string value)
    {
        // A small file comes from the Hub itself; large ones come from another host.
        using var run = FetcherRun.OfFile(Hub, repository, repository.Head.Tree.Files["empty"].File);
        run.Variables["fetch_size"] = "-";
        run.Variables[proxy] = "http://127.0.0.1:9";
        run.Variables[exception] = value;
        (await run.RunAsync()).OrThrow("fetch");
        Assert.NotEmpty(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task Certificates_that_a_build_can_not_see_are_mentioned_only_where_they_matter()
    {
        var result = await FetchAsync(run => run.Variables["NIX_SSL_CERT_FILE"] = "/etc/ssl/none.crt");
        Assert.DoesNotContain("none.crt", result.Errors, StringComparison.Ordinal);
        using var server = new RawServer("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        var errors = await FailAsync(run =>
        {
            run.Variables["NIX_SSL_CERT_FILE"] = "/etc/ssl/none.crt";
            run.Variables["fetch_endpoint"] = server.Url.Replace("http:", "https:", StringComparison.Ordinal);
        });
        Assert.Contains("This build can't read /etc/ssl/none.crt", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_connections_and_unknown_hosts_are_named()
    {
        Assert.Contains("✗ Error: The connection was refused", await FailAsync(run => run.Variables["fetch_endpoint"] = "http://127.0.0.1:9"), StringComparison.Ordinal);
        Assert.Contains("✗ Error: The host name could not be resolved", await FailAsync(run => run.Variables["fetch_endpoint"] = "https://hub.invalid"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_is_for_this_machine_only() =>
        Assert.Contains("Protocol \"http\" not supported", await FailAsync(run => run.Variables["fetch_endpoint"] = "http://192.0.2.1"), StringComparison.Ordinal);

    private async Task<ProcessResult> FetchAsync(Action<FetcherRun>? change = null)
    {
        using var run = FetcherRun.OfFile(Hub, repository, file);
        change?.Invoke(run);
        var result = (await run.RunAsync()).OrThrow("fetch");
        Assert.Equal(file.Content.Sha256, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(run.Out))));
        return result;
    }

    private async Task<string> FailAsync(Action<FetcherRun>? change = null)
    {
        using var run = FetcherRun.OfFile(Hub, repository, file);
        change?.Invoke(run);
        var result = await run.RunAsync();
        Assert.Equal(1, result.ExitCode);
        return result.Errors;
    }
}
