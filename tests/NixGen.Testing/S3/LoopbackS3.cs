using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace NixGen.Testing.S3;

/// <summary>
/// An object store on this machine alone that speaks S3, with buckets in paths. It is strict: every signature is worked
/// out anew, and refused for what S3 refuses it for. Beside it, on another host name, is a server that shows what was sent elsewhere.
/// </summary>
public sealed class LoopbackS3 : IAsyncDisposable
{
    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.2");
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, S3Bucket> buckets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, S3Account> accounts = new(StringComparer.Ordinal);
    private readonly S3Uploads uploads = new();

    private LoopbackS3(string region)
    {
        Region = region;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(IPAddress.Loopback, 0);
            options.Listen(Elsewhere, 0);
        });
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    /// <summary>The address without a slash at its end: what <c>endpoint</c> and <c>AWS_ENDPOINT_URL</c> are set to.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The address of the other host.</summary>
    public string ElsewhereUrl { get; private set; } = "";

    /// <summary>The region that requests must be signed for.</summary>
    public string Region { get; }

    /// <summary>Objects of a page of a listing.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Decides about a request before it is answered: an error to send instead, or null.</summary>
    public Func<S3Request, S3Error?> Gate { get; set; } = _ => null;

    /// <summary>Called when an object is about to be sent, with its request: tests change things here.</summary>
    public Action<S3Request> BeforeSending { get; set; } = _ => { };

    public S3Log Log { get; } = new();

    public static async Task<LoopbackS3> StartAsync(string region = "us-east-1")
    {
        var server = new LoopbackS3(region);
        await server.app.StartAsync();
        var addresses = server.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        server.Url = addresses.First(address => address.Contains("127.0.0.1", StringComparison.Ordinal));
        server.ElsewhereUrl = addresses.First(address => address.Contains("127.0.0.2", StringComparison.Ordinal));
        return server;
    }

    /// <summary>Adds a bucket; returns it.</summary>
    public S3Bucket Add(S3Bucket bucket) => buckets[bucket.Name] = bucket;

    /// <summary>Takes a bucket away.</summary>
    public void Remove(S3Bucket bucket) => buckets.TryRemove(bucket.Name, out _);

    /// <summary>Lets a key sign; returns it.</summary>
    public S3Account Add(S3Account account) => accounts[account.KeyId] = account;

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = Describe(context);
        var entry = Log.Begin(request);
        context.Response.OnStarting(() =>
        {
            entry.Answered(context.Response.StatusCode);
            return Task.CompletedTask;
        });
        var exchange = new S3Exchange(this, context, request, entry);
        try
        {
            await exchange.ReadBodyAsync();
            if (Refuse(exchange) is { } error)
                await exchange.FailAsync(error);
            else if (request.IsElsewhere)
                await exchange.SendAsync("text/plain", "You have been led elsewhere."u8.ToArray());
            else
                await RouteAsync(exchange, buckets[request.Bucket]);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away.
        }
    }

    private S3Error? Refuse(S3Exchange exchange)
    {
        var request = exchange.Request;
        if (Gate(request) is { } refused)
            return refused;
        if (request.IsElsewhere)
            return null;
        var keyId = S3Signature.KeyIdOf(request);
        if (request.ShowsWhoAsks
            && S3Signature.Check(request, keyId is null ? null : accounts.GetValueOrDefault(keyId), Region, exchange.Body) is { } wrong)
            return wrong;
        if (!buckets.TryGetValue(request.Bucket, out var bucket))
            return S3Error.NoSuchBucket;
        if (bucket.Region != Region)
            return S3Error.PermanentRedirect(bucket, $"{bucket.Name}.s3.{bucket.Region}.amazonaws.com");
        if (keyId is null ? !bucket.IsPublic : bucket.Denied.Contains(keyId))
            return S3Error.AccessDenied;
        return keyId is null && request.Method is not ("GET" or "HEAD") ? S3Error.AccessDenied : null;
    }

    private Task RouteAsync(S3Exchange exchange, S3Bucket bucket)
    {
        var (request, query) = (exchange.Request, exchange.Request.Query);
        return (request.Method, request.Key.Length > 0) switch
        {
            ("HEAD", false) => exchange.SendAsync("application/xml", default),
            ("GET", false) when query.ContainsKey("versioning") => S3Listings.VersioningAsync(exchange, bucket),
            ("GET", false) when query.ContainsKey("location") => S3Listings.LocationAsync(exchange, bucket),
            ("GET", false) when !bucket.MayList => exchange.FailAsync(S3Error.AccessDenied),
            ("GET", false) when query.ContainsKey("versions") => S3Listings.VersionsAsync(exchange, bucket),
            ("GET", false) when query.GetValueOrDefault("list-type") == "2" => S3Listings.ObjectsAsync(exchange, bucket),
            ("GET" or "HEAD", true) => S3Objects.SendAsync(exchange, bucket),
            ("POST", true) => uploads.PostAsync(exchange, bucket),
            ("PUT", true) when query.ContainsKey("uploadId") => uploads.PutPartAsync(exchange),
            ("PUT", true) => S3Objects.PutAsync(exchange, bucket),
            ("DELETE", true) => S3Objects.DeleteAsync(exchange, bucket),
            _ => exchange.FailAsync(S3Error.MethodNotAllowed),
        };
    }

    private static S3Request Describe(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = S3Spelling.Decode(target.Split('?')[0]).TrimStart('/').Split('/', 2);
        return new S3Request
        {
            Method = context.Request.Method,
            Target = target,
            Bucket = path[0],
            Key = path.Length > 1 ? path[1] : "",
            Query = S3Spelling.Query(target).DistinctBy(pair => pair.Name).ToImmutableDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
            Headers = context.Request.Headers.ToImmutableDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal),
            IsElsewhere = Elsewhere.Equals(context.Connection.LocalIpAddress),
        };
    }
}
