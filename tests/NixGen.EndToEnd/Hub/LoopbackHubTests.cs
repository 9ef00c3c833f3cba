using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Hub;

/// <summary>The loopback Hub answers as the real one does. What the official client makes of it is tested beside this.</summary>
public sealed class LoopbackHubTests : IAsyncLifetime
{
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LoopbackHub.StartAsync();

    public async Task DisposeAsync()
    {
        client.Dispose();
        await Hub.DisposeAsync();
    }

    [Fact]
    public async Task A_revision_leads_to_its_commit_by_branch_tag_pull_request_and_short_sha()
    {
        var repository = Hub.Add(HubFixtures.TinyModel());
        var old = repository.Head.Parent ?? repository.Head;
        repository.Tag("v1", old);
        repository.Branch("feature/x", old);
        repository.SetRef("refs/pr/1", old);
        foreach (var revision in new[] { "v1", "feature%2Fx", "refs%2Fpr%2F1", old.Id, old.Id[..8] })
            Assert.Equal(old.Id, (await JsonAsync($"/api/models/example/tiny/revision/{revision}")).GetProperty("sha").GetString());
        Assert.Equal(repository.Head.Id, (await JsonAsync("/api/models/example/tiny")).GetProperty("sha").GetString());
    }

    [Fact]
    public async Task The_tree_is_paged_with_absolute_links_and_holds_folders()
    {
        var repository = Hub.Add(HubFixtures.BigModel());
        var rows = new List<JsonElement>();
        var pages = 0;
        for (var url = $"{Hub.Url}/api/models/example/big/tree/main?recursive=true"; url is not null; pages++)
        {
            using var response = await client.GetAsync(new Uri(url));
            rows.AddRange((await ReadAsync(response)).EnumerateArray());
            url = NextOf(response);
        }

        Assert.Equal(2, pages);
        Assert.Equal(1130, rows.Count(row => row.GetProperty("type").GetString() == "file"));
        Assert.Contains(rows, row => row.GetProperty("type").GetString() == "directory" && row.GetProperty("path").GetString() == "merged weights");
        Assert.Equal(repository.Head.Tree.Files.Keys.Order(StringComparer.Ordinal), rows.Where(row => row.GetProperty("type").GetString() == "file").Select(row => row.GetProperty("path").GetString()).Order(StringComparer.Ordinal));
        Assert.True(rows.Where(row => row.TryGetProperty("lfs", out _)).Sum(row => row.GetProperty("lfs").GetProperty("size").GetInt64()) > 139_000_000_000);
    }

    [Fact]
    public async Task Expanded_pages_are_smaller_and_a_foreign_cursor_is_refused()
    {
        Hub.Add(HubFixtures.BigModel());
        using var response = await client.GetAsync(new Uri($"{Hub.Url}/api/models/example/big/tree/main?recursive=true&expand=true"));
        Assert.Equal(50, (await ReadAsync(response)).GetArrayLength());
        Assert.NotNull(NextOf(response));
        using var refused = await client.GetAsync(new Uri($"{Hub.Url}/api/models/example/big/tree/main?recursive=true&cursor=nonsense"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Object_ids_are_those_of_git()
    {
        var repository = Hub.Add(new HubRepository("example/git"));
        repository.Commit("c", [HubFile.Text("hello", "hello world"), HubFile.Text("d/empty", "")]);
        var rows = await JsonAsync("/api/models/example/git/tree/main?recursive=true");
        Assert.Equal("95d09f2b10159347eece71399a7e2e907ea3df4f", Row(rows, "hello").GetProperty("oid").GetString());
        Assert.Equal("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", Row(rows, "d/empty").GetProperty("oid").GetString());
        Assert.Equal("417c01c8795a35b8e835113a85a5c0c1c77f67fb", Row(rows, "d").GetProperty("oid").GetString());
        Assert.Equal("bdcc444745abd6c89d22abdcb248469c21730f3b", repository.Head.Tree.Oid);
        Assert.Equal("dbe47df441fcd4ef976098711057713e22634a09", repository.Head.Id);
    }

    [Fact]
    public async Task A_small_file_takes_a_relative_307_and_an_lfs_file_an_absolute_302_to_another_host()
    {
        Hub.Add(HubFixtures.TinyModel());
        using var small = await client.GetAsync(new Uri(Hub.Url + "/example/tiny/resolve/main/config.json"));
        Assert.Equal(HttpStatusCode.TemporaryRedirect, small.StatusCode);
        Assert.StartsWith("/api/resolve-cache/models/example/tiny/", small.Headers.Location?.OriginalString, StringComparison.Ordinal);

        using var large = await client.GetAsync(new Uri(Hub.Url + "/example/tiny/resolve/main/model.safetensors"));
        Assert.Equal(HttpStatusCode.Found, large.StatusCode);
        var location = Assert.IsType<Uri>(large.Headers.Location);
        Assert.NotEqual(new Uri(Hub.Url).Host, location.Host);
        var file = Hub.Find("example/tiny").Head.Tree.Files["model.safetensors"].File;
        Assert.Equal($"\"{file.Content.Sha256}\"", large.Headers.GetValues("X-Linked-ETag").Single());
        using var content = await client.GetAsync(location);
        Assert.Equal(file.Content.Sha256, Sha256(await content.Content.ReadAsByteArrayAsync()));
        Assert.Equal($"\"{file.XetHash}\"", content.Headers.ETag?.Tag);
        Assert.NotEqual(file.Content.Sha256, file.XetHash);
    }

    [Fact]
    public async Task Raw_gives_the_pointer_text()
    {
        Hub.Add(HubFixtures.TinyModel());
        var text = await client.GetStringAsync(new Uri(Hub.Url + "/example/tiny/raw/main/model.safetensors"));
        Assert.StartsWith("version https://git-lfs.github.com/spec/v1\noid sha256:", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_awkward_name_can_be_downloaded_by_its_encoded_path()
    {
        var repository = Hub.Add(HubFixtures.AwkwardModel());
        using var following = new HttpClient();
        foreach (var (path, entry) in repository.Head.Tree.Files)
        {
            var url = $"{Hub.Url}/example/awkward/resolve/{repository.Head.Id}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";
            Assert.Equal(entry.File.Content.Sha256, Sha256(await following.GetByteArrayAsync(new Uri(url))));
        }
    }

    [Theory]
    [InlineData("bytes=0-3", 206, "bytes 0-3/", 4)]
    [InlineData("bytes=100-", 206, "bytes 100-", null)]
    [InlineData("bytes=-5", 206, null, 5)]
    [InlineData("bytes=99999-", 416, "bytes */", null)]
    public async Task The_cdn_answers_ranges(string range, int status, string? contentRange, int? length)
    {
        Hub.Add(HubFixtures.TinyModel());
        using var request = new HttpRequestMessage(HttpMethod.Get, await CdnUrlAsync("model.safetensors"));
        request.Headers.TryAddWithoutValidation("Range", range);
        using var response = await client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        if (contentRange is not null)
            Assert.StartsWith(contentRange, response.Content.Headers.ContentRange?.ToString(), StringComparison.Ordinal);
        if (length is not null)
            Assert.Equal(length, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task Above_the_threshold_the_cdn_serves_ranges_only()
    {
        Hub.Add(HubFixtures.TinyModel());
        Hub.Cdn.RangeRequiredFrom = 10;
        var url = await CdnUrlAsync("model.safetensors");
        using var refused = await client.GetAsync(url);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(0, null);
        using var served = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, served.StatusCode);
    }

    [Fact]
    public async Task A_signed_url_expires_and_cannot_be_altered()
    {
        Hub.Add(HubFixtures.TinyModel());
        var url = await CdnUrlAsync("model.safetensors");
        using var altered = await client.GetAsync(new Uri(url.OriginalString.Replace("Expires=", "Expires=9", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Forbidden, altered.StatusCode);
        Hub.Cdn.UrlLifetime = TimeSpan.FromSeconds(-1);
        using var expired = await client.GetAsync(await CdnUrlAsync("model.safetensors"));
        Assert.Equal(HttpStatusCode.Forbidden, expired.StatusCode);
    }

    [Fact]
    public async Task Json_has_a_weak_etag_and_304_for_who_knows_it()
    {
        Hub.Add(HubFixtures.TinyModel());
        using var first = await client.GetAsync(new Uri(Hub.Url + "/api/models/example/tiny"));
        Assert.True(first.Headers.ETag?.IsWeak);
        using var request = new HttpRequestMessage(HttpMethod.Get, Hub.Url + "/api/models/example/tiny");
        request.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag?.ToString());
        using var second = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(0, Hub.Log.Snapshot()[^1].BytesSent);
    }

    [Fact]
    public async Task Text_is_compressed_unless_identity_is_asked_for()
    {
        var repository = Hub.Add(new HubRepository("example/text"));
        repository.Commit("c", [HubFile.Text("vocab.txt", new string('a', 5000))]);
        var url = $"{Hub.Url}/api/resolve-cache/models/example/text/{repository.Head.Id}/vocab.txt";
        using var compressed = await GetAsync(url, ("Accept-Encoding", "gzip, deflate"), ("Range", "bytes=0-0"));
        Assert.Equal("gzip", compressed.Content.Headers.ContentEncoding.Single());
        Assert.Equal(HttpStatusCode.OK, compressed.StatusCode);
        using var plain = await GetAsync(url, ("Accept-Encoding", "identity"));
        Assert.Equal(5000, plain.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Rate_limits_are_stated_and_where_enforced_they_bite()
    {
        Hub.Add(HubFixtures.TinyModel());
        Hub.RateLimits.AnonymousApi = 2;
        Hub.RateLimits.Enforced = true;
        for (var request = 0; request < 2; request++)
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(Hub.Url + "/api/models/example/tiny")).StatusCode);
        using var refused = await GetAsync(Hub.Url + "/api/models/example/tiny");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("\"api\";r=0;t=1", refused.Headers.GetValues("RateLimit").Single());
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task Old_names_and_wrong_letter_case_redirect_relatively_to_the_canonical_id()
    {
        var repository = Hub.Add(HubFixtures.TinyModel("example/Tiny"));
        Hub.Rename("tiny", repository);
        Hub.Rename("former/tiny", repository);
        foreach (var (asked, expected) in new[]
        {
            ("/api/models/tiny/tree/main?recursive=true", "/api/models/example/Tiny/tree/main?recursive=true"),
            ("/former/tiny/resolve/refs%2Fpr%2F1/a%20b", "/example/Tiny/resolve/refs%2Fpr%2F1/a%20b"),
            ("/api/models/EXAMPLE/tiny", "/api/models/example/Tiny"),
        })
        {
            using var response = await GetAsync(Hub.Url + asked);
            Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
            Assert.Equal(expected, response.Headers.Location?.OriginalString);
        }
    }

    private async Task<HttpResponseMessage> GetAsync(string url, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }

    private async Task<JsonElement> JsonAsync(string target)
    {
        using var response = await client.GetAsync(new Uri(Hub.Url + target));
        return await ReadAsync(response);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    private async Task<Uri> CdnUrlAsync(string path)
    {
        using var response = await client.GetAsync(new Uri($"{Hub.Url}/example/tiny/resolve/main/{path}"));
        return response.Headers.Location ?? throw new InvalidOperationException("No redirect.");
    }

    private static JsonElement Row(JsonElement rows, string path) => rows.EnumerateArray().Single(row => row.GetProperty("path").GetString() == path);

    private static string? NextOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links) && links.Single() is var link && link.EndsWith("; rel=\"next\"", StringComparison.Ordinal)
            ? link[1..link.IndexOf('>', StringComparison.Ordinal)]
            : null;

    private static string Sha256(byte[] content) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
}
