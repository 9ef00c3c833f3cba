using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace NixGen.Testing.Gcs;

/// <summary>
/// Google Cloud Storage on this machine alone: buckets in memory behind its JSON API, the exchange of keys for access
/// tokens, and the metadata server of a machine in the cloud. It can be told to fail, and it remembers every request.
/// </summary>
public sealed class LoopbackGcs : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, GcsBucket> buckets = new(StringComparer.Ordinal);

    private LoopbackGcs(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MinResponseDataRate = null;
            options.Limits.MaxRequestBodySize = null;
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate);
            });
        });
        app = builder.Build();
        app.Run(HandleAsync);
    }

    /// <summary>Its address without a slash at its end: what <c>STORAGE_EMULATOR_HOST</c> is set to.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Where keys are exchanged for access tokens.</summary>
    public string TokenUrl => Url + "/token";

    /// <summary>Host and port: what <c>GCE_METADATA_HOST</c> is set to.</summary>
    public string MetadataHost => new Uri(Url).Authority;

    public GcsIdentities Identities { get; } = new();

    public GcsRequestLog Log { get; } = new();

    public GcsFaults Faults { get; } = new();

    /// <summary>Objects of a page, at most.</summary>
    public int PageSize { get; set; } = 1000;

    public static async Task<LoopbackGcs> StartAsync(X509Certificate2? certificate = null)
    {
        var server = new LoopbackGcs(certificate);
        await server.app.StartAsync();
        server.Url = server.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return server;
    }

    /// <summary>Adds a bucket; returns it.</summary>
    public GcsBucket Add(GcsBucket bucket)
    {
        buckets[bucket.Name] = bucket;
        return bucket;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var authorization = context.Request.Headers.Authorization.ToString();
        var bearer = authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization[7..] : null;
        var entry = new GcsRequest(context.Request.Method, target, bearer, context.Request.Headers.Range.Count > 0 ? context.Request.Headers.Range.ToString() : null);
        Log.Add(entry);
        var exchange = new GcsExchange(context, GcsRoute.Parse(target.Split('?')[0]), Log, entry) { Fault = Faults.Take(entry) };
        try
        {
            exchange.Fault?.Before?.Invoke();
            await (exchange.Fault?.Status is null ? AnswerAsync(exchange, authorization.Length > 0, bearer) : FailAsync(exchange, exchange.Fault));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away.
        }
    }

    private static Task FailAsync(GcsExchange exchange, GcsFault fault)
    {
        exchange.Response.StatusCode = fault.Status ?? 500;
        if (fault.RetryAfter is { } wait)
            exchange.Response.Headers.RetryAfter = wait;
        return exchange.SendAsync(Encoding.UTF8.GetBytes(fault.Body ?? ""), "application/json; charset=UTF-8");
    }

    private Task AnswerAsync(GcsExchange exchange, bool hasAuthorization, string? bearer)
    {
        switch (exchange.Route.Kind)
        {
            case GcsRouteKind.Token:
                return TokenAsync(exchange);
            case GcsRouteKind.Metadata:
                return MetadataAsync(exchange);
        }

        // Credentials that nobody knows are refused for public buckets too.
        exchange.Token = bearer is null ? null : Identities.Find(bearer);
        if (hasAuthorization && exchange.Token is null)
            return exchange.FailAsync(GcsError.InvalidCredentials);
        if (exchange.Token is { Reads: false })
            return exchange.FailAsync(GcsError.ScopeTooNarrow);
        if (exchange.Route.Bucket is not { } name)
            return exchange.FailAsync(GcsError.NoPage);
        var permission = exchange.Route.Object is null ? "storage.objects.list" : "storage.objects.get";
        if (!buckets.TryGetValue(name, out var bucket))
            return exchange.FailAsync(exchange.Token is null ? GcsError.Denied(null, permission) : GcsError.NoBucket);
        if (!bucket.IsPublic && (exchange.Token is null || !bucket.Readers.Contains(exchange.Token.Account)))
            return exchange.FailAsync(GcsError.Denied(exchange.Token?.Account, permission));
        if (bucket.RequesterPays && exchange.Value("userProject") is null)
            return exchange.FailAsync(GcsError.PayerMissing);
        return exchange.Route.Object is { } item ? ObjectAsync(exchange, bucket, item) : BucketAsync(exchange, bucket);
    }

    private Task BucketAsync(GcsExchange exchange, GcsBucket bucket) => exchange.Route.Kind == GcsRouteKind.Upload
        ? GcsUploads.UploadAsync(exchange, bucket)
        : GcsListing.ListAsync(exchange, bucket, PageSize);

    private static Task ObjectAsync(GcsExchange exchange, GcsBucket bucket, string name)
    {
        if (exchange.Route.Action == "compose")
            return GcsUploads.ComposeAsync(exchange, bucket, name);
        if (exchange.Route.Action is not null)
            return exchange.FailAsync(GcsError.NoPage);
        if (bucket.Find(name, exchange.Number("generation")) is not { } stored)
            return exchange.FailAsync(GcsError.NoObject(bucket.Name, name));
        if (exchange.Number("ifGenerationMatch") is { } condition && condition != stored.Generation)
            return exchange.FailAsync(GcsError.ConditionNotMet);
        if (HttpMethods.IsDelete(exchange.Request.Method))
        {
            bucket.Delete(name, exchange.Number("generation"));
            exchange.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        return exchange.IsMedia ? GcsMedia.AnswerAsync(exchange, stored) : GcsListing.ObjectAsync(exchange, bucket, stored);
    }

    private async Task TokenAsync(GcsExchange exchange)
    {
        var form = await exchange.Request.ReadFormAsync();
        var fields = form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        var (status, body) = Identities.Exchange(fields, TokenUrl);
        exchange.Response.StatusCode = status;
        await exchange.SendAsync(Encoding.UTF8.GetBytes(body), "application/json; charset=UTF-8");
    }

    // The header keeps pages in a browser from asking: whoever can set it is a program of this machine.
    private Task MetadataAsync(GcsExchange exchange)
    {
        var isToken = exchange.Request.Path.Value?.EndsWith("/default/token", StringComparison.Ordinal) == true;
        if (Identities.MachineAccount is not { } account || (isToken && exchange.Request.Headers["Metadata-Flavor"] != "Google"))
        {
            exchange.Response.StatusCode = StatusCodes.Status403Forbidden;
            return exchange.SendAsync("Missing Metadata-Flavor:Google header."u8.ToArray(), "text/html");
        }

        exchange.Response.Headers["Metadata-Flavor"] = "Google";
        return isToken
            ? exchange.SendAsync(Encoding.UTF8.GetBytes(GcsIdentities.Grant(Identities.Issue(account, "https://www.googleapis.com/auth/cloud-platform")).Body), "application/json")
            : exchange.SendAsync("computeMetadata/\n"u8.ToArray(), "application/text");
    }
}
