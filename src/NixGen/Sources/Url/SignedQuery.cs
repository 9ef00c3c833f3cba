using System.Collections.Frozen;

namespace NixGen.Sources.Url;

/// <summary>Finds credentials in the query of a URL: links that are signed, and tokens.</summary>
internal static class SignedQuery
{
    // Of S3 and its kin, Google's and Azure's storage, CloudFront, and what APIs call their tokens.
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "AWSAccessKeyId",
        "X-Goog-Signature", "X-Goog-Credential", "GoogleAccessId",
        "sig", "signature", "Key-Pair-Id",
        "token", "access_token", "auth_token", "private_token", "api_token", "api_key", "apikey", "password", "secret");

    /// <summary>The name of the first parameter that holds one, as the URL writes it, or null.</summary>
    public static string? Find(Uri url)
    {
        foreach (var parameter in url.Query.TrimStart('?').Split('&', ';'))
        {
            var name = Uri.UnescapeDataString(parameter.Split('=')[0]);
            if (Names.TryGetValue(name, out var known) && parameter.Contains('=', StringComparison.Ordinal))
            {
                return known;
            }
        }

        return null;
    }
}
