using System.Net;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>Where a request goes as redirects lead it on. The token stays with its server: once the trail leaves that, it is gone for good.</summary>
internal sealed class RedirectTrail
{
    private const int MaxRedirects = 10;
    private readonly bool _mayLeave;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Begins at a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mayLeave">Whether another server may be asked, without the token.</param>
    public RedirectTrail(UpstreamRequest request, bool mayLeave)
    {
        Request = request;
        Url = request.Url;
        Token = request.Token;
        _mayLeave = mayLeave;
        _seen.Add(Url.AbsoluteUri);
    }

    /// <summary>The request that it began with.</summary>
    public UpstreamRequest Request { get; }

    /// <summary>Where to ask now.</summary>
    public Uri Url { get; private set; }

    /// <summary>The token to send there, or null.</summary>
    public Secret? Token { get; private set; }

    /// <summary>Goes where a redirect leads.</summary>
    /// <exception cref="UpstreamException">It leads nowhere, in a circle, too far, elsewhere, or to an unprotected connection.</exception>
    public void Follow(Uri? location)
    {
        if (location is null)
        {
            throw Refused("redirects to nowhere");
        }

        if (!Uri.TryCreate(Url, location, out var next))
        {
            throw Refused("redirects to what is no URL");
        }

        if (next.Scheme is not ("https" or "http"))
        {
            throw Refused($"redirects to the scheme '{next.Scheme}:'");
        }

        if (next.UserInfo.Length > 0)
        {
            throw Refused("redirects to a URL with a user name");
        }

        if (next.Scheme == "http" && (Url.Scheme == "https" || !IsLoopback(next)))
        {
            throw Refused($"redirects to {next.Host} without TLS");
        }

        if (!IsSameServer(Url, next))
        {
            if (!_mayLeave)
            {
                throw Refused($"redirects to another server, {next.Host}");
            }

            Token = null;
        }

        if (!_seen.Add(next.AbsoluteUri))
        {
            throw Refused("redirects in a circle");
        }

        if (_seen.Count > MaxRedirects + 1)
        {
            throw Refused($"redirects more than {MaxRedirects} times");
        }

        Url = next;
    }

    private static bool IsSameServer(Uri left, Uri right) =>
        Uri.Compare(left, right, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsLoopback(Uri url) =>
        url.IsLoopback || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private UpstreamException Refused(string what) => new(UpstreamFailure.Redirect, Url, $"{PublicUrl.Of(Url)} {what}.");
}
