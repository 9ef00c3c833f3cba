using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using NixGen.Testing.Files;

namespace NixGen.Testing.Mlflow;

/// <summary>
/// An MLflow tracking server on this machine alone: registered models, runs and logged models in memory, the REST API of
/// MLflow 2 and 3, the artifact proxy, and the routes by which the server hands out what lies in other stores. It can be
/// told to fail, and it remembers every request. The same server answers on another port too, as a proxy of its own.
/// </summary>
public sealed class LoopbackMlflow : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<MlflowRequest> log = new();
    private long bytesSent;

    private LoopbackMlflow()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MinResponseDataRate = null;
            options.Listen(IPAddress.Loopback, 0);
            options.Listen(IPAddress.Loopback, 0);
        });
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    /// <summary>The tracking URI, without a slash at its end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The other port, which is another server to every client.</summary>
    public string OtherUrl { get; private set; } = "";

    /// <summary>What there is.</summary>
    public MlflowState State { get; } = new();

    /// <summary>The user and the password (<c>mlflow server --app-name basic-auth</c>), or null for everybody.</summary>
    public (string User, string Password)? Account { get; set; }

    /// <summary>The bearer token that a proxy in front asks for, or null.</summary>
    public string? Token { get; set; }

    /// <summary>Whether the server proxies artifacts (<c>--serve-artifacts</c>).</summary>
    public bool ServesArtifacts { get; set; } = true;

    /// <summary>Whether 64-bit numbers are JSON strings, as the JSON mapping of Protocol Buffers has them.</summary>
    public bool WritesNumbersAsText { get; set; }

    /// <summary>How many entries a page of a listing has; 0 for all in one.</summary>
    public int PageSize { get; set; }

    /// <summary>Whether pages lead in a circle.</summary>
    public bool TurnsInCircles { get; set; }

    /// <summary>Bytes after which downloads end: cut off in the middle of the answer, or quietly, in good order; 0 for never.</summary>
    public int CutsAfter { get; set; }

    /// <summary>Whether a download that ends early ends in good order.</summary>
    public bool CutsQuietly { get; set; }

    /// <summary>Decides about a request before it is answered: an error to state instead, or null.</summary>
    public Func<MlflowRequest, MlflowException?> Gate { get; set; } = _ => null;

    /// <summary>Changes listings before they are sent, by the folder that was asked for.</summary>
    public Func<string, IReadOnlyList<(string Path, long? Size)>, IReadOnlyList<(string Path, long? Size)>> Listed { get; set; } = (_, entries) => entries;

    /// <summary>All requests, in order of arrival.</summary>
    public IReadOnlyList<MlflowRequest> Log => [.. log];

    /// <summary>Bytes of all bodies so far.</summary>
    public long BytesSent => Interlocked.Read(ref bytesSent);

    /// <summary>Starts on free ports.</summary>
    public static async Task<LoopbackMlflow> StartAsync()
    {
        var server = new LoopbackMlflow();
        await server.app.StartAsync();
        var addresses = server.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ToArray();
        (server.Url, server.OtherUrl) = (addresses[0], addresses[1]);
        return server;
    }

    /// <summary>Forgets the requests so far.</summary>
    public void Forget() => log.Clear();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Body = new CountingStream(context.Response.Body, length => Interlocked.Add(ref bytesSent, length));
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);
        var request = new MlflowRequest(context.Request.Method, target, context.Request.Host.ToString(), headers);
        log.Enqueue(request);
        try
        {
            if (Gate(request) is { } fault)
                throw fault;
            if (!Admits(request.Authorization))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"mlflow\"";
                await context.Response.WriteAsync("You are not authenticated. Please see the documentation for how to authenticate with MLflow.");
                return;
            }

            await new MlflowExchange(this, context, request).AnswerAsync();
        }
        catch (MlflowException error)
        {
            await MlflowExchange.FailAsync(context, error);
        }
    }

    private bool Admits(string? authorization)
    {
        if (Account is var (user, password))
            return authorization == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        return Token is null || authorization == "Bearer " + Token;
    }
}

/// <summary>A request to a <see cref="LoopbackMlflow"/>.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query, as sent.</param>
/// <param name="Host">The host and port that it was sent to.</param>
/// <param name="Headers">Headers by their names in lower case.</param>
public sealed record MlflowRequest(string Method, string Target, string Host, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The value of <c>Authorization</c>, or null.</summary>
    public string? Authorization => Headers.GetValueOrDefault("authorization");

    /// <summary>The path, as sent.</summary>
    public string Path => Target.Split('?')[0];

    /// <summary>Whether content was asked for.</summary>
    public bool IsDownload => Path.Contains("/mlflow-artifacts/artifacts/", StringComparison.Ordinal)
        || Path.EndsWith("/get-artifact", StringComparison.Ordinal)
        || Path.EndsWith("/artifacts/files", StringComparison.Ordinal);
}
