using System.Security.Cryptography;
using System.Text;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Resolve;
using NixGen.Testing.Hub;
using NixGen.Testing.Nginx;
using Xunit;

namespace NixGen.EndToEnd.Url;

/// <summary>Files at addresses are locked, from nginx.</summary>
public sealed class UrlLockingTests : IAsyncLifetime
{
    private static readonly byte[] Weights = [.. Enumerable.Range(0, 300_000).Select(i => (byte)((i * 7) + (i >> 8)))];
    private static readonly string Hex = Convert.ToHexStringLower(SHA256.HashData(Weights));
    private static readonly string Base64 = Convert.ToBase64String(SHA256.HashData(Weights));
    private static readonly string OtherBase64 = Convert.ToBase64String(SHA256.HashData("other"u8));
    private readonly UrlLocking locking = new();
    private NginxServer? started;

    private NginxServer Nginx => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        var site = new NginxSite()
            .With("/login.html", "<!DOCTYPE html><title>Sign in</title>"u8.ToArray())
            .With("/signed.bin", Weights)
            .Redirect("/moved.bin", "@CDN@/signed.bin?signature=" + NginxServer.Signature)
            .Redirect("/expired.bin", "@CDN@/signed.bin?signature=old")
            .Redirect("/wall.bin", "/login.html");
        string[] plain =
        [
            "/plain.bin", "/late.bin", "/basic/model.bin", "/bearer/model.bin", "/chunked/model.bin", "/get-only/model.bin", "/whole/model.bin",
            "/names/a b+c=d.bin", "/names/ü 模型.bin", "/names/folder/file.bin", "/names/100%.bin",
        ];
        site = plain.Aggregate(site, (built, path) => built.With(path, Weights));
        (string Path, string Header, string Value)[] stated =
        [
            ("/repr.bin", "Repr-Digest", $"sha-512=:AAAA:, sha-256=:{Base64}:"),
            ("/content.bin", "Content-Digest", $"sha-256=:{Base64}:"),
            ("/amazon.bin", "x-amz-checksum-sha256", Base64),
            ("/composite.bin", "x-amz-checksum-sha256", OtherBase64 + "-3"),
            ("/stale.bin", "Repr-Digest", $"sha-256=:{OtherBase64}:"),
        ];
        site = stated.Aggregate(site, (built, file) => built.With(file.Path, Weights).With(file.Path, file.Header, file.Value));
        site = site.With("/composite.bin", "x-amz-checksum-type", "COMPOSITE");
        started = await NginxServer.StartAsync(site with
        {
            Extra = $$"""
                location = /late.bin {
                  if ($request_method = GET) { add_header Repr-Digest "sha-256=:{{OtherBase64}}:"; }
                }
                """,
        });
    }

    public async Task DisposeAsync()
    {
        locking.Dispose();
        await Nginx.DisposeAsync();
    }

    [Theory]
    [InlineData("repr.bin")]
    [InlineData("content.bin")]
    [InlineData("amazon.bin")]
    public async Task What_the_server_states_is_locked_without_the_content(string name)
    {
        var file = Assert.Single((await locking.SucceedAsync($"m: {Nginx.Url}/{name}")).Files);
        Assert.Equal(("sha256-" + Base64, (long)Weights.Length, name, Hex), (file.Sha256.Text, file.Size, file.Path, file.Blob));
        Assert.Equal($"{Nginx.Url}/{name}", file.Url);
        var request = Assert.Single(await Nginx.LogAsync());
        Assert.Equal(("HEAD", 0L), (request.Method, request.BytesSent));
    }

    [Fact]
    public async Task What_a_Hub_states_before_it_redirects_is_locked_without_the_content()
    {
        await using var hub = await LoopbackHub.StartAsync();
        var repository = hub.Add(new HubRepository("example/addressed"));
        repository.Commit("c", [HubFile.Lfs("model.bin", Weights), HubFile.Text("config.json", "{}\n")]);
        var model = await locking.SucceedAsync(
            $"m: {{ source: {{ url: {{ urls: [{{ url: '{hub.Url}/example/addressed/resolve/main/model.bin' }}, {{ url: '{hub.Url}/example/addressed/resolve/main/config.json' }}] }} }} }}");
        Assert.Equal("sha256-" + Base64, model.Files[1].Sha256.Text);
        Assert.All(hub.Log.Of(HubRequestKind.Cdn), request => Assert.Equal("HEAD", request.Method));
    }

    [Theory]
    [InlineData("plain.bin")]
    [InlineData("composite.bin")]
    [InlineData("moved.bin")]
    [InlineData("chunked/model.bin")]
    [InlineData("get-only/model.bin")]
    public async Task What_nobody_states_is_streamed_once(string path)
    {
        var model = await locking.SucceedAsync($"m: {Nginx.Url}/{path}");
        var file = Assert.Single(model.Files);
        Assert.Equal(("sha256-" + Base64, (long)Weights.Length), (file.Sha256.Text, file.Size));
        Assert.DoesNotContain("signature", file.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("signature", model.Resolved.Id, StringComparison.Ordinal);
        Assert.Equal(ContentRevision.Of(model.Files), model.Resolved.Revision);
        var log = await Nginx.LogAsync();
        Assert.Single(log, request => request.BytesSent >= Weights.Length);
        Assert.InRange(log.Sum(request => request.BytesSent), Weights.Length, Weights.Length + 2000);
        Assert.Contains(locking.Steps, step => step.Contains("streaming", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("plain.bin")]
    [InlineData("get-only/model.bin")]
    [InlineData("moved.bin")]
    public async Task A_stated_hash_needs_the_length_only(string path)
    {
        var file = Assert.Single((await locking.SucceedAsync($"m: {{ source: {{ url: {{ url: '{Nginx.Url}/{path}', sha256: {Hex.ToUpperInvariant()} }} }} }}")).Files);
        Assert.Equal(("sha256-" + Base64, (long)Weights.Length), (file.Sha256.Text, file.Size));
        Assert.InRange((await Nginx.LogAsync()).Sum(request => request.BytesSent), 0, 1000);
    }

    [Theory]
    [InlineData("repr.bin")]
    [InlineData("chunked/model.bin")]
    public async Task A_stated_hash_that_is_not_the_servers_is_an_error(string path)
    {
        var error = await locking.FailAsync("NG3317", $"m: {{ source: {{ url: {{ url: '{Nginx.Url}/{path}', sha256: 'sha256-{OtherBase64}' }} }} }}");
        Assert.Equal(("sha256-" + OtherBase64, "sha256-" + Base64), (error.Expected, error.Actual));
        Assert.Equal(FailureKind.ContentMismatch, error.Descriptor.Kind);
    }

    [Fact]
    public async Task FileHashes_are_held_against_what_is_there()
    {
        var error = await locking.FailAsync("NG3003", $"m: {{ source: '{Nginx.Url}/plain.bin', fileHashes: {{ plain.bin: 'sha256-{OtherBase64}' }} }}");
        Assert.Equal("sha256-" + Base64, error.Actual);
        await locking.SucceedAsync($"m: {{ source: '{Nginx.Url}/plain.bin', fileHashes: {{ plain.bin: 'sha256-{Base64}' }} }}");
    }

    [Fact]
    public async Task A_digest_that_comes_with_other_content_is_not_believed()
    {
        // The head states nothing, so the content is streamed; what it says of itself then is wrong.
        var error = await locking.FailAsync("NG3319", $"m: {Nginx.Url}/late.bin");
        Assert.Equal("sha256-" + OtherBase64, error.Expected);
    }

    [Theory]
    [InlineData("/names/a%20b+c=d.bin", "a b+c=d.bin")]
    [InlineData("/names/a%20b%2Bc%3Dd.bin", "a b+c=d.bin")]
    [InlineData("/names/%C3%BC%20%E6%A8%A1%E5%9E%8B.bin", "ü 模型.bin")]
    [InlineData("/names/100%25.bin", "100%.bin")]
    public async Task Names_are_asked_for_as_they_are_written(string target, string name)
    {
        Assert.Equal(name, Assert.Single((await locking.SucceedAsync($"m: '{Nginx.Url}{target}'")).Files).Path);
        Assert.All(await Nginx.LogAsync(), request => Assert.Equal(target, request.Target));
    }

    [Fact]
    public async Task A_slash_within_a_name_stays_escaped()
    {
        await locking.SucceedAsync($"m: {{ source: {{ url: {{ url: '{Nginx.Url}/names/folder%2Ffile.bin', filename: file.bin }} }} }}");
        Assert.All(await Nginx.LogAsync(), request => Assert.Equal("/names/folder%2Ffile.bin", request.Target));
    }

    [Fact]
    public async Task A_token_opens_the_door_and_stays_with_its_server()
    {
        locking.Set("MY_TOKEN", NginxServer.Token);
        const string Auth = "auth: { tokenEnvVar: MY_TOKEN, required: true }";
        await locking.SucceedAsync($"m: {{ source: '{Nginx.Url}/bearer/model.bin', {Auth} }}");
        await locking.SucceedAsync($"m: {{ source: '{Nginx.Url}/moved.bin', {Auth} }}");
        var log = await Nginx.LogAsync();
        Assert.All(log.Where(request => request.Host == "127.0.0.1"), request => Assert.Equal("Bearer " + NginxServer.Token, request.Authorization));
        Assert.All(log.Where(request => request.Host == "127.0.0.2"), request => Assert.Equal("", request.Authorization));
        Assert.Contains(log, request => request.Host == "127.0.0.2");
    }

    [Fact]
    public async Task A_password_comes_from_a_netrc_file()
    {
        var netrc = locking.Write("netrc", $"machine 127.0.0.1 login {NginxServer.User} password {NginxServer.Password}\n");
        var file = Assert.Single((await locking.SucceedAsync($"m: {{ source: '{Nginx.Url}/basic/model.bin', auth: {{ netrcFile: '{netrc}' }} }}")).Files);
        Assert.Equal("sha256-" + Base64, file.Sha256.Text);
        Assert.All(await Nginx.LogAsync(), request => Assert.StartsWith("Basic ", request.Authorization, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("basic/model.bin", "NG3312", "answers 401")]
    [InlineData("bearer/model.bin", "NG3312", "answers 401")]
    [InlineData("expired.bin", "NG3312", "leads to http://127.0.0.2")]
    [InlineData("nothing.bin", "NG3313", "There is no file at")]
    [InlineData("wall.bin", "NG3316", "/login.html")]
    public async Task What_can_not_be_had_is_told_with_what_to_do(string path, string code, string words)
    {
        var error = await locking.FailAsync(code, $"m: {Nginx.Url}/{path}");
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("'m'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("signature=", error.Message + error.Help, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Upstream, error.Descriptor.Kind);
    }

    [Fact]
    public async Task A_wrong_token_is_named_by_where_it_is_and_never_shown()
    {
        locking.Set("MY_TOKEN", "wrong_token_123");
        var error = await locking.FailAsync("NG3312", $"m: {{ source: '{Nginx.Url}/bearer/model.bin', auth: {{ tokenEnvVar: MY_TOKEN }} }}");
        Assert.Contains("the variable MY_TOKEN", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong_token_123", error.Message + error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_required_credentials_nothing_is_asked()
    {
        var error = await locking.FailAsync("NG3310", $"m: {{ source: '{Nginx.Url}/bearer/model.bin', auth: {{ tokenEnvVar: MY_TOKEN, required: true }} }}");
        Assert.Contains("MY_TOKEN (not set)", error.Help, StringComparison.Ordinal);
        Assert.Empty(await Nginx.LogAsync());
    }

    [Fact]
    public async Task One_token_is_not_sent_to_two_servers()
    {
        locking.Set("MY_TOKEN", NginxServer.Token);
        var error = await locking.FailAsync(
            "NG3311",
            $"m: {{ source: {{ url: {{ urls: [{{ url: '{Nginx.Url}/plain.bin' }}, {{ url: '{Nginx.CdnUrl}/signed.bin' }}] }} }}, auth: {{ tokenEnvVar: MY_TOKEN }} }}");
        Assert.Contains(Nginx.CdnUrl, error.Message, StringComparison.Ordinal);
        Assert.Empty(await Nginx.LogAsync());
    }

    [Fact]
    public async Task Content_that_changed_is_told_when_it_is_updated()
    {
        var model = $"m: {Nginx.Url}/plain.bin";
        locking.Keep((await locking.LockAsync(model)).Lock);
        var changed = Encoding.UTF8.GetBytes("other weights");
        Nginx.Put("/plain.bin", changed);

        // Locking keeps what is locked and asks nobody.
        Assert.Equal(locking.Existing.Lock, (await locking.LockAsync(model)).Lock);

        locking.Options = new LockOptions { Update = true };
        var outcome = await locking.LockAsync(model);
        var warning = Assert.Single(outcome.Diagnostics);
        Assert.Equal(("NG3318", Severity.Warning), (warning.Code, warning.Severity));
        Assert.Contains("sha256-" + Base64, warning.Expected, StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(changed)), Assert.Single(outcome.Lock.Models["m"].Files).Blob);
        Assert.NotEqual(locking.Existing.Lock.Models["m"].Resolved.Revision, outcome.Lock.Models["m"].Resolved.Revision);
    }

    [Fact]
    public async Task Content_that_is_the_same_is_not_streamed_again()
    {
        var model = $"m: {Nginx.Url}/plain.bin";
        locking.Keep((await locking.LockAsync(model)).Lock);
        locking.Options = new LockOptions { Update = true };
        Assert.Equal(locking.Existing.Lock, (await locking.LockAsync(model)).Lock);
        Assert.Single(await Nginx.LogAsync(), request => request.Method == "GET");
    }

    [Fact]
    public async Task Several_files_are_one_model()
    {
        var model = await locking.SucceedAsync(
            $"m: {{ source: {{ url: {{ urls: [{{ url: '{Nginx.Url}/repr.bin', filename: unet/model.bin }}, {{ url: '{Nginx.Url}/amazon.bin' }}] }} }} }}");
        Assert.Equal(["amazon.bin", "unet/model.bin"], model.Files.Select(file => file.Path));
        Assert.Equal($"{Nginx.Url}/", model.Resolved.Id);
    }
}
