using System.Text;
using System.Text.Json;
using NixGen.Testing;
using NixGen.Testing.Civitai;
using Xunit;

namespace NixGen.EndToEnd.Civitai;

/// <summary>The Civitai of the tests, seen by curl.</summary>
public sealed class LoopbackCivitaiTests : IAsyncLifetime
{
    private static readonly CivitaiFile Weights = new(701, "sketch.safetensors", Encoding.UTF8.GetBytes("weights of the sketch")) { Primary = true };
    private static readonly CivitaiFile Pickled = new(702, "sketch.ckpt", Encoding.UTF8.GetBytes("pickled weights")) { Format = "PickleTensor", Scanned = false };
    private LoopbackCivitai? started;

    private LoopbackCivitai Site => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LoopbackCivitai.StartAsync();

    public async Task DisposeAsync() => await Site.DisposeAsync();

    [Fact]
    public async Task Versions_are_described()
    {
        Site.Add(new CivitaiVersion(9, 4, Weights, Pickled));
        using var version = JsonDocument.Parse(await OutputAsync("/api/v1/model-versions/9"));
        var files = version.RootElement.GetProperty("files");
        Assert.Equal(Weights.Sha256, files[0].GetProperty("hashes").GetProperty("SHA256").GetString());
        Assert.Equal(Weights.Sha256.ToUpperInvariant(), Weights.Sha256);
        Assert.False(files[1].GetProperty("hashes").TryGetProperty("SHA256", out _));
        Assert.Equal("Model not found", await ErrorAsync("/api/v1/model-versions/10"));
        Assert.Equal("Invalid id", await ErrorAsync("/api/v1/model-versions/x"));
    }

    [Fact]
    public async Task Downloads_lead_to_a_signed_link_elsewhere()
    {
        Site.Add(new CivitaiVersion(9, 4, Weights, Pickled));
        Assert.Equal("pickled weights", await OutputAsync("/api/download/models/9?fileId=702", "--location"));
        Assert.Equal("weights of the sketch", await OutputAsync("/api/download/models/9", "--location"));
        Assert.Equal("eig", await OutputAsync("/api/download/models/9?fileId=701", "--location", "--range", "1-3"));
        Assert.Contains(Site.Log, request => request.Host == "127.0.0.2" && request.Range == "bytes=1-3");
        Assert.Contains(" 403 ", await HeadOfAsync($"{Site.StorageUrl}/model/9/sketch.safetensors?file=701"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_belongs_to_the_site_alone()
    {
        Site.Add(new CivitaiVersion(9, 4, Weights) { NeedsLogin = true });
        Assert.Equal("weights of the sketch", await OutputAsync("/api/download/models/9?fileId=701", "--location", "--oauth2-bearer", LoopbackCivitai.Token));
        Assert.Equal("400", await OutputAsync("/api/download/models/9?fileId=701", "--location-trusted", "--oauth2-bearer", LoopbackCivitai.Token, "--write-out", "%{http_code}"));
        Assert.Equal("Unauthorized", await ErrorAsync("/api/download/models/9?fileId=701", "--oauth2-bearer", "other"));
    }

    [Fact]
    public async Task Who_is_not_logged_in_is_shown_a_page_or_told_so()
    {
        Site.Add(new CivitaiVersion(9, 4, Weights) { NeedsLogin = true });
        Assert.Contains("Sign in to Civitai", await OutputAsync("/api/download/models/9?fileId=701", "--location"), StringComparison.Ordinal);
        Assert.Equal("Unauthorized", await ErrorAsync("/api/download/models/9?fileId=701", "--header", "Content-Type: application/json"));
    }

    [Fact]
    public async Task Early_access_archives_limits_and_faults_have_their_status()
    {
        Site.Add(new CivitaiVersion(9, 4, Weights) { EarlyAccessEnds = DateTimeOffset.UtcNow.AddDays(3) });
        Site.Add(new CivitaiVersion(10, 4, Weights) { Archived = true });
        Site.Add(new CivitaiVersion(11, 4, Weights));
        Assert.Equal("Early Access", await ErrorAsync("/api/download/models/9?fileId=701"));
        Assert.Contains("archived", await ErrorAsync("/api/download/models/10?fileId=701"), StringComparison.Ordinal);
        Assert.Equal("File not found", await ErrorAsync("/api/download/models/11?fileId=1"));
        Site.RefuseNext(429);
        Assert.Equal("Too many requests", await ErrorAsync("/api/download/models/11?fileId=701"));
        Assert.Equal("weights of the sketch", await OutputAsync("/api/download/models/11?fileId=701", "--location"));
    }

    private async Task<string> OutputAsync(string path, params string[] options) =>
        (await ProcessRunner.RunAsync("curl", ["-q", "-sS", .. options, Site.Url + path])).OrThrow("curl").Output;

    private static async Task<string> HeadOfAsync(string url) => (await ProcessRunner.RunAsync("curl", ["-q", "-sS", "--include", url])).OrThrow("curl").Output;

    private async Task<string> ErrorAsync(string path, params string[] options)
    {
        using var answer = JsonDocument.Parse(await OutputAsync(path, options));
        return answer.RootElement.GetProperty("error").GetString() ?? "";
    }
}
