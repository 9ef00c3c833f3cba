using System.Net;
using System.Text.RegularExpressions;

namespace NixGen.Sources.Registries;

/// <summary>A registry: where its <c>/v2/</c> is.</summary>
/// <param name="BaseUrl">Its base URL, without a trailing slash and a path.</param>
public sealed partial record RegistryEndpoint(string BaseUrl)
{
    /// <summary>What names of the Docker Hub begin with.</summary>
    internal const string DockerHubName = "docker.io";

    /// <summary>The host that answers for them.</summary>
    internal const string DockerHubHost = "registry-1.docker.io";

    /// <summary>Host and port, as names of models have them.</summary>
    public string Host => BaseUrl[(BaseUrl.IndexOf("://", StringComparison.Ordinal) + 3)..];

    /// <summary>The host and port by which people and credentials know it: the Docker Hub answers under another name.</summary>
    public string Name => Host == DockerHubHost ? DockerHubName : Host;

    /// <summary>Understands <c>host</c>, <c>host:port</c> or a URL of them; says what is wrong, as the end of a sentence that begins with it. A bare host speaks TLS, unless it is this machine with a port, as other clients have it.</summary>
    public static (RegistryEndpoint? Endpoint, string? Problem) Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            return (null, "is no host such as 'registry.example.com' or 'localhost:5000'");
        }

        var host = match.Groups["host"].Value;
        var isLocal = IsLocal(host);
        var scheme = match.Groups["scheme"] switch
        {
            { Success: true } stated => stated.Value.ToLowerInvariant(),
            _ => isLocal && match.Groups["port"].Success ? "http" : "https",
        };
        if (scheme == "http" && !isLocal)
        {
            return (null, "is not protected by TLS; 'http' is only for this machine itself");
        }

        return Uri.TryCreate($"{scheme}://{host}{match.Groups["port"].Value}", UriKind.Absolute, out _)
            ? (new($"{scheme}://{host}{match.Groups["port"].Value}"), null)
            : (null, "is no host such as 'registry.example.com' or 'localhost:5000'");
    }

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    [GeneratedRegex(
        "^((?<scheme>https?)://)?(?<host>[A-Za-z0-9_]([A-Za-z0-9_.-]{0,250}[A-Za-z0-9_])?)(?<port>:[0-9]{1,5})?/?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
