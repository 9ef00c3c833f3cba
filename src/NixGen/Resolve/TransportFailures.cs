using System.Net.Sockets;
using System.Security.Authentication;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>Turns what the network stack throws into <see cref="UpstreamException"/>, in words of its own: the stack's can hold URLs with signatures.</summary>
internal static class TransportFailures
{
    /// <summary>Runs a step of an exchange.</summary>
    public static async Task<T> TranslateAsync<T>(
        Func<Task<T>> step, Uri url, string whenLate, TimeLimit limit, CancellationToken cancellationToken)
    {
        try
        {
            return await step();
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UpstreamException(
                UpstreamFailure.Timeout, url, $"{PublicUrl.Of(url)} {whenLate} within {limit.Span.TotalSeconds:0} s.", exception);
        }
        catch (HttpRequestException exception)
        {
            throw Of(exception, url);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new UpstreamException(UpstreamFailure.Broken, url, $"{PublicUrl.Of(url)} broke the transfer off.", exception);
        }
    }

    private static UpstreamException Of(HttpRequestException exception, Uri url)
    {
        var host = url.GetComponents(UriComponents.HostAndPort, UriFormat.UriEscaped);
        return exception switch
        {
            { HttpRequestError: HttpRequestError.NameResolutionError } =>
                new(UpstreamFailure.Unreachable, url, $"the name '{url.Host}' has no address.", exception),
            { HttpRequestError: HttpRequestError.SecureConnectionError } or { InnerException: AuthenticationException } =>
                new(UpstreamFailure.Tls, url, $"no protected connection to {host} could be made: its certificate isn't trusted, or TLS failed.", exception),
            { HttpRequestError: HttpRequestError.ConnectionError } or { InnerException: SocketException } =>
                new(UpstreamFailure.Unreachable, url, $"{host} doesn't take connections.", exception),
            { HttpRequestError: HttpRequestError.ProxyTunnelError } =>
                new(UpstreamFailure.Unreachable, url, $"the proxy doesn't lead to {host}.", exception),
            _ => new(UpstreamFailure.Broken, url, $"{PublicUrl.Of(url)} broke the answer off.", exception),
        };
    }
}
