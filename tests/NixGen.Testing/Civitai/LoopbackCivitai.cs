using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using NixGen.Testing.Files;

namespace NixGen.Testing.Civitai;

/// <summary>
/// Civitai on this machine alone: its API of versions and its downloads, which lead to signed links on another host.
/// It answers as the site's own code does; what that code leaves to operations (limits, failing storage) can be asked for.
/// </summary>
public sealed class LoopbackCivitai : IAsyncDisposable
{
    public const string Token = "civitai_0123456789abcdef";

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<long, CivitaiVersion> versions = new();
    private readonly ConcurrentQueue<CivitaiRequest> log = new();
    private long bytesSent;
    private readonly ConcurrentQueue<int> refusals = new();

    private LoopbackCivitai()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0);
            options.Listen(IPAddress.Parse("127.0.0.2"), 0);
        });
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    /// <summary>The site's address, without a slash at its end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Where files are stored: another host.</summary>
    public string StorageUrl { get; private set; } = "";

    public IReadOnlyList<CivitaiRequest> Log => [.. log];

    /// <summary>Bytes of all bodies so far.</summary>
    public long BytesSent => Interlocked.Read(ref bytesSent);

    public static async Task<LoopbackCivitai> StartAsync()
    {
        var site = new LoopbackCivitai();
        await site.app.StartAsync();
        var addresses = site.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        site.Url = addresses.First(address => address.Contains("127.0.0.1", StringComparison.Ordinal));
        site.StorageUrl = addresses.First(address => address.Contains("127.0.0.2", StringComparison.Ordinal));
        return site;
    }

    /// <summary>Adds a version, or exchanges it.</summary>
    public CivitaiVersion Add(CivitaiVersion version) => versions[version.Id] = version;

    public void Remove(CivitaiVersion version) => versions.TryRemove(version.Id, out _);

    /// <summary>Refuses the next requests for downloads with these statuses, one each.</summary>
    public void RefuseNext(params int[] statuses) => Array.ForEach(statuses, refusals.Enqueue);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    internal CivitaiVersion? Find(string id) => long.TryParse(id, out var number) ? versions.GetValueOrDefault(number) : null;

    internal bool TakeRefusal(out int status) => refusals.TryDequeue(out status);

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Body = new CountingStream(context.Response.Body, length => Interlocked.Add(ref bytesSent, length));
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        log.Enqueue(new(context.Request.Host.Host, context.Request.Method, target, context.Request.Headers.Authorization.ToString(), context.Request.Headers.Range.ToString()));
        var isStorage = context.Request.Host.Host == "127.0.0.2";
        await (isStorage ? CivitaiDownloads.StoredAsync(this, context) : context.Request.Path.Value?.Split('/') switch
        {
            ["", "api", "v1", "model-versions", var id] => CivitaiApi.VersionAsync(this, context, id),
            ["", "api", "download", "models", var id] => CivitaiDownloads.DownloadAsync(this, context, id),
            ["", "login"] => Results.Content("<!DOCTYPE html><title>Sign in to Civitai</title>", "text/html; charset=utf-8").ExecuteAsync(context),
            _ => Results.StatusCode(StatusCodes.Status404NotFound).ExecuteAsync(context),
        });
    }
}

/// <summary>A request.</summary>
/// <param name="Host"><c>127.0.0.1</c>, or <c>127.0.0.2</c> for the storage.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query, as sent.</param>
/// <param name="Authorization">The header, or empty.</param>
/// <param name="Range">The header, or empty.</param>
public sealed record CivitaiRequest(string Host, string Method, string Target, string Authorization, string Range);
