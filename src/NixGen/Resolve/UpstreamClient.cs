using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>The one way to the network: one connection pool, a limit of requests at once, retries, and a cache of answers. Opens nothing before the first request.</summary>
public sealed class UpstreamClient : IDisposable
{
    private readonly UpstreamOptions _options;
    private readonly Lazy<HttpMessageInvoker> _http;
    private readonly SemaphoreSlim _gate;
    private readonly VendorTransport _transport;
    private readonly RetryPolicy _retries;
    private readonly AnswerCache? _answers;
    private readonly ContentHashCache _hashes;
    private readonly ConcurrentDictionary<(Uri Url, string? Token), Lazy<Task<UpstreamResponse>>> _once = new();

    /// <summary>Sets up; opens nothing.</summary>
    public UpstreamClient(UpstreamOptions options)
    {
        _options = options;
        _http = new(() => new HttpMessageInvoker(NewHandler(options, DecompressionMethods.GZip)));
        _transport = new(() => NewHandler(options, DecompressionMethods.None), options.Offline);
        _gate = new(options.Parallelism);
        _retries = new(options);
        _answers = options.CacheFolder is { } folder ? new(Path.Combine(folder, "http")) : null;
        _hashes = new(options.CacheFolder is { } root ? Path.Combine(root, "hashes") : null);
    }

    /// <summary>The limits and places that it was made with.</summary>
    public UpstreamOptions Options => _options;

    /// <summary>Hashes of content that was streamed before.</summary>
    public IContentHashes Hashes => _hashes;

    /// <summary>The same network, for one model: pauses are told under its name.</summary>
    public IUpstream For(string model, IResolveProgress progress) => new ModelUpstream(this, model, progress);

    /// <summary>Closes the connections and tidies the cache.</summary>
    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }

        _transport.Close();
        _answers?.Prune();
        _hashes.Prune();
        _gate.Dispose();
    }

    private static SocketsHttpHandler NewHandler(UpstreamOptions options, DecompressionMethods decompression) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // Gzip is the one method whose decoder says "damaged" with an exception of its own.
        AutomaticDecompression = decompression,
        ConnectTimeout = options.ConnectTimeout,
        MaxConnectionsPerServer = options.Parallelism,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        SslOptions = new SslClientAuthenticationOptions { CertificateRevocationCheckMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck },
    };

    private async Task<HashedContent> SendAsync(
        Func<HttpExchange, CancellationToken, Task<HashedContent>> attempt, Uri url, Action<string> waiting, CancellationToken cancellationToken)
    {
        if (_options.Offline)
        {
            throw new UpstreamException(UpstreamFailure.Offline, url, $"{PublicUrl.Of(url)} is needed, and the network may not be used.");
        }

        return await _retries.RunAsync(
            async cancellation =>
            {
                await _gate.WaitAsync(cancellation);
                try
                {
                    return await attempt(new(_http.Value, _options), cancellation);
                }
                finally
                {
                    _gate.Release();
                }
            },
            waiting,
            cancellationToken);
    }

    private sealed class ModelUpstream(UpstreamClient client, string model, IResolveProgress progress) : IUpstream
    {
        public async Task<UpstreamResponse> GetAsync(UpstreamRequest request, CancellationToken cancellationToken)
        {
            var known = client._answers?.Find(request);
            var answer = await client.SendAsync(
                async (exchange, cancellation) => new(await exchange.SendAsync(request, known?.ETag, cancellation), null),
                request.Url,
                Waiting,
                cancellationToken);
            if (answer.Response.Status == 304 && known is not null)
            {
                // What a 304 states anew stands (RFC 9111 §4.3.4); of the headers only this one is used.
                return answer.Response.Header("Link") is { } link
                    ? known.Response with { Headers = known.Response.Headers.SetItem("Link", link) }
                    : known.Response;
            }

            client._answers?.Store(request, answer.Response);
            return answer.Response;
        }

        public bool IsOffline => client._options.Offline;

        public HttpMessageHandler Transport => client._transport;

        public Task<UpstreamResponse> GetOnceAsync(UpstreamRequest request, CancellationToken cancellationToken) =>
            client._once.GetOrAdd((request.Url, request.Token?.Reveal()), _ => new(() => SendAsync(request, cancellationToken))).Value;

        public async Task<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken)
        {
            var answer = await client.SendAsync(
                async (exchange, cancellation) => new(await exchange.SendAsync(request, null, cancellation), null), request.Url, Waiting, cancellationToken);
            return answer.Response;
        }

        public Task<HashedContent> HashAsync(
            UpstreamRequest request, long? expectedSize, ContentDigests digests, Func<PipeWriter>? begin, CancellationToken cancellationToken) =>
            client.SendAsync(
                (exchange, cancellation) => exchange.HashAsync(request, expectedSize, digests, begin, cancellation), request.Url, Waiting, cancellationToken);

        private void Waiting(string why) => progress.Step(model, why);
    }
}
