using System.Collections.Immutable;
using NixGen.Lock;

namespace NixGen.Sources.Gcs;

/// <summary>What <c>fetchers/gcs.sh</c> is told of a bucket: the variables that the emitted adapter sets too.</summary>
internal static class GcsFetch
{
    /// <summary>Variables by name. Credentials come to the fetcher in their standard variables and files, which it uses for servers of the machine's own only.</summary>
    public static ImmutableDictionary<string, string> Variables(GcsRequest request, ResolvedRevision resolved)
    {
        var isOwnServer = request.Endpoint is null || request.Endpoint == GcsEndpoint.Default;
        return ImmutableDictionary.CreateRange(StringComparer.Ordinal,
        [
            new("fetch_endpoint", resolved.Endpoint ?? GcsEndpoint.Default.BaseUrl),
            new("fetch_repo", resolved.Id),
            new("fetch_usual_token", isOwnServer ? "GOOGLE_OAUTH_ACCESS_TOKEN" : ""),
            new KeyValuePair<string, string>("fetch_own_server", isOwnServer ? "1" : ""),
        ]);
    }
}
