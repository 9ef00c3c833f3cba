using System.Globalization;
using System.Text;
using NixGen.Lock;
using NixGen.Nix.Hashing;
using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.S3;

/// <summary>What a lock holds after it was made of a bucket, and what that cost.</summary>
public sealed class S3LockingTests : IAsyncLifetime
{
    private LoopbackS3? started;
    private S3LockingRun? machine;

    private LoopbackS3 Store => started ?? throw new InvalidOperationException("Not started.");

    private S3LockingRun Run => machine ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackS3.StartAsync();
        Store.Add(S3Account.Example);
        machine = new S3LockingRun(Store.Url, S3Account.Example);
    }

    public async Task DisposeAsync()
    {
        Run.Dispose();
        await Store.DisposeAsync();
    }

    [Fact]
    public async Task What_has_its_SHA_256_is_not_transferred_and_the_rest_once()
    {
        var bucket = Store.Add(S3Fixtures.TinyModel("models", "without weights"));
        var locked = await Run.SucceedAsync("s3://models/tiny");

        Assert.Equal(["config.json", "weights/model.safetensors"], locked.Files.Select(file => file.Path));
        AssertFilesOf(bucket, "tiny/", locked);
        Assert.Equal(("models/tiny", Store.Url, "us-east-1"), (locked.Resolved.Id, locked.Resolved.Endpoint, locked.Resolved.Region));
        Assert.Equal(ContentRevision.Of(locked.Files), locked.Resolved.Revision);
        Assert.All(locked.Files, file => Assert.Null(file.Version ?? file.Object));
        Assert.Equal("tiny/config.json", Assert.Single(Store.Log.Snapshot(), request => request.IsDownload).Key);

        Store.Log.Clear();
        Run.Options = new() { Update = true };
        Assert.Equal(locked, await Run.SucceedAsync("s3://models/tiny"));
        Assert.DoesNotContain(Store.Log.Snapshot(), request => request.IsDownload);
    }

    [Fact]
    public async Task The_hash_of_hashes_of_an_upload_in_parts_is_not_taken_for_the_contents()
    {
        var bucket = Store.Add(new S3Bucket("models"));
        var content = Encoding.UTF8.GetBytes("a first part, and a second part");
        await new S3Client(Store.Url, S3Account.Example).PutAsync(
            "models", new S3Upload("m/parts.bin", content, WithSha256: true, Parts: 2), new S3Upload("m/whole.bin", content, WithSha256: true));
        Store.Log.Clear();
        AssertFilesOf(bucket, "m/", await Run.SucceedAsync("s3://models/m"));
        Assert.Equal(["m/parts.bin"], Store.Log.Snapshot().Where(request => request.IsDownload).Select(request => request.Key));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(5)]
    public async Task Awkward_keys_survive_listings_requests_and_signatures(int pageSize)
    {
        Store.PageSize = pageSize;
        Store.Add(S3Account.Example with { KeyId = "TEMPORARY", SessionToken = "session/token+of==" });
        Run.SignAs(S3Account.Example with { KeyId = "TEMPORARY", SessionToken = "session/token+of==" });
        var bucket = Store.Add(new S3Bucket("models"));
        foreach (var name in S3Fixtures.AwkwardNames.Where(name => !name.Contains('\\', StringComparison.Ordinal)))
        {
            bucket.Put("odd folder+/" + name, S3Fixtures.Text("streamed " + name));
            bucket.PutWithSha256("odd folder+/stated/" + name, S3Fixtures.Text("stated " + name));
        }

        AssertFilesOf(bucket, "odd folder+/", await Run.SucceedAsync("{ s3: { bucket: models, prefix: odd folder+ } }"));
    }

    [Fact]
    public async Task Ten_thousand_objects_are_locked_over_pages_without_a_byte_of_them()
    {
        var bucket = Store.Add(new S3Bucket("models"));
        for (var index = 0; index < 10_000; index++)
            bucket.PutWithSha256($"many/{index.ToString("d5", CultureInfo.InvariantCulture)}.bin", S3Fixtures.Text(index.ToString(CultureInfo.InvariantCulture)));
        var locked = await Run.SucceedAsync("s3://models/many");
        AssertFilesOf(bucket, "many/", locked);
        var log = Store.Log.Snapshot();
        Assert.Equal(10, log.Count(request => request.Key.Length == 0));
        Assert.Equal(10_000, log.Count(request => request.Method == "HEAD"));
        Assert.DoesNotContain(log, request => request.IsDownload);
    }

    [Fact]
    public async Task Versions_are_pinned_and_only_what_moved_is_asked_for_again()
    {
        var bucket = Store.Add(S3Fixtures.TinyModel("models", "pinned versions", isVersioned: true));
        var first = await Run.SucceedAsync("s3://models/tiny");
        AssertFilesOf(bucket, "tiny/", first);
        Assert.All(first.Files, file => Assert.Equal(bucket.Find("tiny/" + file.Path)?.VersionId, file.Version));

        bucket.Put("tiny/config.json", S3Fixtures.Text("{ \"changed\": true }"));
        Assert.Equal(first, await Run.SucceedAsync("s3://models/tiny"));
        Store.Log.Clear();
        Run.Options = new() { Update = true };
        var second = await Run.SucceedAsync("s3://models/tiny");
        AssertFilesOf(bucket, "tiny/", second);
        Assert.Equal(first.Files[1], second.Files[1]);
        Assert.NotEqual(first.Files[0].Version, second.Files[0].Version);
        Assert.NotEqual(first.Resolved.Revision, second.Resolved.Revision);
        Assert.Single(Store.Log.Snapshot(), request => request.IsDownload);
    }

    [Fact]
    public async Task Content_that_changed_where_there_are_no_versions_is_streamed_anew()
    {
        var bucket = Store.Add(S3Fixtures.TinyModel("models", "no versions"));
        var first = await Run.SucceedAsync("s3://models/tiny");
        bucket.Put("tiny/config.json", S3Fixtures.Text(new string('x', (int)first.Files[0].Size)));
        Run.Options = new() { Update = true };
        var second = await Run.SucceedAsync("s3://models/tiny");
        AssertFilesOf(bucket, "tiny/", second);
        Assert.NotEqual(first.Files[0].Sha256, second.Files[0].Sha256);
    }

    [Fact]
    public async Task A_prefix_that_is_a_key_is_that_one_object_and_it_may_be_an_older_version()
    {
        var bucket = Store.Add(new S3Bucket("models") { IsVersioned = true });
        var old = bucket.Put("dir/model v1.gguf", S3Fixtures.Text("old"));
        bucket.Put("dir/model v1.gguf", S3Fixtures.Text("new"));
        var newest = Assert.Single((await Run.SucceedAsync("\"s3://models/dir/model v1.gguf\"")).Files);
        Assert.Equal(("model v1.gguf", "dir/model v1.gguf", 3L), (newest.Path, newest.Object, newest.Size));
        Assert.Equal(Sri("new"), newest.Sha256);

        var older = Assert.Single((await Run.SucceedAsync($"{{ s3: {{ bucket: models, prefix: dir/model v1.gguf, versionId: {old.VersionId} }} }}")).Files);
        Assert.Equal((Sri("old"), old.VersionId), (older.Sha256, older.Version));
        Assert.Equal(older, Assert.Single((await Run.SucceedAsync($"\"s3://models/dir/model v1.gguf?versionId={old.VersionId}\"")).Files));
    }

    [Fact]
    public async Task Patterns_select_among_paths_below_the_prefix()
    {
        Store.Add(S3Fixtures.TinyModel("models", "patterns"));
        var locked = await Run.SucceedAsync("{ s3: { bucket: models, prefix: tiny/, files: [\"*.safetensors\", \"*.json\"], exclude: [config.json] } }");
        Assert.Equal(["weights/model.safetensors"], locked.Files.Select(file => file.Path));
        Assert.Equal(4, (await Run.SucceedAsync("{ s3: { bucket: models } }")).Files.Length);
    }

    [Fact]
    public async Task One_quantization_is_picked_as_from_the_Hub()
    {
        var bucket = Store.Add(new S3Bucket("models"));
        foreach (var name in (string[])["m-Q4_K_M.gguf", "m-Q8_0.gguf", "config.json"])
            bucket.PutWithSha256("gguf/" + name, S3Fixtures.Text(name));
        var locked = await Run.SucceedAsync("{ s3: { bucket: models, prefix: gguf, gguf: Q4_K_M } }");
        Assert.Equal(["m-Q4_K_M.gguf"], locked.Files.Select(file => file.Path));
    }

    [Fact]
    public async Task A_region_that_nobody_states_is_found_out()
    {
        await using var far = await LoopbackS3.StartAsync("eu-central-1");
        far.Add(S3Account.Example);
        far.Add(new S3Bucket("models", "eu-central-1")).Put("tiny/a", S3Fixtures.Text("far away"));
        Run.Set("AWS_ENDPOINT_URL_S3", far.Url);
        Run.Set("AWS_REGION", "us-west-2");
        Assert.Equal("eu-central-1", (await Run.SucceedAsync("s3://models/tiny")).Resolved.Region);
    }

    [Fact]
    public async Task An_open_bucket_is_read_as_anybody()
    {
        var bucket = Store.Add(new S3Bucket("open") { IsPublic = true });
        bucket.Put("m/a b+c", S3Fixtures.Text("open content"));
        AssertFilesOf(bucket, "m/", await Run.SucceedAsync("{ s3: { bucket: open, prefix: m, unsigned: true } }"));
        using var nobody = new S3LockingRun(Store.Url);
        AssertFilesOf(bucket, "m/", await nobody.SucceedAsync("s3://open/m"));
        Assert.All(Store.Log.Snapshot(), request => Assert.False(request.ShowsWhoAsks));
    }

    [Fact]
    public async Task Keys_come_from_profiles_and_from_programs_that_profiles_name()
    {
        var bucket = Store.Add(S3Fixtures.TinyModel("models", "profiles"));
        using var other = new S3LockingRun(Store.Url);
        other.Write(".aws/credentials", $"[default]\naws_access_key_id = OTHER\naws_secret_access_key = other\n\n[ml]\naws_access_key_id = {S3Account.Example.KeyId}\naws_secret_access_key = {S3Account.Example.Secret}\n");
        other.Write("keys.json", $$"""{"Version": 1, "AccessKeyId": "{{S3Account.Example.KeyId}}", "SecretAccessKey": "{{S3Account.Example.Secret}}"}""");
        other.Write(".aws/config", $"[profile made]\ncredential_process = cat {other.Home}/keys.json\n");
        AssertFilesOf(bucket, "tiny/", await other.SucceedAsync("s3://models/tiny", ", auth: { awsProfile: ml }"));
        await other.FailAsync("NG3340", "s3://models/tiny-too");
        other.Existing = LockReading.Missing;
        AssertFilesOf(bucket, "tiny/", await other.SucceedAsync("s3://models/tiny", ", auth: { awsProfile: made }"));
        await other.FailAsync("NG3349", "s3://models/tiny-too", ", auth: { awsProfile: missing }");
    }

    [Fact]
    public async Task A_server_of_other_makers_is_locked_too()
    {
        await using var server = await S3rver.StartAsync("models");
        await new S3Client(server.Url, S3rver.Account).PutAsync(
            "models", new S3Upload("m/config.json", "{}"u8.ToArray()), new S3Upload("m/a b/c+d=e.txt", "content"u8.ToArray()));
        using var other = new S3LockingRun("http://127.0.0.1:1", S3rver.Account);
        var locked = await other.SucceedAsync($"\"s3://models/m?endpoint={Uri.EscapeDataString(server.Url)}\"");
        Assert.Equal([("a b/c+d=e.txt", 7L, Sri("content")), ("config.json", 2L, Sri("{}"))], locked.Files.Select(file => (file.Path, file.Size, file.Sha256)));
        Assert.Equal(server.Url, locked.Resolved.Endpoint);
    }

    private static void AssertFilesOf(S3Bucket bucket, string folder, LockedModel locked) => Assert.Equal(
        bucket.Newest().Where(version => version.Key.StartsWith(folder, StringComparison.Ordinal) && !version.Key.EndsWith('/'))
            .Select(version => (version.Key[folder.Length..], version.Size, version.Content?.Sha256 ?? "", version.VersionId))
            .OrderBy(file => file.Item1, StringComparer.Ordinal),
        locked.Files.Select(file => (file.Path, file.Size, file.Sha256.Hex, file.Version)));

    private static SriHash Sri(string text) => SriHash.FromBytes(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
