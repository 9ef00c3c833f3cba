using System.Collections.Immutable;
using NixGen.Manifest;

namespace NixGen.Sources.Civitai;

/// <summary>The token for the site: what the manifest names, then <c>CIVITAI_TOKEN</c>. A site that only the manifest names gets only a token that the manifest names too.</summary>
/// <param name="Token">The token, or null.</param>
/// <param name="Looked">The places that were looked at in vain; holds no secret.</param>
internal sealed record CivitaiCredentials(Secret? Token, ImmutableArray<string> Looked)
{
    /// <summary>The variable that tools of the site use.</summary>
    public const string Variable = "CIVITAI_TOKEN";

    /// <summary>Looks in every place until there is a token.</summary>
    public static CivitaiCredentials Find(AuthSettings auth, HostEnvironment environment, string endpoint)
    {
        var looked = ImmutableArray.CreateBuilder<string>();
        var token = StatedToken.Find(auth, environment, looked);
        if (endpoint == CivitaiRequest.DefaultEndpoint)
        {
            token ??= StatedToken.FromVariable(Variable, environment, looked);
        }
        else if (token is null && environment.Variable(Variable) is not null)
        {
            looked.Add($"{Variable} (not sent to an endpoint that only the manifest names; name it in 'auth' to send it)");
        }

        return new(token, looked.ToImmutable());
    }
}
