using System.Text.RegularExpressions;

namespace NixGen.Sources.Registries;

/// <summary>How a registry wants to be told who asks (<c>WWW-Authenticate</c>, RFC 9110 §11.6.1).</summary>
/// <param name="IsBearer">Whether it wants a token of another server, rather than name and password.</param>
/// <param name="Realm">Where tokens are to be had, or null.</param>
/// <param name="Service">What the token is for, or null.</param>
internal sealed partial record RegistryChallenge(bool IsBearer, string? Realm, string? Service)
{
    /// <summary>The challenge in a header that may hold several; one for tokens comes first. Null where there is none that can be met.</summary>
    public static RegistryChallenge? Parse(string? header)
    {
        RegistryChallenge? basic = null;
        foreach (Match challenge in Challenges().Matches(header ?? ""))
        {
            if (challenge.Groups["scheme"].Value.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            {
                basic ??= new(false, null, null);
                continue;
            }

            var parameters = challenge.Groups["parameters"].Value;
            return new(true, Parameter(parameters, "realm"), Parameter(parameters, "service"));
        }

        return basic;
    }

    /// <summary>Where a token that lets read a repository is to be had; null where the realm is no URL, or one that others could listen to.</summary>
    public Uri? TokenUrl(RegistryEndpoint endpoint, string repository)
    {
        if (!Uri.TryCreate(Realm, UriKind.Absolute, out var realm)
            || realm.UserInfo.Length > 0
            || !(realm.Scheme == Uri.UriSchemeHttps || (realm.Scheme == Uri.UriSchemeHttp && realm.IsLoopback && endpoint.BaseUrl.StartsWith("http:", StringComparison.Ordinal))))
        {
            return null;
        }

        var query = $"scope={Uri.EscapeDataString($"repository:{repository}:pull")}";
        if (Service is not null)
        {
            query = $"service={Uri.EscapeDataString(Service)}&{query}";
        }

        var url = realm.GetLeftPart(UriPartial.Query);
        return new($"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}");
    }

    private static string? Parameter(string parameters, string name)
    {
        foreach (Match parameter in Parameters().Matches(parameters))
        {
            if (parameter.Groups["name"].Value.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return parameter.Groups["value"].Value.Trim('"');
            }
        }

        return null;
    }

    private const string OneParameter = "(?<name>[A-Za-z_]+)\\s*=\\s*(?<value>\"[^\"]*\"|[^\\s,\"]+)";

    [GeneratedRegex("(?<=^|[,\\s])(?<scheme>Bearer|Basic)(\\s+(?<parameters>(" + OneParameter + "\\s*,?\\s*)+)|\\s*(,|$))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Challenges();

    [GeneratedRegex(OneParameter, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameters();
}
