using System.Net;

namespace NixGen.Sources.Objects;

/// <summary>The base URL of a store that isn't the vendor's own, such as one in a company's network, or an emulator.</summary>
public static class ObjectEndpoint
{
    /// <summary>A base URL without a trailing slash; a host alone is asked over https. Says what is wrong with one, as it goes on a sentence.</summary>
    public static (string? BaseUrl, string? Problem) Parse(string text)
    {
        var stated = text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text;
        if (!Uri.TryCreate(stated, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0)
        {
            return (null, "is not an http(s) URL");
        }

        if (url.UserInfo.Length > 0)
        {
            return (null, "holds a user name or password");
        }

        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            return (null, "has a query or a fragment");
        }

        return url.Scheme == "http" && !IsLoopback(url)
            ? (null, "is not protected by TLS; 'http' is only for this machine itself")
            : (url.GetLeftPart(UriPartial.Path).TrimEnd('/'), null);
    }

    private static bool IsLoopback(Uri url) =>
        url.IsLoopback || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
