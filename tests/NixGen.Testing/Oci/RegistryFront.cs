using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NixGen.Testing.Files;

namespace NixGen.Testing.Oci;

/// <summary>
/// Stands before a registry and does what public ones do beyond it: it sends readers of blobs to a store on another host, by
/// signed URLs that expire; it knows names in any letter case; it may say <c>text/plain</c> of manifests; and it can lie.
/// </summary>
public sealed class RegistryFront : IAsyncDisposable
{
    private static readonly IPAddress StoreAddress = IPAddress.Parse("127.0.0.2");
    private static readonly string[] Forwarded = ["Authorization", "Accept", "Range", "If-None-Match"];
    private static readonly string[] Returned = ["Content-Type", "Docker-Content-Digest", "Www-Authenticate", "ETag", "Accept-Ranges", "Content-Range", "Docker-Distribution-Api-Version"];

    private readonly WebApplication app;
    private readonly HttpClient inner = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None });
    private readonly ConcurrentQueue<RegistryRequest> log = new();
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly DockerRegistry registry;

    private RegistryFront(DockerRegistry registry)
    {
        this.registry = registry;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0", "http://127.0.0.2:0");
        app = builder.Build();
        app.Run(HandleAsync);
    }

    /// <summary>Host and port that readers use.</summary>
    public string Host { get; private set; } = "";

    /// <summary>The base URL that readers use.</summary>
    public string Url => "http://" + Host;

    /// <summary>The base URL of the registry behind it, to which may be pushed.</summary>
    public string InnerUrl => registry.Url;

    /// <summary>The base URL of the other host, which has the blobs.</summary>
    public string StoreUrl { get; private set; } = "";

    /// <summary>Whether blobs are had from the other host.</summary>
    public bool RedirectsBlobs { get; set; } = true;

    /// <summary>What it says that manifests are, or null for the truth.</summary>
    public string? ManifestType { get; set; }

    /// <summary>How long a signed URL is good for.</summary>
    public TimeSpan Validity { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a signed URL is good for; it has expired after that.</summary>
    public int Uses { get; set; } = int.MaxValue;

    /// <summary>How many signed URLs have expired before they are used.</summary>
    public int RejectsSome { get; set; }

    /// <summary>Answers that take the place of the registry's, by path as sent.</summary>
    public ConcurrentDictionary<string, RegistryAnswer> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>Content that takes a blob's place on the other host, by digest.</summary>
    public ConcurrentDictionary<string, byte[]> Replaced { get; } = new(StringComparer.Ordinal);

    /// <summary>Every request so far, in the order of their answers.</summary>
    public IReadOnlyList<RegistryRequest> Log => [.. log];

    /// <summary>Forgets the requests so far.</summary>
    public void ClearLog() => log.Clear();

    public static async Task<RegistryFront> StartAsync(DockerRegistry registry)
    {
        var front = new RegistryFront(registry);
        await front.app.StartAsync();
        foreach (var address in front.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses)
        {
            if (address.Contains("127.0.0.2", StringComparison.Ordinal))
                front.StoreUrl = address;
            else
                front.Host = new Uri(address).Authority;
        }

        return front;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        inner.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?')[0];
        var isStore = StoreAddress.Equals(context.Connection.LocalIpAddress);
        var sent = 0L;
        context.Response.Body = new CountingStream(context.Response.Body, length => sent += length);
        var request = new RegistryRequest(context.Request.Method, target, isStore, Text(context, "Authorization"), Text(context, "Range"), Text(context, "Accept"));
        try
        {
            if (isStore)
                await new SignedStore(key, Uses, Replaced, registry).AnswerAsync(context, path);
            else if (Answers.TryGetValue(path, out var answer))
                await answer.SendAsync(context);
            else
                await ForwardAsync(context, LowerCase(target));
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client went away.
        }

        log.Enqueue(request with { Status = context.Response.StatusCode, BytesSent = sent });
    }

    private async Task ForwardAsync(HttpContext context, string target)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), registry.Url + target);
        foreach (var header in Forwarded)
        {
            if (context.Request.Headers.TryGetValue(header, out var sent))
                request.Headers.TryAddWithoutValidation(header, sent.ToString());
        }

        using var response = await inner.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        if (response.IsSuccessStatusCode && RedirectsBlobs && BlobIn(target) is var (name, digest))
        {
            // As Ollama's registry: whoever may read the blob is told where it is.
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = SignedStore.Sign(key, StoreUrl, name, digest, DateTimeOffset.UtcNow + (RejectsSome-- > 0 ? TimeSpan.FromMinutes(-1) : Validity));
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var header in Returned)
        {
            if (response.Headers.TryGetValues(header, out var values) || response.Content.Headers.TryGetValues(header, out values))
                context.Response.Headers[header] = string.Join(", ", values);
        }

        if (response.IsSuccessStatusCode && ManifestType is not null && target.Contains("/manifests/", StringComparison.Ordinal))
        {
            context.Response.ContentType = ManifestType;
            context.Response.Headers.Remove("Docker-Content-Digest");
        }

        context.Response.ContentLength = response.Content.Headers.ContentLength;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static (string Name, string Digest)? BlobIn(string target)
    {
        var at = target.IndexOf("/blobs/sha256:", StringComparison.Ordinal);
        return at < 0 ? null : (target["/v2/".Length..at], target[(at + "/blobs/".Length)..].Split('?')[0]);
    }

    // docker-registry knows names in lower case only; tags keep theirs.
    private static string LowerCase(string target)
    {
        var at = Math.Max(target.IndexOf("/manifests/", StringComparison.Ordinal), target.IndexOf("/blobs/", StringComparison.Ordinal));
        return at < 0 ? target : target[..at].ToLowerInvariant() + target[at..];
    }

    private static string? Text(HttpContext context, string header) =>
        context.Request.Headers.TryGetValue(header, out var values) ? values.ToString() : null;
}

/// <summary>A request to a <see cref="RegistryFront"/>.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query, as sent.</param>
/// <param name="IsStore">Whether it came to the other host.</param>
/// <param name="Authorization">That header, or null.</param>
/// <param name="Range">That header, or null.</param>
/// <param name="Accept">That header, or null.</param>
public sealed record RegistryRequest(string Method, string Target, bool IsStore, string? Authorization, string? Range, string? Accept)
{
    /// <summary>The status that was sent.</summary>
    public int Status { get; init; }

    /// <summary>Bytes of body that were sent.</summary>
    public long BytesSent { get; init; }

    /// <summary>Whether it asks for a manifest.</summary>
    public bool IsManifest => Target.Contains("/manifests/", StringComparison.Ordinal);
}

/// <summary>An answer that a test makes up.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
public sealed record RegistryAnswer(int Status, byte[] Body)
{
    /// <summary>An answer of text.</summary>
    public RegistryAnswer(int status, string text)
        : this(status, Encoding.UTF8.GetBytes(text))
    {
    }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    internal Task SendAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        foreach (var (name, value) in Headers)
            context.Response.Headers[name] = value;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(Body).AsTask();
    }
}
