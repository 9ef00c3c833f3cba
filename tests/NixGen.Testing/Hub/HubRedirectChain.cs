using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace NixGen.Testing.Hub;

/// <summary>Redirects that follow one another: how many are left stands in the query.</summary>
internal static class HubRedirectChain
{
    private const string Left = "redirects-left";
    private const string Hosts = "redirects-over-hosts";

    /// <summary>The redirects that are left at this target, or null where it is part of no chain.</summary>
    public static (int Hops, bool OverHosts)? At(string target)
    {
        var query = QueryHelpers.ParseQuery(target.Contains('?', StringComparison.Ordinal) ? target[target.IndexOf('?', StringComparison.Ordinal)..] : "");
        return query.TryGetValue(Left, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var left)
            ? (left, query.ContainsKey(Hosts))
            : null;
    }

    /// <summary>Where the next redirect leads. The last one is to the Hub itself.</summary>
    public static string Next(LoopbackHub hub, string rawPath, int hops, bool overHosts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(overHosts && hops % 2 == 0 ? hub.CdnUrl : hub.Url)}{rawPath}?{Left}={hops - 1}{(overHosts ? $"&{Hosts}=1" : "")}");
}
