using System.Collections.Immutable;
using System.Globalization;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources.HuggingFace;

/// <summary>What <c>fetchers/huggingface.sh</c> is told to fetch one file: the variables that the emitted adapter sets too.</summary>
public static class HubFetch
{
    /// <summary>Variables by name. <c>HF_TOKEN</c> among them is a secret: they go into a child's environment and nowhere else.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="resolved">What it resolved to.</param>
    /// <param name="file">The file.</param>
    /// <param name="auth">Which credentials to use.</param>
    /// <param name="environment">The machine's variables.</param>
    public static ImmutableDictionary<string, string> Variables(
        HuggingFaceRequest request, ResolvedRevision resolved, LockedFile file, AuthSettings auth, HostEnvironment environment)
    {
        var endpoint = resolved.Endpoint ?? HubEndpoint.Default.BaseUrl;
        var isOwnHub = request.Endpoint is null || request.Endpoint == HubEndpoint.Default;
        var variables = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        variables["fetch_endpoint"] = endpoint;
        variables["fetch_type"] = request.Type.Name();
        variables["fetch_repo"] = resolved.Id;
        variables["fetch_revision"] = resolved.Revision;
        variables["fetch_path"] = file.Path;
        variables["fetch_size"] = file.Size.ToString(CultureInfo.InvariantCulture);
        variables["fetch_sha256"] = file.Sha256.Text;
        variables["HF_TOKEN"] = HubCredentials.Find(auth, environment, isOwnHub).Token?.Reveal() ?? "";
        return variables.ToImmutable();
    }
}
