using System.Text;
using NixGen.EndToEnd.Acceptance;
using NixGen.EndToEnd.Url;
using NixGen.Testing;
using NixGen.Testing.Civitai;
using Xunit;

namespace NixGen.EndToEnd.Civitai;

/// <summary>The fetcher gets the file that is asked for from the loopback Civitai, or ends with one error that fits; nixgen and real Nix do so too.</summary>
public sealed class CivitaiFetcherTests : IAsyncLifetime
{
    private readonly CivitaiFile weights = new(801, "big model.safetensors", Encoding.UTF8.GetBytes($"weights on Civitai {Guid.NewGuid():N}"));
    private readonly CivitaiFile other = new(802, "other.safetensors", Encoding.UTF8.GetBytes("another file")) { Primary = true };
    private LoopbackCivitai? started;

    private LoopbackCivitai Site => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackCivitai.StartAsync();
        Site.Add(new CivitaiVersion(9, 4, other, weights));
    }

    public async Task DisposeAsync() => await Site.DisposeAsync();

    [Fact]
    public async Task The_file_is_asked_for_by_its_number()
    {
        using var run = Run();
        (await run.RunAsync()).OrThrow("fetch");
        Assert.Equal(weights.Content, await File.ReadAllBytesAsync(run.Out));
        Assert.Contains(Site.Log, request => request.Target == "/api/download/models/9?fileId=801");
    }

    [Fact]
    public async Task The_token_goes_to_the_site_alone()
    {
        Site.Add(new CivitaiVersion(9, 4, other, weights) { NeedsLogin = true });
        using var run = Run();
        run.Variables["fetch_usual_token"] = "CIVITAI_TOKEN";
        run.Variables["CIVITAI_TOKEN"] = LoopbackCivitai.Token;
        var result = (await run.RunAsync()).OrThrow("fetch");
        Assert.DoesNotContain(LoopbackCivitai.Token, result.Output + result.Errors, StringComparison.Ordinal);
        Assert.All(Site.Log, request => Assert.Equal(request.Host == "127.0.0.1" ? "Bearer " + LoopbackCivitai.Token : "", request.Authorization));
        Assert.Contains(Site.Log, request => request.Host == "127.0.0.2");
    }

    [Fact]
    public async Task A_login_page_is_told_as_what_it_is()
    {
        Site.Add(new CivitaiVersion(9, 4, other, weights) { NeedsLogin = true });
        using var run = Run();
        var result = await run.RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains("the site asks to log in", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "HTTP 401: the site asks to log in")]
    [InlineData(403, "HTTP 403: the site refuses the download")]
    [InlineData(404, "HTTP 404: the file isn't there")]
    [InlineData(410, "HTTP 410: the model is archived")]
    [InlineData(429, "HTTP 429: the site limits the rate")]
    public async Task Refusals_have_their_own_words(int status, string title)
    {
        Site.RefuseNext([.. Enumerable.Repeat(status, 12)]);
        using var run = Run();
        var result = await run.RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains(title, result.Errors, StringComparison.Ordinal);
        Assert.Contains("Version:  4@9", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Amz-Signature", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storage_that_fails_for_a_moment_is_asked_again()
    {
        Site.RefuseNext(404, 404);
        using var run = Run();
        (await run.RunAsync()).OrThrow("fetch");
        Assert.Equal(weights.Content, await File.ReadAllBytesAsync(run.Out));
    }

    [Fact]
    public async Task A_manifest_becomes_a_folder_with_the_right_bytes()
    {
        using var bench = new Workbench();
        using var nix = NixSandbox.Create();
        bench.Write("models.yaml", $"version: 1\ndefaults: {{ validation: none }}\nmodels:\n  sketch: {{ source: {{ civitai: {{ modelVersionId: 9, fileId: 801, endpoint: '{Site.Url}' }} }} }}\n");
        (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        bench.Write("models.nix", (await bench.NixgenAsync("build")).ShouldEndWith(0).Output);
        var built = await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("flake")}#sketch"));
        Assert.Equal(weights.Content, await File.ReadAllBytesAsync(nix.Physical(built + "/big model.safetensors")));
        Assert.Equal(built, await nix.BuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "sketch")));
    }

    private UrlFetching Run()
    {
        var run = new UrlFetching("civitai").File1("big model.safetensors", "", weights.Content);
        run.Variables["fetch_url"] = "";
        run.Variables["fetch_object"] = "801";
        run.Variables["fetch_endpoint"] = Site.Url;
        run.Variables["fetch_id"] = "4@9";
        return run;
    }
}
