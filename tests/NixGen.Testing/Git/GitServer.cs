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

namespace NixGen.Testing.Git;

/// <summary>
/// A git host on this machine alone: real repositories served by the real <c>git http-backend</c>, beside them the Git LFS
/// batch API, and on another host name the storage that it links to. It can be told to fail, and it remembers every request.
/// </summary>
public sealed class GitServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TemporaryFolder folder = new();
    private readonly GitBackend backend;
    private readonly LfsApi api;

    private GitServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MinResponseDataRate = null;
            options.Limits.MaxRequestBodySize = null;
            options.Listen(IPAddress.Loopback, 0);
            // Another address, so that it is another host to every client: what must not leave the git host would show here.
            options.Listen(IPAddress.Parse("127.0.0.2"), 0);
        });
        app = builder.Build();
        backend = new GitBackend(this);
        Storage = new LfsStorage(this);
        api = new LfsApi(this);
        app.Run(AnswerAsync);
    }

    /// <summary>The git host's address without a slash at its end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The address of the storage, on another host.</summary>
    public string StorageUrl { get; private set; } = "";

    /// <summary>The folder that holds the repositories.</summary>
    public string Root => folder.Path;

    public GitRequestLog Log { get; } = new();

    public LfsFaults Lfs { get; } = new();

    public LfsStorage Storage { get; }

    /// <summary>Who may read; null is anybody. Pushing needs it too.</summary>
    public GitLogin? Login { get; set; }

    /// <summary>Whether clients that speak protocol version 2 are answered in it. Without it, only what refs point at can be asked for.</summary>
    public bool SpeaksVersion2 { get; set; } = true;

    /// <summary>Decides about a request before anything else: a status to send instead, or null.</summary>
    public Func<GitRequest, int?> Gate { get; set; } = _ => null;

    public static async Task<GitServer> StartAsync()
    {
        var server = new GitServer();
        await server.app.StartAsync();
        var addresses = server.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        server.Url = addresses.First(address => address.Contains("127.0.0.1", StringComparison.Ordinal));
        server.StorageUrl = addresses.First(address => address.Contains("127.0.0.2", StringComparison.Ordinal));
        return server;
    }

    /// <summary>Makes an empty repository; <paramref name="name"/> may have folders, and no <c>.git</c> at its end.</summary>
    public async Task<GitRepository> CreateAsync(string name)
    {
        var repository = new GitRepository(this, name, System.IO.Path.Combine(Root, name + ".git"));
        await repository.InitAsync();
        return repository;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        folder.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var isStorage = context.Connection.LocalIpAddress?.ToString() == "127.0.0.2";
        var path = Uri.UnescapeDataString(raw.Split('?')[0]);
        var kind = isStorage ? GitRequestKind.Storage
            : path.EndsWith("/info/lfs/objects/batch", StringComparison.Ordinal) || path.EndsWith("/lfs-api/objects/batch", StringComparison.Ordinal) ? GitRequestKind.Batch
            : path.Contains("/info/lfs/", StringComparison.Ordinal) || path.Contains("/lfs-api/", StringComparison.Ordinal) ? GitRequestKind.Lfs
            : GitRequestKind.Git;
        var authorization = context.Request.Headers.Authorization.ToString();
        var request = new GitRequest
        {
            Kind = kind,
            Method = context.Request.Method,
            Target = raw,
            Range = context.Request.Headers.Range.ToString() is { Length: > 0 } range ? range : null,
            Authorization = authorization.Length > 0 ? authorization : null,
        };
        var entry = Log.Begin(request);
        var counted = new CountingStream(context.Response.Body, entry.Sent);
        context.Response.Body = counted;
        context.Response.OnStarting(() =>
        {
            entry.Answered(context.Response.StatusCode);
            return Task.CompletedTask;
        });
        if (Gate(request) is { } status)
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync($"refused with {status}");
            return;
        }

        if (kind == GitRequestKind.Storage)
        {
            await Storage.AnswerAsync(context, path);
            return;
        }

        if (Login is { } login && !login.Allows(authorization))
        {
            await DemandLoginAsync(context, kind);
            return;
        }

        await (kind switch
        {
            GitRequestKind.Batch => api.BatchAsync(context, path),
            GitRequestKind.Lfs => LfsApi.OtherAsync(context),
            _ => backend.AnswerAsync(context, path, login: authorization.Length > 0 ? "somebody" : null),
        });
    }

    // As git-lfs's specification has it: the API asks in a header of its own, so that browsers don't.
    private static async Task DemandLoginAsync(HttpContext context, GitRequestKind kind)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        if (kind == GitRequestKind.Git)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
            await context.Response.WriteAsync("Who are you?\n", Encoding.UTF8);
        }
        else
        {
            context.Response.Headers["LFS-Authenticate"] = "Basic realm=\"Git LFS\"";
            context.Response.ContentType = LfsApi.MediaType;
            await context.Response.WriteAsync("""{"message":"Credentials needed"}""", Encoding.UTF8);
        }
    }
}
