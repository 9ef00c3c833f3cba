using System.Net;

namespace NixGen.Sources.HuggingFace;

/// <summary>A Hub: the base of its URLs.</summary>
public sealed record HubEndpoint
{
    /// <summary>The public Hub.</summary>
    public static HubEndpoint Default { get; } = new("https://huggingface.co");

    private HubEndpoint(string baseUrl) => BaseUrl = baseUrl;

    /// <summary>The base URL, without a trailing slash.</summary>
    public string BaseUrl { get; }

    /// <summary>Understands a base URL; says what is wrong with it, as the end of a sentence that begins with it.</summary>
    public static (HubEndpoint? Endpoint, string? Problem) Parse(string text)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0)
        {
            return (null, "is not an http(s) URL");
        }

        if (url.UserInfo.Length > 0)
        {
            return (null, "holds a user name or password; put a token into an environment variable and name it in 'auth.tokenEnvVar'");
        }

        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            return (null, "has a query or a fragment");
        }

        return url.Scheme == "http" && !IsLoopback(url)
            ? (null, "is not protected by TLS; 'http' is only for this machine itself")
            : (new(url.GetLeftPart(UriPartial.Path).TrimEnd('/')), null);
    }

    /// <summary>The URL of a path below the base; the path is escaped already.</summary>
    public Uri Url(string pathAndQuery) => new($"{BaseUrl}/{pathAndQuery}");

    /// <summary>The page of a repository, for people.</summary>
    public string Page(RepositoryType type, string repository) => $"{BaseUrl}/{type.UrlPrefix()}{repository}";

    /// <summary>A path with every segment escaped.</summary>
    public static string EscapePath(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static bool IsLoopback(Uri url) =>
        url.IsLoopback || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
