using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>The way to the network for the vendors' own libraries. They dispose of what they are given; this stays open until <see cref="Close"/>.</summary>
/// <param name="connect">Makes the connection pool, when it is first needed.</param>
/// <param name="offline">Whether to open no connection at all.</param>
internal sealed class VendorTransport(Func<HttpMessageHandler> connect, bool offline) : HttpMessageHandler
{
    private readonly Lazy<HttpMessageInvoker> _http = new(() => new HttpMessageInvoker(connect()));

    /// <summary>Closes the connections.</summary>
    public void Close()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (offline)
        {
            var url = request.RequestUri ?? new Uri("about:blank");
            throw new UpstreamException(UpstreamFailure.Offline, url, $"{PublicUrl.Of(url)} is needed, and the network may not be used.");
        }

        return _http.Value.SendAsync(request, cancellationToken);
    }
}
