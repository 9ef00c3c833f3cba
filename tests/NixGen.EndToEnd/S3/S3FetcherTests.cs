using System.Globalization;
using NixGen.Testing.Hub;
using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.S3;

/// <summary>The fetcher gets the right bytes from S3, whatever the keys, and shows who asks to S3 alone.</summary>
public sealed class S3FetcherTests : S3FetcherFixture
{
    [Fact]
    public async Task Awkward_keys_are_signed_rightly()
    {
        var account = Store.Add(new S3Account("TEMPORARY", "a secret/with+signs=", "session/token+of=="));
        SignAs(account);
        var bucket = Store.Add(new S3Bucket("models") { IsVersioned = true });
        foreach (var name in S3Fixtures.AwkwardNames)
            await FetchAsync(bucket.Put("odd+folder/" + name, S3Fixtures.Text(name)), pinned: true);
        var log = Store.Log.Snapshot();
        Assert.Equal(S3Fixtures.AwkwardNames.Count, log.Length);
        Assert.All(log, request => Assert.True(request.Status is 200 or 206, request.ToString()));
    }

    [Fact]
    public async Task A_large_object_comes_in_parts_each_with_its_own_signature()
    {
        var version = Store.Add(new S3Bucket("models") { IsVersioned = true }).Put("big model.bin", new HubContent.Generated(9_000_000, 7));
        Variables["fetch_parallel_from"] = "1000000";
        Variables["fetch_slice"] = "2000000";
        await FetchAsync(version, pinned: true);
        var log = Store.Log.Snapshot();
        Assert.True(log.Length >= 4, $"{log.Length} requests");
        Assert.All(log, request => Assert.True(request.Status == 206 && request.ShowsWhoAsks, request.ToString()));
    }

    [Fact]
    public async Task Trees_have_every_file_where_it_belongs()
    {
        var bucket = Store.Add(new S3Bucket("models") { IsVersioned = true });
        S3Version[] versions =
        [
            .. S3Fixtures.AwkwardNames.Where(name => !name.Contains('\\', StringComparison.Ordinal)).Select(name => bucket.Put("tree of/" + name, S3Fixtures.Text("tree " + name))),
            .. Enumerable.Range(0, 20).Select(index => bucket.Put("tree of/many/" + index.ToString(CultureInfo.InvariantCulture), S3Fixtures.Text($"tree {index}"))),
        ];
        Variables["fetch_prefix"] = "tree of";
        Variables["fetch_filesPath"] = Write("files", string.Concat(versions.Select(version =>
            $"{version.Size}\t{Sri(version)}\t{version.Key["tree of/".Length..]}\t-\t-\t-\t={version.VersionId}\n")));
        (await RunAsync()).OrThrow("Fetching a tree");
        foreach (var version in versions)
        {
            var content = await File.ReadAllBytesAsync(Path.Combine(Out, version.Key["tree of/".Length..]));
            Assert.Equal(version.Content?.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)));
        }

        Assert.All(Store.Log.Snapshot(), request => Assert.Equal(bucket.Find(request.Key)?.VersionId, request.Query["versionId"]));
    }

    [Fact]
    public async Task A_pinned_version_stays_what_it_was()
    {
        var bucket = Store.Add(new S3Bucket("models") { IsVersioned = true });
        var first = bucket.Put("a", S3Fixtures.Text("first"));
        bucket.Put("a", S3Fixtures.Text("other"));
        await FetchAsync(first, pinned: true);
        bucket.Delete("a");
        await FetchAsync(first, pinned: true);
    }

    [Fact]
    public async Task An_object_of_another_name_than_its_path_is_asked_for_by_its_key()
    {
        var version = Store.Add(new S3Bucket("models")).Put("deep/down/model v1.gguf", S3Fixtures.Text("one object"));
        Ask(version);
        Variables["fetch_prefix"] = "deep/down/model v1.gguf";
        Variables["fetch_path"] = "model v1.gguf";
        Variables["fetch_object"] = version.Key;
        (await RunAsync()).OrThrow("Fetching");
        Assert.Equal("one object", await File.ReadAllTextAsync(Out));
    }

    [Fact]
    public async Task An_open_bucket_is_read_as_anybody()
    {
        var version = Store.Add(new S3Bucket("models") { IsPublic = true }).Put("a b", S3Fixtures.Text("open"));
        Variables["fetch_unsigned"] = "1";
        await FetchAsync(version);
        SignAsNobody();
        Variables["fetch_unsigned"] = "";
        await FetchAsync(version);
        Assert.All(Store.Log.Snapshot(), request => Assert.False(request.ShowsWhoAsks));
    }

    [Fact]
    public async Task A_store_that_asks_for_patience_gets_it()
    {
        var version = Store.Add(new S3Bucket("models")).Put("a", S3Fixtures.Text("patience"));
        var refusals = 2;
        Store.Gate = _ => Interlocked.Decrement(ref refusals) >= 0 ? S3Error.SlowDown : null;
        await FetchAsync(version);
        Store.Gate = _ => S3Error.SlowDown;
        Assert.Contains("asks for fewer requests", await FailAsync(version), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_nothing_is_shown_elsewhere()
    {
        var version = Store.Add(new S3Bucket("models")).Put("a", S3Fixtures.Text("redirected"));
        SignAs(Store.Add(S3Account.Example with { KeyId = "TEMPORARY", SessionToken = "a-session-token" }));
        Store.Gate = request => request.IsElsewhere ? null : S3Error.TemporaryRedirect(Store.ElsewhereUrl + "/models/a");
        Assert.Contains("HTTP 307: the bucket is in another region", await FailAsync(version), StringComparison.Ordinal);
        Assert.DoesNotContain(Store.Log.Snapshot(), request => request.IsElsewhere);
    }

    [Fact]
    public async Task A_mirror_on_S3_is_asked_when_the_source_fails_and_the_source_is_what_the_error_is_about()
    {
        var version = Store.Add(new S3Bucket("models")).Put("dir/a b", S3Fixtures.Text("mirrored"));
        Store.Add(new S3Bucket("mirror")).Put("copy/dir/a b", S3Fixtures.Text("mirrored"));
        Store.Gate = request => request.Bucket == "models" ? S3Error.NoSuchKey : null;
        Variables["fetch_mirrors"] = $"base\t-\ts3://mirror/copy?endpoint={Store.Url}\n";
        await FetchAsync(version);
        Store.Gate = request => request.Bucket == "models" ? S3Error.NoSuchKey : S3Error.AccessDenied;
        Assert.Contains("HTTP 404: there is no such object", await FailAsync(version), StringComparison.Ordinal);
    }
}
