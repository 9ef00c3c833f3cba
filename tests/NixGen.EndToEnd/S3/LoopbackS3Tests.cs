using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.S3;

/// <summary>The vendor's own client works against the loopback store, and is refused as the real one refuses.</summary>
public sealed class LoopbackS3Tests : IAsyncLifetime
{
    private LoopbackS3? started;

    private LoopbackS3 Store => started ?? throw new InvalidOperationException("Not started.");

    private S3Client Client => new(Store.Url, S3Account.Example);

    public async Task InitializeAsync()
    {
        started = await LoopbackS3.StartAsync();
        Store.Add(S3Account.Example);
    }

    public async Task DisposeAsync() => await Store.DisposeAsync();

    [Fact]
    public async Task Awkward_keys_are_written_listed_and_read()
    {
        var bucket = Store.Add(new S3Bucket("models"));
        await Client.PutAsync("models", [.. S3Fixtures.AwkwardNames.Select(name => new S3Upload("odd/" + name, Encoding.UTF8.GetBytes(name), WithSha256: true))]);
        Assert.Equal(S3Fixtures.AwkwardNames.Select(name => "odd/" + name).Order(StringComparer.Ordinal), bucket.Newest().Select(version => version.Key).Order(StringComparer.Ordinal));
        Assert.Equal(bucket.Newest().Select(version => (version.Key, version.Size)), await Client.ListAsync("models", "odd/"));
        foreach (var name in S3Fixtures.AwkwardNames.Where((_, index) => index % 3 == 0))
        {
            var seen = await Client.ReadAsync("models", "odd/" + name);
            Assert.Equal(name, Encoding.UTF8.GetString(seen.Content));
            Assert.Equal((Convert.ToBase64String(SHA256.HashData(seen.Content)), "FULL_OBJECT"), (seen.Sha256, seen.ChecksumType));
        }
    }

    [Fact]
    public async Task Checksums_of_uploads_in_parts_are_composite()
    {
        Store.Add(new S3Bucket("models"));
        var content = Encoding.UTF8.GetBytes("one part and another part");
        await Client.PutAsync("models", new S3Upload("parts.bin", content, WithSha256: true, Parts: 2));
        var seen = await Client.ReadAsync("models", "parts.bin");
        Assert.Equal(content, seen.Content);
        Assert.Equal("COMPOSITE", seen.ChecksumType);
        Assert.EndsWith("-2", seen.Sha256, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_objects_are_listed_over_pages()
    {
        var bucket = Store.Add(new S3Bucket("models"));
        for (var index = 0; index < 10_000; index++)
            bucket.Put("many/" + index.ToString("d5", CultureInfo.InvariantCulture), S3Fixtures.Text(index.ToString(CultureInfo.InvariantCulture)));
        var listed = await Client.ListAsync("models", "many/");
        Assert.Equal(bucket.Newest().Select(version => (version.Key, version.Size)), listed);
        Assert.Equal(10, Store.Log.Snapshot().Length);
    }

    [Fact]
    public async Task Versions_are_told_apart_and_deleted_ones_are_gone()
    {
        var bucket = Store.Add(new S3Bucket("models"));
        await Client.PutAsync("models", new S3Upload("a", "first"u8.ToArray()));
        bucket.IsVersioned = true;
        await Client.PutAsync("models", new S3Upload("a", "second"u8.ToArray()));
        var newest = await Client.ReadAsync("models", "a");
        Assert.Equal("second", Encoding.UTF8.GetString(newest.Content));
        Assert.Equal("first", Encoding.UTF8.GetString((await Client.ReadAsync("models", "a", "null")).Content));
        bucket.Delete("a");
        Assert.Equal(404, (await Client.FailAsync("models", "a")).Status);
        Assert.Equal("second", Encoding.UTF8.GetString((await Client.ReadAsync("models", "a", newest.VersionId)).Content));
    }

    [Theory]
    [InlineData("AKIDEXAMPLE", "wrong", "us-east-1", null, 403)]
    [InlineData("OTHER", "wJalrXUtnFEMI+K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1", null, 403)]
    [InlineData("AKIDEXAMPLE", "wJalrXUtnFEMI+K7MDENG/bPxRfiCYEXAMPLEKEY", "eu-west-1", null, 400)]
    [InlineData("AKIDEXAMPLE", "wJalrXUtnFEMI+K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1", "token", 400)]
    public async Task Who_may_not_sign_is_refused(string keyId, string secret, string region, string? token, int status)
    {
        Store.Add(new S3Bucket("models")).Put("a", S3Fixtures.Text("a"));
        var error = await new S3Client(Store.Url, new S3Account(keyId, secret, token), region).FailAsync("models", "a");
        Assert.Equal(status, error.Status);
    }

    [Fact]
    public async Task What_may_not_be_seen_is_refused()
    {
        Store.Add(new S3Bucket("denied") { Denied = ["AKIDEXAMPLE"] }).Put("a", S3Fixtures.Text("a"));
        Store.Add(new S3Bucket("unlisted") { MayList = false }).Put("a", S3Fixtures.Text("a"));
        Store.Add(new S3Bucket("far", "eu-central-1"));
        Assert.Equal(403, (await Client.FailAsync("denied", "a")).Status);
        Assert.Equal("a", Encoding.UTF8.GetString((await Client.ReadAsync("unlisted", "a")).Content));
        Assert.Equal(403, (await Client.FailAsync("unlisted", "b")).Status);
        Assert.Equal(404, (await Client.FailAsync("missing", "a")).Status);
        Assert.Equal(301, (await Client.FailAsync("far", "a")).Status);
        Store.Gate = request => request.Method == "HEAD" ? S3Error.SlowDown : null;
        Assert.Equal(503, (await Client.FailAsync("unlisted", "a")).Status);
    }

    [Fact]
    public async Task Anybody_reads_an_open_bucket_and_no_other()
    {
        Store.Add(new S3Bucket("open") { IsPublic = true }).Put("a b", S3Fixtures.Text("0123456789"));
        Store.Add(new S3Bucket("closed")).Put("a", S3Fixtures.Text("a"));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Store.Url}/open/a%20b");
        request.Headers.Range = new(2, 4);
        using var answer = await http.SendAsync(request);
        Assert.Equal((206, "234"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal(403, (int)(await http.GetAsync(new Uri($"{Store.Url}/closed/a"))).StatusCode);
    }

    [Fact]
    public async Task A_server_of_other_makers_takes_what_the_client_writes()
    {
        await using var server = await S3rver.StartAsync("models");
        var client = new S3Client(server.Url, S3rver.Account);
        await client.PutAsync("models", new S3Upload("a b/c+d.txt", "content"u8.ToArray()));
        Assert.Equal([("a b/c+d.txt", 7L)], await client.ListAsync("models", "a b/"));
        Assert.Equal("content", Encoding.UTF8.GetString((await client.ReadAsync("models", "a b/c+d.txt")).Content));
    }
}
