using System.Diagnostics;
using System.Net;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Hub;

/// <summary>The loopback Hub fails in each way that it is told to, as often as it is told to, and says so in its log.</summary>
public sealed class HubFaultTests : IAsyncLifetime
{
    private const string Weights = "model.safetensors";
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(20) };
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    private Uri Url => new($"{Hub.Url}/example/noise/resolve/main/{Weights}");

    public async Task InitializeAsync()
    {
        started = await LoopbackHub.StartAsync();
        Hub.Add(new HubRepository("example/noise")).Commit("c", [HubFile.Generated(Weights, 3_000_000), HubFile.Text("config.json", "{}")]);
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await Hub.DisposeAsync();
    }

    [Fact]
    public async Task Generated_content_has_the_hash_that_is_advertised_at_any_range()
    {
        var all = await client.GetByteArrayAsync(Url);
        Assert.Equal(Hub.Find("example/noise").Head.Tree.Files[Weights].File.Content.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(all)));
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);
        request.Headers.TryAddWithoutValidation("Range", "bytes=1048570-2097160");
        using var part = await client.SendAsync(request);
        Assert.Equal(all[1048570..2097161], await part.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(2_000_001)]
    public async Task Truncation_ends_the_body_there_as_often_as_asked(int bytes)
    {
        Hub.Faults.OnContent(Weights, HubFault.Truncate(bytes), times: 1);
        Assert.Equal(bytes, await ReadUntilItBreaksAsync());
        Assert.Equal(bytes, Hub.Log.Of(HubRequestKind.Cdn).Single().BytesSent);
        Assert.Equal(3_000_000, (await client.GetByteArrayAsync(Url)).Length);
    }

    [Fact]
    public async Task A_reset_breaks_the_connection()
    {
        Hub.Faults.OnContent(Weights, HubFault.Reset(), times: 1);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetByteArrayAsync(Url));
        Hub.Faults.OnContent(Weights, HubFault.Reset(100_000), times: 1);
        Assert.True(await ReadUntilItBreaksAsync() <= 100_000);
    }

    [Fact]
    public async Task A_stall_keeps_the_client_waiting()
    {
        Hub.Faults.OnContent(Weights, HubFault.Stall(5000, TimeSpan.FromMilliseconds(400)), times: 1);
        var watch = Stopwatch.StartNew();
        Assert.Equal(3_000_000, (await client.GetByteArrayAsync(Url)).Length);
        Assert.True(watch.ElapsedMilliseconds >= 400);

        Hub.Faults.OnContent(Weights, HubFault.Stall(0), times: 1);
        using var impatient = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetByteArrayAsync(Url, impatient.Token));
    }

    [Fact]
    public async Task Statuses_come_the_given_number_of_times()
    {
        Hub.Faults.OnApi("tree", HubFault.Status(503, "busy"), times: 2);
        Hub.Faults.OnApi("tree", HubFault.TooManyRequests(7, retryAfter: false), times: 1);
        var statuses = new List<int>();
        for (var request = 0; request < 4; request++)
        {
            using var response = await client.GetAsync(new Uri(Hub.Url + "/api/models/example/noise/tree/main"));
            statuses.Add((int)response.StatusCode);
            if (request == 2)
            {
                Assert.Equal("\"api\";r=0;t=7", response.Headers.GetValues("RateLimit").Single());
                Assert.False(response.Headers.Contains("Retry-After"));
            }
        }

        Assert.Equal([503, 503, 429, 200], statuses);
        Assert.Equal(statuses, Hub.Log.Snapshot().Select(request => request.Status));
    }

    [Fact]
    public async Task Ranges_can_be_ignored_or_misstated()
    {
        Hub.Faults.OnContent(Weights, HubFault.IgnoreRange(), times: 1);
        using (var whole = await RangeAsync())
        {
            Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
            Assert.Equal(3_000_000, whole.Content.Headers.ContentLength);
        }

        Hub.Faults.OnContent(Weights, HubFault.ContentRange("bytes 0-9/3000000"), times: 1);
        using var wrong = await RangeAsync();
        Assert.Equal("bytes 0-9/3000000", wrong.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task A_stated_length_can_be_too_short_or_too_long()
    {
        Hub.Faults.OnContent(Weights, HubFault.ContentLength(10), times: 1);
        Assert.Equal(10, (await client.GetByteArrayAsync(Url)).Length);
        Hub.Faults.OnContent(Weights, HubFault.ContentLength(3_000_001), times: 1);
        Assert.Equal(3_000_000, await ReadUntilItBreaksAsync());
    }

    [Fact]
    public async Task Content_can_change_midway_and_flow_slowly()
    {
        var right = await client.GetByteArrayAsync(Url);
        Hub.Faults.OnContent(Weights, HubFault.Corrupt(1_500_000), times: 1);
        var wrong = await client.GetByteArrayAsync(Url);
        Assert.Equal(right[..1_500_000], wrong[..1_500_000]);
        Assert.NotEqual(right[1_500_000], wrong[1_500_000]);

        Hub.Faults.OnContent(Weights, HubFault.Throttle(6_000_000), times: 1);
        var watch = Stopwatch.StartNew();
        Assert.Equal(right, await client.GetByteArrayAsync(Url));
        Assert.InRange(watch.ElapsedMilliseconds, 400, 5000);
    }

    [Fact]
    public async Task Redirects_can_loop_or_lead_elsewhere_and_html_can_come_as_200()
    {
        using var still = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        Hub.Faults.OnResolve(Weights, HubFault.RedirectLoop(), times: 1);
        using (var loop = await still.GetAsync(Url))
            Assert.Equal(Url.PathAndQuery, loop.Headers.Location?.OriginalString);
        Hub.Faults.OnResolve(Weights, HubFault.RedirectTo(new Uri("http://127.0.0.3:9/x")), times: 1);
        using (var away = await still.GetAsync(Url))
            Assert.Equal("127.0.0.3", away.Headers.Location?.Host);
        Hub.Faults.OnResolve("config.json", HubFault.HtmlPage(), times: 1);
        using var page = await still.GetAsync(new Uri(Hub.Url + "/example/noise/resolve/main/config.json"));
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData(0, "bytes 101-110/3000000")]
    [InlineData(900, "bytes 1001-1010/3000000")]
    [InlineData(2_999_889, "bytes 2999990-2999999/3000000")]
    [InlineData(2_999_990, "bytes 101-110/3000000")]
    public async Task Another_range_can_be_served_than_was_asked_for(long shift, string served)
    {
        var all = await client.GetByteArrayAsync(Url);
        Hub.Faults.OnContent(Weights, HubFault.OtherRange(shift), times: 1);
        Hub.Faults.OnContent(Weights, HubFault.OtherRange(shift, honest: false), times: 1);
        using var honest = await RangeAsync();
        using var dishonest = await RangeAsync();
        Assert.Equal(served, honest.Content.Headers.ContentRange?.ToString());
        Assert.Equal("bytes 100-109/3000000", dishonest.Content.Headers.ContentRange?.ToString());
        var bytes = await dishonest.Content.ReadAsByteArrayAsync();
        Assert.Equal(bytes, await honest.Content.ReadAsByteArrayAsync());
        var first = int.Parse(served["bytes ".Length..served.IndexOf('-', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(all[first..(first + 10)], bytes);
    }

    [Fact]
    public async Task A_part_can_come_where_all_was_asked_for()
    {
        Hub.Faults.OnContent(Weights, HubFault.OtherRange(5), times: 1);
        Hub.Faults.OnContent(Weights, HubFault.ShortRange(7), times: 1);
        using var late = await client.GetAsync(Url);
        Assert.Equal(HttpStatusCode.PartialContent, late.StatusCode);
        Assert.Equal("bytes 1-2999999/3000000", late.Content.Headers.ContentRange?.ToString());
        using var brief = await client.GetAsync(Url);
        Assert.Equal("bytes 0-6/3000000", brief.Content.Headers.ContentRange?.ToString());
        Assert.Equal(7, (await brief.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task More_can_come_than_was_asked_for()
    {
        Hub.Faults.OnContent(Weights, HubFault.Overrun(5), times: 1);
        using var part = await RangeAsync();
        Assert.Equal("bytes 100-109/3000000", part.Content.Headers.ContentRange?.ToString());
        Assert.Equal([0xa5, 0xa5, 0xa5, 0xa5, 0xa5], (await part.Content.ReadAsByteArrayAsync())[10..]);
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task A_stated_length_can_be_off(int bytes)
    {
        Hub.Faults.OnContent(Weights, HubFault.ContentLengthOff(bytes), times: 1);
        using var part = await RangeAsync();
        Assert.Equal(10 + bytes, part.Content.Headers.ContentLength);
        if (bytes < 0)
            Assert.Equal(7, (await part.Content.ReadAsByteArrayAsync()).Length);
        else
            await Assert.ThrowsAsync<HttpRequestException>(() => part.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_body_can_have_no_length_or_be_compressed_unasked()
    {
        Hub.Faults.OnContent(Weights, HubFault.NoLength(), times: 1);
        Hub.Faults.OnContent(Weights, HubFault.Gzip(), times: 1);
        using var plain = await RangeAsync();
        Assert.Null(plain.Content.Headers.ContentLength);
        var bytes = await plain.Content.ReadAsByteArrayAsync();
        Assert.Equal(10, bytes.Length);
        using var packed = await RangeAsync();
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        using var unpacked = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(await packed.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress))
            await gzip.CopyToAsync(unpacked);
        Assert.Equal(bytes, unpacked.ToArray());
    }

    [Theory]
    [InlineData(HubRequestKind.Resolve)]
    [InlineData(HubRequestKind.Cdn)]
    public async Task A_file_can_be_another_one_for_a_time(HubRequestKind hop)
    {
        Hub.Faults.On(request => request.Kind == hop, HubFault.Replace(HubFile.Lfs(Weights, [1, 2, 3])), times: 1);
        using var other = await client.GetAsync(Url);
        Assert.Equal([1, 2, 3], await other.Content.ReadAsByteArrayAsync());
        using var again = await client.GetAsync(Url);
        Assert.Equal(3_000_000, again.Content.Headers.ContentLength);
        Assert.NotEqual(other.Headers.ETag, again.Headers.ETag);
    }

    [Fact]
    public async Task A_link_can_have_expired_before_it_is_used()
    {
        Hub.Faults.OnResolve(Weights, HubFault.ExpiredLink(), times: 1);
        using var late = await client.GetAsync(Url);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.Contains("expired", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, false, "Resolve Resolve Cdn")]
    [InlineData(3, false, "Resolve Resolve Resolve Resolve Cdn")]
    [InlineData(3, true, "Resolve Resolve Cdn Resolve Cdn")]
    public async Task Redirects_can_follow_one_another(int hops, bool overHosts, string kinds)
    {
        Hub.Faults.OnResolve(Weights, HubFault.RedirectChain(hops, overHosts), times: 1);
        Assert.Equal(3_000_000, (await client.GetByteArrayAsync(Url)).Length);
        Assert.Equal(kinds, string.Join(' ', Hub.Log.Snapshot().Select(request => request.Kind)));
    }

    [Fact]
    public async Task A_header_can_come_twice()
    {
        Hub.Faults.OnContent(Weights, HubFault.SecondHeader("Content-Range", "bytes 0-9/10"), times: 1);
        using var answer = await RangeAsync();
        Assert.Equal(["bytes 100-109/3000000", "bytes 0-9/10"], answer.Content.Headers.GetValues("Content-Range"));
    }

    [Fact]
    public async Task A_plan_decides_before_the_faults_that_wait()
    {
        Hub.Faults.OnResolve(Weights, HubFault.Status(503), times: 1);
        var number = 0;
        Hub.Faults.Follow(request => request.Kind == HubRequestKind.Resolve && number++ == 0 ? HubFault.Status(502) : null);
        var statuses = new List<HttpStatusCode>();
        for (var request = 0; request < 3; request++)
        {
            using var response = await client.GetAsync(Url);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK], statuses);
    }

    [Fact]
    public async Task The_log_tells_hops_apart_and_can_be_cleared()
    {
        await client.GetByteArrayAsync(Url);
        await client.GetByteArrayAsync(new Uri(Hub.Url + "/example/noise/resolve/main/config.json"));
        Assert.Equal(
            [HubRequestKind.Resolve, HubRequestKind.Cdn, HubRequestKind.Resolve, HubRequestKind.ResolveCache],
            Hub.Log.Snapshot().Select(request => request.Kind));
        Assert.Equal(3_000_000, Hub.Log.Of(HubRequestKind.Cdn).Sum(request => request.BytesSent));
        Assert.All(Hub.Log.Snapshot(), request => Assert.Equal("example/noise", request.Repository));
        Hub.Log.Clear();
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task A_synthetic_file_is_advertised_and_never_served()
    {
        Hub.Find("example/noise").Commit("c", [HubFile.Synthetic("huge", 140_000_000_000)]);
        using var response = await client.GetAsync(new Uri($"{Hub.Url}/example/noise/resolve/main/huge"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    private async Task<HttpResponseMessage> RangeAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);
        request.Headers.TryAddWithoutValidation("Range", "bytes=100-109");
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<int> ReadUntilItBreaksAsync()
    {
        using var response = await client.GetAsync(Url, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[65536];
        var total = 0;
        try
        {
            for (int read; (read = await body.ReadAsync(buffer)) > 0;)
                total += read;
        }
        catch (IOException)
        {
            return total;
        }

        throw new InvalidOperationException($"The body ended in good order after {total} bytes.");
    }
}
