using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources.HuggingFace;

/// <summary>What <c>fetchers/huggingface.sh</c> is told of a repository: the variables that the emitted adapter sets too.</summary>
internal static class HubFetch
{
    /// <summary>Variables by name. <c>HF_TOKEN</c> among them is a secret: they go into a child's environment and nowhere else.</summary>
    public static ImmutableDictionary<string, string> Variables(
        HuggingFaceRequest request, ResolvedRevision resolved, HostEnvironment environment)
    {
        var isOwnHub = request.Endpoint is null || request.Endpoint == HubEndpoint.Default;
        var variables = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        variables["fetch_endpoint"] = resolved.Endpoint ?? HubEndpoint.Default.BaseUrl;
        variables["fetch_type"] = request.Type.Name();
        variables["fetch_repo"] = resolved.Id;
        variables["fetch_revision"] = resolved.Revision;
        variables["HF_TOKEN"] = HubCredentials.Find(AuthSettings.Default, environment, isOwnHub).Token?.Reveal() ?? "";
        return variables.ToImmutable();
    }
}
