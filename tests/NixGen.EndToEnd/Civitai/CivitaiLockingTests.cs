using System.Text;
using NixGen.Diagnostics;
using NixGen.EndToEnd.Url;
using NixGen.Resolve;
using NixGen.Testing.Civitai;
using Xunit;

namespace NixGen.EndToEnd.Civitai;

/// <summary>Versions on Civitai are locked, from the loopback Civitai.</summary>
public sealed class CivitaiLockingTests : IAsyncLifetime
{
    private static readonly CivitaiFile Weights = new(701, "sketch.safetensors", Encoding.UTF8.GetBytes(new string('w', 5000))) { Primary = true, Size = "full", Precision = "fp32" };
    private static readonly CivitaiFile Pruned = new(702, "sketch-pruned.safetensors", Encoding.UTF8.GetBytes("pruned weights")) { Type = "Pruned Model", Size = "pruned", Precision = "fp16" };
    private static readonly CivitaiFile Config = new(703, "config.yaml", Encoding.UTF8.GetBytes("a: 1\n")) { Type = "Config", Format = "Other" };
    private readonly UrlLocking locking = new();
    private LoopbackCivitai? started;

    private LoopbackCivitai Site => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackCivitai.StartAsync();
        Site.Add(new CivitaiVersion(9, 4, Config, Pruned, Weights));
    }

    public async Task DisposeAsync()
    {
        locking.Dispose();
        await Site.DisposeAsync();
    }

    [Theory]
    [InlineData("modelVersionId: 9", "sketch.safetensors")]
    [InlineData("modelVersionId: 9, modelId: 4", "sketch.safetensors")]
    [InlineData("modelVersionId: 9, fileId: 702", "sketch-pruned.safetensors")]
    [InlineData("modelVersionId: 9, select: { format: safetensor, fp: FP16 }", "sketch-pruned.safetensors")]
    [InlineData("modelVersionId: 9, select: { type: Config }", "config.yaml")]
    [InlineData("modelVersionId: 9, files: ['*.safetensors']", "sketch-pruned.safetensors", "sketch.safetensors")]
    [InlineData("modelVersionId: 9, exclude: ['*pruned*']", "config.yaml", "sketch.safetensors")]
    public async Task What_is_published_is_locked_without_the_content(string fields, params string[] names)
    {
        var model = await locking.SucceedAsync(Model(fields));
        Assert.Equal(names, model.Files.Select(file => file.Path));
        Assert.Equal(("4@9", Site.Url, "9"), (model.Resolved.Id, model.Resolved.Endpoint, model.Resolved.Version));
        foreach (var file in model.Files)
        {
            var source = new[] { Weights, Pruned, Config }.Single(known => known.Name == file.Path);
            Assert.Equal(source.Sha256.ToLowerInvariant(), file.Sha256.Hex);
            Assert.Equal(source.Content.Length, file.Size);
            Assert.Equal($"{source.Id}", file.Object);
        }

        // Links that are signed for GET give a byte at most.
        Assert.All(Site.Log.Where(request => request.Host == "127.0.0.2"), request => Assert.True(request.Method == "HEAD" || request.Range == "bytes=0-0"));
        Assert.All(Site.Log.Where(request => request.Target.Contains("/download/", StringComparison.Ordinal)), request => Assert.Contains("fileId=", request.Target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_without_a_hash_is_streamed_and_told()
    {
        var fresh = Weights with { Id = 710, Scanned = false };
        Site.Add(new CivitaiVersion(10, 4, fresh));
        var outcome = await locking.LockAsync(Model("modelVersionId: 10"));
        Assert.Equal("NG3330", Assert.Single(outcome.Diagnostics).Code);
        Assert.Equal(Weights.Sha256.ToLowerInvariant(), Assert.Single(outcome.Lock.Models["m"].Files).Sha256.Hex);

        // Neither before nor after the scan is it streamed again.
        locking.Keep(outcome.Lock);
        locking.Options = new LockOptions { Update = true };
        var requests = Site.Log.Count(request => request.Host == "127.0.0.2");
        Assert.Equal(outcome.Lock, (await locking.LockAsync(Model("modelVersionId: 10"))).Lock);
        Site.Add(new CivitaiVersion(10, 4, fresh with { Scanned = true }));
        Assert.Equal(outcome.Lock, (await locking.LockAsync(Model("modelVersionId: 10"))).Lock);
        Assert.Equal(requests, Site.Log.Count(request => request.Host == "127.0.0.2"));
    }

    [Fact]
    public async Task A_token_opens_the_door_and_stays_with_the_site()
    {
        Site.Add(new CivitaiVersion(11, 4, Weights) { NeedsLogin = true });
        var refused = await locking.FailAsync("NG3324", Model("modelVersionId: 11"));
        Assert.Contains("CIVITAI_TOKEN", refused.Help, StringComparison.Ordinal);

        // The usual variable is for the site itself, and this isn't it.
        locking.Set("CIVITAI_TOKEN", LoopbackCivitai.Token);
        Assert.Contains("not sent to an endpoint", (await locking.FailAsync("NG3324", Model("modelVersionId: 11"))).Help, StringComparison.Ordinal);
        Assert.All(Site.Log, request => Assert.Equal("", request.Authorization));

        locking.Set("MY_TOKEN", LoopbackCivitai.Token);
        await locking.SucceedAsync(Model("modelVersionId: 11", "auth: { tokenEnvVar: MY_TOKEN, required: true }"));
        Assert.All(Site.Log.Where(request => request.Host == "127.0.0.2"), request => Assert.Equal("", request.Authorization));

        locking.Set("MY_TOKEN", "other_token_0123");
        var wrong = await locking.FailAsync("NG3324", Model("modelVersionId: 11", "auth: { tokenEnvVar: MY_TOKEN }"));
        Assert.Contains("the variable MY_TOKEN", wrong.Help, StringComparison.Ordinal);
        Assert.DoesNotContain("other_token_0123", wrong.Message + wrong.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Early_access_archives_and_limits_are_told_as_what_they_are()
    {
        Site.Add(new CivitaiVersion(12, 4, Weights) { EarlyAccessEnds = DateTimeOffset.UtcNow.AddDays(3) });
        Assert.Contains("Early Access", (await locking.FailAsync("NG3325", Model("modelVersionId: 12"))).Message, StringComparison.Ordinal);
        Site.Add(new CivitaiVersion(13, 4, Weights) { Archived = true });
        await locking.FailAsync("NG3327", Model("modelVersionId: 13"));
        await locking.FailAsync("NG3322", Model("modelVersionId: 99"));
        await locking.FailAsync("NG3323", Model("modelVersionId: 9, modelId: 5"));
        await locking.FailAsync("NG3333", Model("modelVersionId: 9", "auth: { tokenEnvVar: MY_TOKEN, required: true }"));
        Site.RefuseNext(429, 429, 429, 429);
        await locking.FailAsync("NG3328", Model("modelVersionId: 9"));
    }

    [Fact]
    public async Task A_storage_that_fails_for_a_moment_is_asked_again()
    {
        Site.RefuseNext(404, 404);
        await locking.SucceedAsync(Model("modelVersionId: 9"));
        Site.RefuseNext(404, 404, 404);
        await locking.FailAsync("NG3326", Model("modelVersionId: 9"));
    }

    [Theory]
    [InlineData("modelVersionId: 9, fileId: 1")]
    [InlineData("modelVersionId: 9, select: { format: safetensor }")]
    [InlineData("modelVersionId: 9, select: { fp: nf4 }")]
    public async Task What_chooses_not_one_file_lists_what_there_is(string fields)
    {
        var error = await locking.FailAsync("NG3321", Model(fields));
        Assert.Contains("fileId 702: sketch-pruned.safetensors", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_lead_elsewhere_are_refused()
    {
        Site.Add(new CivitaiVersion(14, 4, Weights with { Name = "../../evil.safetensors" }));
        await locking.FailAsync("NG3127", Model("modelVersionId: 14"));
    }

    [Fact]
    public async Task Dangers_that_the_site_found_are_told()
    {
        Site.Add(new CivitaiVersion(15, 4, Weights with { PickleScan = "Danger" }));
        var outcome = await locking.LockAsync(Model("modelVersionId: 15"));
        var warning = Assert.Single(outcome.Diagnostics);
        Assert.Equal(("NG3331", Severity.Warning), (warning.Code, warning.Severity));
    }

    [Fact]
    public async Task Two_ways_to_choose_are_one_too_many() =>
        await locking.FailAsync("NG3320", Model("modelVersionId: 9, fileId: 701, files: ['*']"));

    private string Model(string fields, string? more = null) =>
        $"m: {{ source: {{ civitai: {{ {fields}, endpoint: '{Site.Url}' }} }}{(more is null ? "" : $", {more}")} }}";
}
