using System.Collections.Immutable;
using System.Text;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources.Mlflow;

/// <summary>What <c>fetchers/mlflow.sh</c> is told of a model: the variables that the emitted adapter sets too.</summary>
internal static class MlflowFetch
{
    /// <summary>Variables by name. Those of credentials are secrets: they go into a child's environment and nowhere else.</summary>
    public static ImmutableDictionary<string, string> Variables(ResolvedRevision resolved, HostEnvironment environment)
    {
        var endpoint = resolved.Endpoint ?? "";
        var stated = environment.Variable("MLFLOW_TRACKING_URI") ?? "";
        var isOwnServer = MlflowAddress.Parse(stated).BaseUrl == endpoint;
        var credentials = MlflowCredentials.Find(AuthSettings.Default, environment, endpoint, isOwnServer);
        var (user, password) = Parts(credentials);
        return ImmutableDictionary.CreateRange(StringComparer.Ordinal,
        [
            new("fetch_endpoint", endpoint),
            new("fetch_storage", resolved.Storage ?? ""),
            new("fetch_model", resolved.Id),
            new("fetch_model_version", resolved.Version ?? ""),
            new("MLFLOW_TRACKING_URI", stated),
            new("MLFLOW_TRACKING_USERNAME", user),
            new("MLFLOW_TRACKING_PASSWORD", password),
            new KeyValuePair<string, string>("MLFLOW_TRACKING_TOKEN", credentials.Scheme == "Bearer" ? credentials.Token?.Reveal() ?? "" : ""),
        ]);
    }

    private static (string User, string Password) Parts(MlflowCredentials credentials)
    {
        if (credentials is not { Scheme: "Basic", Token: { } token })
        {
            return ("", "");
        }

        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(token.Reveal()));
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return (pair[..colon], pair[(colon + 1)..]);
    }
}
