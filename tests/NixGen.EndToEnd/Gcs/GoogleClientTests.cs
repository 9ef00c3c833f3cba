using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NixGen.Testing;
using NixGen.Testing.Gcs;
using Xunit;

namespace NixGen.EndToEnd.Gcs;

/// <summary>Google's own client, which knows the real service, finds the loopback one to be one.</summary>
public sealed class GoogleClientTests : IAsyncLifetime
{
    private static readonly NodeClient Client = new("gcs-client");
    private static readonly string[] Names = ["a b.txt", "a+b=c&d.txt", "dir/50%2Fdone.txt", "grüße/模型.bin", "#frag?query", "a//b"];
    private LoopbackGcs? started;

    private LoopbackGcs Gcs => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LoopbackGcs.StartAsync();

    public async Task DisposeAsync() => await Gcs.DisposeAsync();

    [Fact]
    public async Task It_lists_over_pages_and_knows_checksums()
    {
        var bucket = Gcs.Add(new GcsBucket("models") { IsPublic = true });
        for (var number = 0; number < 25; number++)
            bucket.Put($"v1/file-{number:00}", $"content {number}");
        bucket.Put("v2/other", "other");
        Gcs.PageSize = 10;
        var listed = await Client.RunAsync("list.mjs", ("url", Gcs.Url), ("bucket", "models"), ("prefix", "v1/"));
        Assert.Equal(25, listed.GetArrayLength());
        Assert.Equal(3, Gcs.Log.Snapshot().Count(request => request.IsListing));
        Assert.All(listed.EnumerateArray(), item =>
        {
            var stored = bucket.Find(Text(item, "name"));
            Assert.NotNull(stored);
            Assert.Equal((stored.Generation.ToString(), stored.Md5, stored.Crc32c), (Text(item, "generation"), Text(item, "md5"), Text(item, "crc32c")));
        });
    }

    [Fact]
    public async Task Names_of_any_kind_come_back_as_they_were_written()
    {
        Gcs.Add(new GcsBucket("models") { IsPublic = true });
        var files = Names.ToDictionary(name => name, name => "content of " + name, StringComparer.Ordinal);
        await Client.RunAsync("upload.mjs", ("url", Gcs.Url), ("bucket", "models"), ("files", files));
        var listed = await Client.RunAsync("list.mjs", ("url", Gcs.Url), ("bucket", "models"));
        Assert.Equal(Names.Order(StringComparer.Ordinal), listed.EnumerateArray().Select(item => Text(item, "name")).Order(StringComparer.Ordinal));
        foreach (var (name, text) in files)
        {
            var content = await Client.RunAsync("download.mjs", ("url", Gcs.Url), ("bucket", "models"), ("name", name));
            Assert.Equal(Sha256(text), Text(content, "sha256"));
        }
    }

    [Fact]
    public async Task It_unpacks_what_is_stored_packed()
    {
        var bucket = Gcs.Add(new GcsBucket("models") { IsPublic = true });
        var text = new string('x', 5000);
        await Client.RunAsync("upload.mjs", ("url", Gcs.Url), ("bucket", "models"), ("files", new Dictionary<string, string>(StringComparer.Ordinal) { ["config.json"] = text }), ("gzip", true));
        var stored = bucket.Find("config.json");
        Assert.NotNull(stored);
        Assert.Equal("gzip", stored.ContentEncoding);
        Assert.InRange(stored.Content.Length, 1, 1000);
        var content = await Client.RunAsync("download.mjs", ("url", Gcs.Url), ("bucket", "models"), ("name", "config.json"));
        Assert.Equal(Sha256(text), Text(content, "sha256"));
        using var http = new HttpClient();
        Assert.Equal(text, await http.GetStringAsync(new Uri(Gcs.Url + "/storage/v1/b/models/o/config.json?alt=media")));
    }

    [Fact]
    public async Task What_is_composed_has_no_md5()
    {
        var bucket = Gcs.Add(new GcsBucket("models") { IsPublic = true });
        bucket.Put("part-1", "one ");
        bucket.Put("part-2", "two");
        var made = await Client.RunAsync("compose.mjs", ("url", Gcs.Url), ("bucket", "models"), ("parts", new[] { "part-1", "part-2" }), ("name", "whole"));
        Assert.Equal(JsonValueKind.Null, made.GetProperty("md5").ValueKind);
        Assert.Equal(2, made.GetProperty("componentCount").GetInt32());
        var content = await Client.RunAsync("download.mjs", ("url", Gcs.Url), ("bucket", "models"), ("name", "whole"));
        Assert.Equal(Sha256("one two"), Text(content, "sha256"));
    }

    [Fact]
    public async Task It_notices_content_that_its_checksums_deny()
    {
        var bucket = Gcs.Add(new GcsBucket("models") { IsPublic = true });
        bucket.Alter(bucket.Put("a", "true content"), stored => stored with { ServedContent = "fake content"u8.ToArray() });
        var (_, error) = await Client.RunAsync([], "download.mjs", ("url", Gcs.Url), ("bucket", "models"), ("name", "a"));
        Assert.Contains("did not match", error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generations_stay_in_a_versioned_bucket_and_vanish_in_others()
    {
        foreach (var isVersioned in new[] { true, false })
        {
            var bucket = Gcs.Add(new GcsBucket("models") { IsPublic = true, IsVersioned = isVersioned });
            var old = bucket.Put("a", "old");
            bucket.Put("a", "new");
            var (content, error) = await Client.RunAsync([], "download.mjs", ("url", Gcs.Url), ("bucket", "models"), ("name", "a"), ("generation", old.Generation.ToString()));
            Assert.Equal(isVersioned ? null : 404, error?.Status);
            if (isVersioned)
                Assert.Equal(Sha256("old"), Text(content, "sha256"));
        }
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("ya29.unknown", 401)]
    [InlineData("stranger@example.com", 403)]
    [InlineData("reader@example.com", null)]
    public async Task A_private_bucket_asks_who_reads(string? account, int? status)
    {
        var bucket = Gcs.Add(new GcsBucket("models"));
        bucket.Readers.Add("reader@example.com");
        bucket.Put("a", "a");
        var token = account?.Contains('@') == true ? Gcs.Identities.Issue(account, GcsToken.ReadOnly).Value : account;
        var (_, error) = await Client.RunAsync([], "list.mjs", ("url", Gcs.Url), ("bucket", "models"), ("token", token));
        Assert.Equal(status, error?.Status);
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
