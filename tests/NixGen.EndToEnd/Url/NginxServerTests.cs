using System.Security.Cryptography;
using System.Text;
using NixGen.Testing;
using NixGen.Testing.Nginx;
using Xunit;

namespace NixGen.EndToEnd.Url;

/// <summary>The server that tests of <c>url</c> sources use, seen by curl.</summary>
public sealed class NginxServerTests : IAsyncLifetime
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("0123456789 as nginx serves them\n");
    private static readonly string Digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Content))}:";

    private NginxServer? started;

    private NginxServer Nginx => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await NginxServer.StartAsync(
        new NginxSite()
            .With("/plain/a b+c=d.bin", Content)
            .With("/plain/ü 模型.bin", Content)
            .With("/plain/folder/file.bin", Content)
            .With("/stated.bin", Content)
            .With("/stated.bin", "Repr-Digest", Digest)
            .With("/signed.bin", Content)
            .With("/basic/file.bin", Content)
            .With("/bearer/file.bin", Content)
            .With("/whole/file.bin", Content)
            .With("/chunked/file.bin", Content)
            .With("/get-only/file.bin", Content)
            .Redirect("/moved.bin", "@CDN@/signed.bin?signature=" + NginxServer.Signature, 307));

    public async Task DisposeAsync() => await Nginx.DisposeAsync();

    [Theory]
    [InlineData("/plain/a%20b+c=d.bin")]
    [InlineData("/plain/a%20b%2Bc%3Dd.bin")]
    [InlineData("/plain/%C3%BC%20%E6%A8%A1%E5%9E%8B.bin")]
    [InlineData("/plain/folder%2Ffile.bin")]
    [InlineData("/get-only/file.bin")]
    [InlineData("/moved.bin")]
    [InlineData("/chunked/file.bin")]
    public async Task Awkward_names_are_served_as_they_are_asked_for(string path)
    {
        Assert.Equal(Content, await BodyAsync(path));
        var request = Assert.Single(await Nginx.LogAsync(), request => request.Status == 200);
        Assert.InRange(request.BytesSent, Content.Length, Content.Length + 20); // chunks have frames
        Assert.Contains(await Nginx.LogAsync(), request => request.Target == path);
    }

    [Fact]
    public async Task A_range_is_served_alone()
    {
        Assert.Equal(Content[3..8], await BodyAsync("/stated.bin", "--range", "3-7"));
        Assert.Equal(206, (await Nginx.LogAsync())[0].Status);
        Assert.Equal("bytes=3-7", (await Nginx.LogAsync())[0].Range);
        Assert.Equal(5, (await Nginx.LogAsync())[0].BytesSent);
        Assert.Equal(Content, await BodyAsync("/whole/file.bin", "--range", "3-7"));
    }

    [Fact]
    public async Task Heads_state_the_digest_and_the_length()
    {
        var head = await HeadAsync("/stated.bin");
        Assert.Contains($"Repr-Digest: {Digest}", head, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {Content.Length}", head, StringComparison.Ordinal);
        Assert.Equal(0, (await Nginx.LogAsync())[0].BytesSent);
        Assert.DoesNotContain("Content-Length", await HeadAsync("/chunked/file.bin"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 405", await HeadAsync("/get-only/file.bin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_follow_the_content()
    {
        var before = await HeadAsync("/stated.bin");
        Nginx.Put("/stated.bin", [.. Content.Reverse()]);
        var after = await HeadAsync("/stated.bin");
        Assert.NotEqual(Line(before, "ETag"), Line(after, "ETag"));
        Assert.NotEqual(Line(before, "Last-Modified"), Line(after, "Last-Modified"));
    }

    [Fact]
    public async Task Doors_open_to_the_right_credentials_alone()
    {
        Assert.StartsWith("HTTP/1.1 401", await HeadAsync("/basic/file.bin"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 401", await HeadAsync("/bearer/file.bin"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 401", await HeadAsync("/bearer/file.bin", "--oauth2-bearer", "other"), StringComparison.Ordinal);
        Assert.Equal(Content, await BodyAsync("/basic/file.bin", "--user", $"{NginxServer.User}:{NginxServer.Password}"));
        Assert.Equal(Content, await BodyAsync("/bearer/file.bin", "--oauth2-bearer", NginxServer.Token));
    }

    [Fact]
    public async Task The_other_host_minds_credentials_that_are_not_its_own()
    {
        var head = await HeadAsync("/moved.bin", "--location-trusted", "--oauth2-bearer", NginxServer.Token);
        Assert.Contains("HTTP/1.1 400", head, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200", await HeadAsync("/moved.bin", "--location"), StringComparison.Ordinal);
        Assert.Contains(await Nginx.LogAsync(), request => request is { Host: "127.0.0.2", Authorization: "Bearer " + NginxServer.Token });
    }

    private static string Line(string head, string name) =>
        head.Split("\r\n").Single(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));

    private async Task<byte[]> BodyAsync(string path, params string[] options)
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("body");
        (await ProcessRunner.RunAsync("curl", ["-q", "-sSf", "--location", "--path-as-is", "--output", file, .. options, Nginx.Url + path])).OrThrow("curl");
        return await File.ReadAllBytesAsync(file);
    }

    private async Task<string> HeadAsync(string path, params string[] options) =>
        (await ProcessRunner.RunAsync("curl", ["-q", "-sS", "--head", .. options, Nginx.Url + path])).OrThrow("curl").Output;
}
