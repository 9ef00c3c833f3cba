using System.Collections.Immutable;

namespace NixGen.Manifest;

/// <summary>Which credentials a model's requests use. Holds names, paths and programs, never a token.</summary>
/// <remarks>The locker uses <see cref="TokenFile"/>, <see cref="TokenEnvVar"/> and <see cref="Required"/>; what <c>hf auth login</c> stored it always looks at; <see cref="GcpServiceAccountKey"/> it uses for sources in Cloud Storage. Everything else is for builds only.</remarks>
public sealed record AuthSettings
{
    /// <summary>The standard places only.</summary>
    public static AuthSettings Default { get; } = new();

    /// <summary>What is left for a server of another service than the model's first: a token is for one server, netrc names its hosts itself, and a profile or a key of a service is for that.</summary>
    /// <param name="kind">The kind of source that the server is.</param>
    public AuthSettings ForService(string kind) => Default with
    {
        NetrcFile = NetrcFile,
        AwsProfile = kind == "s3" ? AwsProfile : null,
        GcpServiceAccountKey = kind == "gcs" ? GcpServiceAccountKey : null,
    };

    /// <summary>Absolute path of a file that holds a token, or null.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Name of an environment variable that holds a token, or null.</summary>
    public string? TokenEnvVar { get; init; }

    /// <summary>Whether to refuse before any request when there is no token.</summary>
    public bool Required { get; init; }

    /// <summary>Whether builds read the token that <c>hf auth login</c> stored, where they can see it.</summary>
    public bool UseHfCli { get; init; }

    /// <summary>Absolute path of a netrc file that builds read, or null.</summary>
    public string? NetrcFile { get; init; }

    /// <summary>Profile of the AWS credentials that S3 mirrors are asked with, or null.</summary>
    public string? AwsProfile { get; init; }

    /// <summary>Absolute path of the JSON key file of a service account, for <c>gs://</c> sources and mirrors, or null.</summary>
    public string? GcpServiceAccountKey { get; init; }

    /// <summary>What is shown where access is refused, or null.</summary>
    public string? GatedModelHelp { get; init; }

    /// <summary>How builds renew a token, or null where nothing renews it.</summary>
    public TokenRefresh? TokenRefresh { get; init; }

    /// <summary>Bash text that prints a token or a header, run by builds; or null.</summary>
    public string? AuthScript { get; init; }

    /// <summary>Attribute paths within nixpkgs, such as <c>python3Packages.foo</c>, whose programs the scripts find.</summary>
    public ImmutableArray<string> BuildInputs { get; init; } = [];

    /// <summary>Whether a build makes a token itself, by a program that the locker doesn't run.</summary>
    public bool MakesToken => AuthScript is not null || TokenRefresh is not null;
}

/// <summary>How a build gets a token that doesn't last.</summary>
/// <param name="Command">Bash text whose standard output is the token.</param>
/// <param name="RefreshBeforeExpirySec">Seconds before a token's end at which it is renewed.</param>
/// <param name="MaxTokenAgeSec">Seconds that a token lasts.</param>
public sealed record TokenRefresh(string Command, int RefreshBeforeExpirySec, int MaxTokenAgeSec)
{
    /// <summary>Default of <see cref="RefreshBeforeExpirySec"/>.</summary>
    public const int DefaultRefreshBeforeExpirySec = 300;

    /// <summary>Default of <see cref="MaxTokenAgeSec"/>.</summary>
    public const int DefaultMaxTokenAgeSec = 3600;
}
