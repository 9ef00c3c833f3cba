using System.Collections.Immutable;
using NixGen.Lock;

namespace NixGen.Sources.Azure;

/// <summary>What <c>fetchers/azure.sh</c> is told of a container: the variables that the emitted adapter sets too.</summary>
internal static class AzureFetch
{
    /// <summary>Variables by name. Credentials come to the fetcher in their standard variables, which it uses for servers of the account's own only.</summary>
    public static ImmutableDictionary<string, string> Variables(AzureRequest request, ResolvedRevision resolved) =>
        ImmutableDictionary.CreateRange(StringComparer.Ordinal,
        [
            new("fetch_endpoint", resolved.Endpoint ?? AzureRequest.EndpointOf(request.Account)),
            new("fetch_repo", resolved.Id),
            new KeyValuePair<string, string>("fetch_own_server", request.Endpoint is null || request.Endpoint == AzureRequest.EndpointOf(request.Account) ? "1" : ""),
        ]);
}
