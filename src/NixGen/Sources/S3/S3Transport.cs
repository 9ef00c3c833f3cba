using Amazon.Runtime;

namespace NixGen.Sources.S3;

/// <summary>Lets the vendor's library use the one way out. A redirect to another address is refused: the library would sign for that too, and send the session's token there.</summary>
/// <param name="transport">The way out.</param>
internal sealed class S3Transport(HttpMessageHandler transport) : HttpClientFactory
{
    /// <inheritdoc/>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var client = new HttpClient(new WithoutRedirects(transport));
        if (clientConfig.Timeout is { } timeout)
        {
            client.Timeout = timeout;
        }

        return client;
    }

    /// <inheritdoc/>
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    private sealed class WithoutRedirects(HttpMessageHandler transport) : DelegatingHandler(transport)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if ((int)answer.StatusCode is < 300 or >= 400 || answer.Headers.Location is not { } location)
            {
                return answer;
            }

            answer.Dispose();
            var url = request.RequestUri ?? new Uri("about:blank");
            var target = location.IsAbsoluteUri ? PublicUrl.Of(location) : "another path";
            throw new UpstreamException(
                UpstreamFailure.Redirect, url, $"{PublicUrl.Of(url)} redirects to {target}, and a signed request isn't sent elsewhere. Set 'region' or 'endpoint' to the right one.");
        }
    }
}
