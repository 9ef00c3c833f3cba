using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources.Registries;

/// <summary>What the fetchers of registries are told: the variables that the emitted adapters set too.</summary>
internal static class RegistryFetch
{
    // Registries have no variable of their own for a password; this one is of this run alone.
    private const string LoginVariable = "NIXGEN_REGISTRY_LOGIN";

    /// <summary>Variables by name. The login among them is a secret: they go into a child's environment and nowhere else.</summary>
    public static ImmutableDictionary<string, string> Variables(RegistryEndpoint endpoint, ResolvedRevision resolved, HostEnvironment environment)
    {
        var credentials = RegistryCredentials.Find(AuthSettings.Default, environment, endpoint.Name, resolved.Id);
        return ImmutableDictionary.CreateRange(StringComparer.Ordinal,
        [
            new("fetch_endpoint", resolved.Endpoint ?? endpoint.BaseUrl),
            new("fetch_repo", resolved.Id),
            new("fetch_usual_token", ""),
            new("fetch_token_variable", LoginVariable),
            new KeyValuePair<string, string>(LoginVariable, credentials.Login?.Reveal() ?? ""),
        ]);
    }
}
