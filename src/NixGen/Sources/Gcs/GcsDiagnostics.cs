using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.Gcs;

/// <summary>What keeps objects of Google Cloud Storage from being locked.</summary>
public static partial class GcsDiagnostics
{
    /// <summary>NG3360.</summary>
    public static readonly DiagnosticDescriptor LooseGeneration = new(
        "NG3360",
        "A generation is stated without its object",
        "A generation is the version of one object. With 'generation', 'prefix' is that object's whole name, and there is nothing for 'files' and 'exclude' to choose from.");

    /// <summary>NG3361.</summary>
    public static readonly DiagnosticDescriptor BadCredentials = Upstream(
        "NG3361",
        "Credentials for Google Cloud can't be used",
        "A file of credentials is named and can't be read, holds something else, or the server that exchanges it for tokens refuses it. nixgen doesn't go on without it, since builds with the same credentials would fail in the same way.");

    /// <summary>NG3362.</summary>
    public static readonly DiagnosticDescriptor NoCredentials = Upstream(
        "NG3362",
        "Credentials for Google Cloud are required and there are none",
        "The model says 'auth.required: true'. Credentials are looked for in 'auth.tokenFile', 'auth.tokenEnvVar', 'auth.gcpServiceAccountKey', GOOGLE_OAUTH_ACCESS_TOKEN, CLOUDSDK_AUTH_ACCESS_TOKEN, the file GOOGLE_APPLICATION_CREDENTIALS, gcloud's application_default_credentials.json, and the metadata server of a machine in Google's cloud. A server that only the manifest names gets only what 'auth' names.");

    /// <summary>NG3363.</summary>
    public static readonly DiagnosticDescriptor PrivateOrMissing = Upstream(
        "NG3363",
        "The bucket isn't public, or doesn't exist",
        "Who shows no credentials is told the same of private buckets and of those that don't exist.");

    /// <summary>NG3364.</summary>
    public static readonly DiagnosticDescriptor CredentialsRefused = Upstream(
        "NG3364",
        "Cloud Storage doesn't know the credentials",
        "A token that is expired, revoked or cut off is refused everywhere, even for public buckets.");

    /// <summary>NG3365.</summary>
    public static readonly DiagnosticDescriptor Forbidden = Upstream(
        "NG3365",
        "The credentials don't open the bucket",
        "Listing needs the permission storage.objects.list, and reading storage.objects.get; the role Storage Object Viewer (roles/storage.objectViewer) has both. A token must be of a scope that may read, such as devstorage.read_only.");

    /// <summary>NG3366.</summary>
    public static readonly DiagnosticDescriptor BucketMissing = Upstream(
        "NG3366",
        "There is no such bucket",
        "The name is misspelt, or the bucket was deleted.");

    /// <summary>NG3367.</summary>
    public static readonly DiagnosticDescriptor GenerationMissing = Upstream(
        "NG3367",
        "The object has no such generation",
        "Old generations are kept only where the bucket has object versioning or soft delete, and only for as long as its lifecycle rules say.");

    /// <summary>NG3368.</summary>
    public static readonly DiagnosticDescriptor ObjectLost = Upstream(
        "NG3368",
        "An object vanished while it was locked",
        "It was listed, and when its content was asked for, that generation was gone: somebody writes to the bucket.");

    /// <summary>NG3369.</summary>
    public static readonly DiagnosticDescriptor PayerMissing = Upstream(
        "NG3369",
        "The bucket makes those pay who read it",
        "Requests to a bucket with Requester Pays must name a project that pays for them. nixgen doesn't spend money that nobody told it to spend.");

    /// <summary>NG3370.</summary>
    public static readonly DiagnosticDescriptor RateLimited = Upstream(
        "NG3370",
        "Cloud Storage limits the rate",
        "Too many requests were made in a short time, and waiting as long as the server asked didn't help.");

    /// <summary>NG3371.</summary>
    public static readonly DiagnosticDescriptor ServerFails = Upstream(
        "NG3371",
        "Cloud Storage has a problem",
        "The server answered with an error of its own, several times.");

    /// <summary>NG3372.</summary>
    public static readonly DiagnosticDescriptor OddAnswer = Upstream(
        "NG3372",
        "An answer isn't one that Cloud Storage gives",
        "A proxy, a login page or an emulator may stand between.");

    /// <summary>NG3373.</summary>
    public static readonly DiagnosticDescriptor StoredPacked = Upstream(
        "NG3373",
        "An object is stored in an encoding that isn't undone on the way",
        "Objects with 'Content-Encoding: gzip' are unpacked by Cloud Storage when they are read. Those with another encoding, or with 'Cache-Control: no-transform', are sent as they are stored, and programs that read them would find packed bytes.");

    /// <summary>NG3374.</summary>
    public static readonly DiagnosticDescriptor BadEmulator = new(
        "NG3374",
        "STORAGE_EMULATOR_HOST names no server that can be used",
        "It is a base URL, or a host and a port. Plain http is for servers on this machine.");

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        LooseGeneration, BadCredentials, NoCredentials, PrivateOrMissing, CredentialsRefused, Forbidden, BucketMissing,
        GenerationMissing, ObjectLost, PayerMissing, RateLimited, ServerFails, OddAnswer, StoredPacked, BadEmulator,
    ];

    private static DiagnosticDescriptor Upstream(string code, string title, string explanation) =>
        new(code, title, explanation, Kind: FailureKind.Upstream);
}
