using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace NixGen.Testing.Files;

/// <summary>A plain web server of files in memory, with ranges: what a mirror is.</summary>
public sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<FileRequest> log = new();

    private FileServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    public string Url { get; private set; } = "";

    /// <summary>Contents by path, as sent: with a slash before it, and percent-encoded.</summary>
    public ConcurrentDictionary<string, byte[]> Contents { get; } = new(StringComparer.Ordinal);

    /// <summary>Decides about a request before it is answered: a status to send instead, or null.</summary>
    public Func<FileRequest, int?> Gate { get; set; } = _ => null;

    /// <summary>Answers to POST: from the body to the answer, or null for 400.</summary>
    public Func<string, string?> Post { get; set; } = _ => null;

    /// <summary>Whether files have an ETag.</summary>
    public bool HasVersions { get; set; } = true;

    public IReadOnlyList<FileRequest> Log => [.. log];

    public static async Task<FileServer> StartAsync()
    {
        var server = new FileServer();
        await server.app.StartAsync();
        server.Url = server.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);
        var request = new FileRequest(context.Request.Method, target, headers);
        log.Enqueue(request);
        if (Gate(request) is { } status)
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync($"refused with {status}");
        }
        else if (HttpMethods.IsPost(request.Method))
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var answer = Post(await reader.ReadToEndAsync());
            context.Response.StatusCode = answer is null ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
            await context.Response.WriteAsync(answer ?? "{}");
        }
        else if (Contents.TryGetValue(target.Split('?')[0], out var content))
        {
            var version = HasVersions ? new EntityTagHeaderValue($"\"{content.Length}-{content.FirstOrDefault()}\"") : null;
            await Results.Bytes(content, "application/octet-stream", enableRangeProcessing: true, entityTag: version).ExecuteAsync(context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}

/// <summary>A request to a <see cref="FileServer"/>.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query, as sent.</param>
/// <param name="Headers">Headers by their names in lower case.</param>
public sealed record FileRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>A header's value, or null.</summary>
    public string? this[string name] => Headers.GetValueOrDefault(name);
}
