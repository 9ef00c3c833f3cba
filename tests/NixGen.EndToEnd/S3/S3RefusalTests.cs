using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.S3;

/// <summary>Every way in which S3 can refuse while locking, and what is said then.</summary>
public sealed class S3RefusalTests : IAsyncLifetime
{
    private LoopbackS3? started;

    private LoopbackS3 Store => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackS3.StartAsync();
        Store.Add(S3Account.Example);
        Store.Add(S3Fixtures.TinyModel("models", "refusals"));
        Store.Add(new S3Bucket("denied") { Denied = ["AKIDEXAMPLE"] }).Put("tiny/a", S3Fixtures.Text("a"));
        Store.Add(new S3Bucket("unlisted") { MayList = false }).Put("tiny/a", S3Fixtures.Text("a"));
        Store.Add(new S3Bucket("far", "eu-central-1")).Put("tiny/a", S3Fixtures.Text("a"));
    }

    public async Task DisposeAsync() => await Store.DisposeAsync();

    [Theory]
    [InlineData("s3://models/tiny", "AKIDEXAMPLE", "a wrong secret", "NG3340", "SignatureDoesNotMatch", "aws sts get-caller-identity")]
    [InlineData("s3://models/tiny", "OTHER", "wJalrXUtnFEMI", "NG3340", "InvalidAccessKeyId", "unsigned: true")]
    [InlineData("s3://models/tiny", null, null, "NG3341", "to anybody", "AWS_ACCESS_KEY_ID")]
    [InlineData("{ s3: { bucket: models, prefix: tiny, unsigned: true } }", "AKIDEXAMPLE", null, "NG3341", "to anybody", "'unsigned: true'")]
    [InlineData("s3://denied/tiny", "AKIDEXAMPLE", null, "NG3341", "AccessDenied", "s3:GetObject")]
    [InlineData("s3://unlisted/tiny", "AKIDEXAMPLE", null, "NG3341", "AccessDenied", "s3:ListBucket")]
    [InlineData("s3://missing/tiny", "AKIDEXAMPLE", null, "NG3342", "'missing'", "'endpoint'")]
    [InlineData("s3://far/tiny?region=us-east-1", "AKIDEXAMPLE", null, "NG3345", "'far'", "region: eu-central-1")]
    [InlineData("s3://models/tiny?region=eu-west-1", "AKIDEXAMPLE", null, "NG3345", "'models'", "region: us-east-1")]
    [InlineData("s3://models/tiny/config.json?versionId=gone", "AKIDEXAMPLE", null, "NG3344", "'gone'", "list-object-versions")]
    [InlineData("s3://models/tinny", "AKIDEXAMPLE", null, "NG3490", "'tinny/'", "case-sensitive")]
    [InlineData("s3://models/tiny/weights/model.safetensor", "AKIDEXAMPLE", null, "NG3490", "none called", "'prefix'")]
    public async Task Every_refusal_says_what_it_means_and_what_to_do(string source, string? keyId, string? secret, string code, string message, string help)
    {
        using var run = new S3LockingRun(Store.Url, keyId is null ? null : S3Account.Example with { KeyId = keyId, Secret = secret ?? S3Account.Example.Secret });
        var error = await run.FailAsync(code, source.StartsWith('{') ? source : $"\"{source}\"");
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(help, error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_that_ended_are_told_apart()
    {
        Store.Gate = request => request["x-amz-security-token"] is null ? null : S3Error.ExpiredToken;
        using var run = new S3LockingRun(Store.Url, S3Account.Example with { SessionToken = "an-old-session" });
        Assert.Contains("ExpiredToken", (await run.FailAsync("NG3340", "s3://models/tiny")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_that_vanishes_meanwhile_is_named()
    {
        var bucket = Store.Add(S3Fixtures.TinyModel("fickle", "vanishing"));
        Store.BeforeSending = request => bucket.Delete(request.Key);
        using var run = new S3LockingRun(Store.Url, S3Account.Example);
        Assert.Contains("tiny/", (await run.FailAsync("NG3343", "{ s3: { bucket: fickle, prefix: tiny, exclude: [\"*.json\"] } }")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_refused_and_shows_nothing_to_anybody()
    {
        Store.Gate = request => request.IsElsewhere ? null : S3Error.TemporaryRedirect($"{Store.ElsewhereUrl}/models?list-type=2");
        using var run = new S3LockingRun(Store.Url, S3Account.Example);
        var error = Assert.Single((await run.LockAsync("m: s3://models/tiny")).Diagnostics);
        Assert.Contains(Store.ElsewhereUrl, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Store.Log.Snapshot(), request => request.IsElsewhere);
    }

    [Fact]
    public async Task Content_that_is_led_elsewhere_shows_no_signature_there()
    {
        Store.Gate = request => request.IsDownload && !request.IsElsewhere ? S3Error.TemporaryRedirect($"{Store.ElsewhereUrl}/a") : null;
        using var run = new S3LockingRun(Store.Url, S3Account.Example);
        await run.LockAsync("m: s3://models/tiny");
        Assert.All(Store.Log.Snapshot().Where(request => request.IsElsewhere), request => Assert.False(request.ShowsWhoAsks));
    }

    [Fact]
    public async Task Offline_nothing_is_asked_for()
    {
        using var run = new S3LockingRun(Store.Url, S3Account.Example) { IsOffline = true };
        var error = Assert.Single((await run.LockAsync("m: s3://models/tiny")).Diagnostics);
        Assert.Contains("the network may not be used", error.Message, StringComparison.Ordinal);
        Assert.Empty(Store.Log.Snapshot());
    }

    [Fact]
    public async Task A_store_that_asks_for_patience_gets_it_and_then_is_given_up()
    {
        var refusals = 2;
        Store.Gate = request => request.Key.Length == 0 && Interlocked.Decrement(ref refusals) >= 0 ? S3Error.SlowDown : null;
        using var run = new S3LockingRun(Store.Url, S3Account.Example);
        await run.SucceedAsync("s3://models/tiny");
        Store.Gate = _ => S3Error.SlowDown;
        await run.FailAsync("NG3346", "s3://models/tiny-too");
    }

    [Fact]
    public async Task A_key_that_is_no_path_is_refused()
    {
        var bucket = Store.Add(new S3Bucket("hostile"));
        bucket.Put("m/../../etc/passwd", S3Fixtures.Text("x"));
        bucket.Put("m/good", S3Fixtures.Text("x"));
        using var run = new S3LockingRun(Store.Url, S3Account.Example);
        await run.FailAsync("NG3127", "s3://hostile/m");
        Assert.Equal("good", Assert.Single((await run.SucceedAsync("{ s3: { bucket: hostile, prefix: m, exclude: [\"..*\"] } }")).Files).Path);
    }

    [Theory]
    [InlineData("s3://", "the bucket")]
    [InlineData("s3://models//tiny", "begins with a slash")]
    [InlineData("s3://models/a/../tiny", "'.' or '..'")]
    [InlineData("s3://models/tiny?profile=x", "auth.awsProfile")]
    [InlineData("s3://models/tiny?reigon=x", "'reigon'")]
    [InlineData("s3://models/tiny?endpoint=http://example.com", "TLS")]
    [InlineData("s3://models/tiny/?versionId=1", "the whole key")]
    public async Task A_short_spec_that_is_wrong_is_explained(string spec, string message)
    {
        using var run = new S3LockingRun(Store.Url);
        var error = Assert.Single((await run.LockAsync($"m: \"{spec}\"")).Diagnostics);
        Assert.Equal("NG3012", error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
