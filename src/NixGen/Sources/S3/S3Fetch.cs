using System.Collections.Immutable;
using NixGen.Lock;

namespace NixGen.Sources.S3;

/// <summary>What <c>fetchers/s3.sh</c> is told of a bucket: the variables that the emitted adapter sets too.</summary>
internal static class S3Fetch
{
    // What the emitted adapter lets builds see of the environment.
    private static readonly ImmutableArray<string> _standard =
    [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE",
        "HOME", "AWS_REGION", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ENDPOINT_URL_STS",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_EC2_METADATA_DISABLED", "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    ];

    /// <summary>Variables by name. Those of AWS are secrets: they go into a child's environment and nowhere else.</summary>
    public static ImmutableDictionary<string, string> Variables(S3Request request, ResolvedRevision resolved, HostEnvironment environment)
    {
        var variables = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        variables["fetch_endpoint"] = resolved.Endpoint ?? request.Endpoint ?? "";
        variables["fetch_bucket"] = request.Bucket;
        variables["fetch_prefix"] = request.Prefix.TrimEnd('/');
        variables["fetch_region"] = resolved.Region ?? request.Region ?? S3Place.DefaultRegion;
        variables["fetch_usual_token"] = "";
        if (request.IsUnsigned)
        {
            variables["fetch_unsigned"] = "1";
            return variables.ToImmutable();
        }

        foreach (var name in _standard)
        {
            variables[name] = environment.Variable(name) ?? "";
        }

        return variables.ToImmutable();
    }
}
