using NixGen.Testing.Files;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>What one place fails to give, the next is asked for; the hash decides, so none needs trust.</summary>
public sealed class MirrorTests : FetcherFixture
{
    private FileServer? startedMirror;

    private FileServer Mirror => startedMirror ?? throw new InvalidOperationException("Not started.");

    private string SourcePath => $"/{Repository.Id}/resolve/{Repository.Head.Id}/{Weights}";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        startedMirror = await FileServer.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        await Mirror.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData("hashed")]
    [InlineData("base")]
    [InlineData("endpoint")]
    public async Task A_mirror_has_what_the_source_has_lost(string kind)
    {
        var path = kind switch { "hashed" => "/m/sha256/" + Sha256, "base" => "/m/" + Weights, _ => "/m" + SourcePath };
        Mirror.Contents[path] = await BytesAsync();
        Hub.Faults.OnResolve(Weights, HubFault.Status(404));
        var result = await FetchAsync(run =>
        {
            run.Variables["fetch_mirrors"] = $"{kind}\t-\t{Mirror.Url}/m\n";
            run.Variables["HF_TOKEN"] = "";
        });
        Assert.Contains("HTTP 404", result.Errors, StringComparison.Ordinal);
        Assert.Equal(path, Assert.Single(Mirror.Log).Target);
    }

    [Fact]
    public async Task A_preferred_mirror_is_asked_first_and_the_source_is_left_alone()
    {
        Mirror.Contents["/sha256/" + Sha256] = await BytesAsync();
        await FetchAsync(run => run.Variables["fetch_mirrors"] = $"hashed\t1\t{Mirror.Url}\n");
        Assert.Empty(Hub.Log.Snapshot());
    }

    [Fact]
    public async Task A_preferred_mirror_that_has_nothing_is_passed_by()
    {
        await FetchAsync(run => run.Variables["fetch_mirrors"] = $"hashed\t1\t{Mirror.Url}\n");
        Assert.Single(Mirror.Log);
        Assert.NotEmpty(Contents);
    }

    [Fact]
    public async Task A_mirror_with_other_content_is_passed_by()
    {
        Mirror.Contents["/sha256/" + Sha256] = new byte[Size];
        var result = await FetchAsync(run => run.Variables["fetch_mirrors"] = $"hashed\t1\t{Mirror.Url}\n");
        Assert.Contains("the content does not match its hash", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_source_gave_before_it_failed_is_not_fetched_again()
    {
        Mirror.Contents["/sha256/" + Sha256] = await BytesAsync();
        Hub.Faults.OnContent(Weights, HubFault.Truncate(2_000_000), times: 1);
        Hub.Faults.OnResolve(Weights, HubFault.Header("X-Test", "1"), times: 1);
        Hub.Faults.OnResolve(Weights, HubFault.Status(410));
        await FetchAsync(run => run.Variables["fetch_mirrors"] = $"hashed\t-\t{Mirror.Url}\n");
        Assert.Equal("bytes=2000000-2999999", Assert.Single(Mirror.Log)["range"]);
    }

    [Fact]
    public async Task Where_all_fail_the_error_is_the_source_s_and_names_the_others()
    {
        Hub.Faults.OnResolve(Weights, HubFault.Status(410));
        var errors = await FailAsync(run => run.Variables["fetch_mirrors"] = $"hashed\t-\t{Mirror.Url}/a\nbase\t-\t{Mirror.Url}/b?key=secret-of-url\n");
        Assert.Contains("✗ Error: HTTP 410", errors, StringComparison.Ordinal);
        Assert.Contains($"URL:      {Hub.Url}{SourcePath}", errors, StringComparison.Ordinal);
        Assert.Contains($"also tried: {Mirror.Url}/a/sha256/{Sha256}: HTTP 404", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-url", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("endpoint")]
    [InlineData("hashed")]
    [InlineData("base")]
    public async Task No_mirror_gets_the_source_s_token(string kind)
    {
        Hub.AddToken(new HubToken("hf_forTheSource", "member"));
        Hub.Faults.OnResolve(Weights, HubFault.Status(404));
        var errors = await FailAsync(run =>
        {
            run.Variables["HF_TOKEN"] = "hf_forTheSource";
            run.Variables["fetch_mirrors"] = $"{kind}\t-\t{Mirror.Url}\n";
        });
        Assert.NotEmpty(Mirror.Log);
        Assert.All(Mirror.Log, request => Assert.DoesNotContain(request.Headers.Values, value => value.Contains("hf_forTheSource", StringComparison.Ordinal)));
        Assert.DoesNotContain("hf_forTheSource", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirror_s_own_credentials_come_from_netrc()
    {
        Mirror.Contents["/sha256/" + Sha256] = await BytesAsync();
        Mirror.Gate = request => request["authorization"] == "Basic " + Convert.ToBase64String("me:password"u8) ? null : 401;
        var netrc = Path.GetTempFileName();
        await System.IO.File.WriteAllTextAsync(netrc, "machine example.com login a password b\nmachine 127.0.0.1\n  login me\n  password \"password\"\n");
        await FetchAsync(run =>
        {
            run.Variables["fetch_mirrors"] = $"hashed\t1\t{Mirror.Url}\n";
            run.Variables["fetch_netrc_file"] = netrc;
        });
        Assert.Empty(Hub.Log.Snapshot());
        System.IO.File.Delete(netrc);
    }
}
