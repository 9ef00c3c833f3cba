using System.Collections.Immutable;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using NixGen.Manifest;

namespace NixGen.Sources.S3;

/// <summary>Who asks: found by the vendor's own library, in its order.</summary>
/// <param name="Keys">The credentials; those of nobody where there are none.</param>
/// <param name="Looked">The places that were looked at in vain, each with what was found there; holds no secret.</param>
internal sealed record S3Credentials(AWSCredentials Keys, ImmutableArray<string> Looked)
{
    /// <summary>Whether requests are made as anybody.</summary>
    public bool AreNobodys => Keys is AnonymousAWSCredentials;

    /// <summary>The profile that the manifest names and that isn't there, or null.</summary>
    public string? MissingProfile { get; private init; }

    /// <summary>Looks until there are credentials: the profile that the manifest names; else variables, the profile of <c>AWS_PROFILE</c>, and whatever the vendor's library asks over the network: a web identity, a container's service, the machine's.</summary>
    public static async Task<S3Credentials> FindAsync(S3Request request, AuthSettings auth, HostEnvironment environment, bool isOffline)
    {
        var looked = ImmutableArray.CreateBuilder<string>();
        if (request.IsUnsigned)
        {
            return new(new AnonymousAWSCredentials(), ["'unsigned: true' (so none are used)"]);
        }

        if (auth.AwsProfile is { } stated)
        {
            return OfProfile(stated, environment, looked) is { } own
                ? new(own, [])
                : new(new AnonymousAWSCredentials(), looked.ToImmutable()) { MissingProfile = stated };
        }

        var keys = OfVariables(environment, looked)
            ?? OfProfile(environment.Variable("AWS_PROFILE") ?? "default", environment, looked)
            ?? (isOffline ? null : await OfServicesAsync(environment, looked));
        return new(keys ?? new AnonymousAWSCredentials(), looked.ToImmutable());
    }

    private static BasicAWSCredentials? Basic(string keyId, string secret) => new(keyId, secret);

    private static AWSCredentials? OfVariables(HostEnvironment environment, ImmutableArray<string>.Builder looked)
    {
        if (environment.Variable("AWS_ACCESS_KEY_ID") is { } keyId && environment.Variable("AWS_SECRET_ACCESS_KEY") is { } secret)
        {
            return environment.Variable("AWS_SESSION_TOKEN") is { } session ? new SessionAWSCredentials(keyId, secret, session) : Basic(keyId, secret);
        }

        looked.Add("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (not set)");
        return null;
    }

    // Keys, programs and roles, as the profile has them.
    private static AWSCredentials? OfProfile(string name, HostEnvironment environment, ImmutableArray<string>.Builder looked)
    {
        var path = environment.Variable("AWS_SHARED_CREDENTIALS_FILE")
            ?? (environment.HomeFolder is { } home ? Path.Combine(home, ".aws", "credentials") : null);
        if (path is null)
        {
            looked.Add("~/.aws/credentials (there is no HOME)");
            return null;
        }

        try
        {
            var file = new SharedCredentialsFile(path);
            if (file.TryGetProfile(name, out var profile) && AWSCredentialsFactory.TryGetAWSCredentials(profile, file, out var keys))
            {
                return keys;
            }

            looked.Add($"the profile '{name}' in {path} and the config file beside it (no credentials)");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or AmazonClientException or ArgumentException)
        {
            looked.Add($"{path} (can't be read)");
        }

        return null;
    }

    private static async Task<AWSCredentials?> OfServicesAsync(HostEnvironment environment, ImmutableArray<string>.Builder looked)
    {
        string[] variables = ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
        var isMachineAsked = environment.Variable("AWS_EC2_METADATA_DISABLED") is not ("true" or "TRUE" or "True");
        if (!isMachineAsked && !variables.Any(name => environment.Variable(name) is not null))
        {
            looked.Add("web identity, container and machine (AWS_EC2_METADATA_DISABLED is true, and no variable names the others)");
            return null;
        }

        try
        {
            var keys = await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync();
            _ = await keys.GetCredentialsAsync();
            return keys;
        }
        catch (Exception exception) when (exception is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or InvalidOperationException or TaskCanceledException)
        {
            looked.Add("web identity, container and machine (none gave any)");
            return null;
        }
    }
}
