using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.S3;

/// <summary>What S3 can answer that keeps a model from being locked.</summary>
public static partial class S3Diagnostics
{
    /// <summary>NG3340.</summary>
    public static readonly DiagnosticDescriptor BadCredentials = Upstream(
        "NG3340",
        "S3 doesn't accept the credentials",
        "The key is unknown, its secret is another, or a session has ended. nixgen doesn't go on as anybody: builds with the same credentials would fail in the same way.");

    /// <summary>NG3341.</summary>
    public static readonly DiagnosticDescriptor AccessDenied = Upstream(
        "NG3341",
        "Access to the bucket is denied",
        "Listing needs s3:ListBucket, reading s3:GetObject, and reading versions s3:GetObjectVersion. Without the right to list, S3 says the same of objects that don't exist. Credentials are looked for in the profile that 'auth.awsProfile' names, or else where the vendor's own tools look: variables, profiles, and the services of containers and machines.");

    /// <summary>NG3342.</summary>
    public static readonly DiagnosticDescriptor BucketMissing = Upstream(
        "NG3342",
        "There is no such bucket",
        "The bucket's name is misspelt, or the bucket was deleted, or it is at another endpoint.");

    /// <summary>NG3343.</summary>
    public static readonly DiagnosticDescriptor ObjectMissing = Upstream(
        "NG3343",
        "There is no such object",
        "The object was listed, and then there was none: somebody deletes or renames objects at this time.");

    /// <summary>NG3344.</summary>
    public static readonly DiagnosticDescriptor VersionMissing = Upstream(
        "NG3344",
        "There is no such version of the object",
        "Versions disappear when somebody deletes them, or a lifecycle rule of the bucket does.");

    /// <summary>NG3345.</summary>
    public static readonly DiagnosticDescriptor WrongRegion = Upstream(
        "NG3345",
        "The bucket is in another region",
        "Requests are signed for a region. Where the manifest names none, nixgen goes on in the one that S3 names; a region that the manifest names is taken at its word.");

    /// <summary>NG3346.</summary>
    public static readonly DiagnosticDescriptor RateLimited = Upstream(
        "NG3346",
        "S3 asks for fewer requests",
        "The request was repeated several times, with growing pauses, and refused each time.");

    /// <summary>NG3347.</summary>
    public static readonly DiagnosticDescriptor OddAnswer = Upstream(
        "NG3347",
        "S3 answered something unexpected",
        "The answer isn't one that S3 gives. A proxy may be in between, or the endpoint speaks another protocol.");

    /// <summary>NG3348.</summary>
    public static readonly DiagnosticDescriptor WrongClock = Upstream(
        "NG3348",
        "This machine's clock is wrong",
        "Signatures hold the time, and S3 refuses those that are off by more than 15 minutes.");

    /// <summary>NG3349.</summary>
    public static readonly DiagnosticDescriptor NoCredentials = Upstream(
        "NG3349",
        "Credentials of AWS are asked for and there are none",
        "The model says 'auth.required: true', or names a profile in 'auth.awsProfile', and nothing was found there.");

    /// <summary>NG3350.</summary>
    public static readonly DiagnosticDescriptor BadVariable = new(
        "NG3350",
        "A variable of AWS holds what can't be",
        "AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_S3 and AWS_ENDPOINT_URL are used where the manifest doesn't state 'region' and 'endpoint'.");

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        BadCredentials, AccessDenied, BucketMissing, ObjectMissing, VersionMissing, WrongRegion, RateLimited, OddAnswer, WrongClock, NoCredentials, BadVariable,
    ];

    private static DiagnosticDescriptor Upstream(string code, string title, string explanation) =>
        new(code, title, explanation, Kind: FailureKind.Upstream);
}
