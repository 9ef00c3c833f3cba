using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.Azure;

/// <summary>What keeps blobs of Azure Storage from being locked.</summary>
public static partial class AzureDiagnostics
{
    /// <summary>NG3380.</summary>
    public static readonly DiagnosticDescriptor BadCredentials = Upstream(
        "NG3380",
        "Credentials for Azure can't be used",
        "A key or an identity is stated in variables, and it is none, or Entra refuses it. nixgen doesn't go on without it, since builds with the same credentials would fail in the same way.");

    /// <summary>NG3381.</summary>
    public static readonly DiagnosticDescriptor NoCredentials = Upstream(
        "NG3381",
        "Credentials for Azure are required and there are none",
        "The model says 'auth.required: true'. Credentials are looked for in 'auth.tokenFile' and 'auth.tokenEnvVar' (a bearer token or a shared access signature), AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY and AZURE_STORAGE_SAS_TOKEN of the account that AZURE_STORAGE_ACCOUNT names, and in identities of Entra: AZURE_CLIENT_ID with a secret, a certificate or a federated token, the login of the Azure CLI, and the managed identity of the machine. A server that only the manifest names gets only what 'auth' names.");

    /// <summary>NG3382.</summary>
    public static readonly DiagnosticDescriptor PrivateOrMissing = Upstream(
        "NG3382",
        "The container isn't public, or doesn't exist",
        "Who shows no credentials is told the same of private containers and of those that don't exist.");

    /// <summary>NG3383.</summary>
    public static readonly DiagnosticDescriptor CredentialsRefused = Upstream(
        "NG3383",
        "Blob Storage doesn't accept the credentials",
        "A key that was exchanged for another, a shared access signature that has ended or was made for something else, a token that is for another service: all are answered alike.");

    /// <summary>NG3384.</summary>
    public static readonly DiagnosticDescriptor Forbidden = Upstream(
        "NG3384",
        "The credentials don't open the container",
        "An identity of Entra needs the role Storage Blob Data Reader; that it owns the account isn't enough. A shared access signature needs the permissions to read and to list ('rl') for the container. The account's firewall may refuse as well.");

    /// <summary>NG3385.</summary>
    public static readonly DiagnosticDescriptor ContainerMissing = Upstream(
        "NG3385",
        "There is no such container",
        "The name is misspelt, or the container was deleted.");

    /// <summary>NG3386.</summary>
    public static readonly DiagnosticDescriptor BlobLost = Upstream(
        "NG3386",
        "A blob changed or vanished while it was locked",
        "It was listed, and when its content was asked for, it wasn't the one that was listed: somebody writes to the container.");

    /// <summary>NG3387.</summary>
    public static readonly DiagnosticDescriptor RateLimited = Upstream(
        "NG3387",
        "Blob Storage limits the rate",
        "Too many requests were made in a short time, and waiting didn't help.");

    /// <summary>NG3388.</summary>
    public static readonly DiagnosticDescriptor ServerFails = Upstream(
        "NG3388",
        "Blob Storage has a problem",
        "The server answered with an error of its own, several times.");

    /// <summary>NG3389.</summary>
    public static readonly DiagnosticDescriptor OddAnswer = Upstream(
        "NG3389",
        "An answer isn't one that Blob Storage gives",
        "A proxy, a login page or an emulator may stand between.");

    /// <summary>NG3390.</summary>
    public static readonly DiagnosticDescriptor StoredPacked = Upstream(
        "NG3390",
        "A blob is stored in an encoding that isn't undone on the way",
        "Blobs with a 'Content-Encoding' are sent as they are stored, and programs that read them would find packed bytes.");

    /// <summary>NG3391.</summary>
    public static readonly DiagnosticDescriptor BadConnection = new(
        "NG3391",
        "AZURE_STORAGE_CONNECTION_STRING names no server that can be used",
        "Its BlobEndpoint is a URL. Plain http is for servers on this machine.");

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        BadCredentials, NoCredentials, PrivateOrMissing, CredentialsRefused, Forbidden, ContainerMissing, BlobLost, RateLimited,
        ServerFails, OddAnswer, StoredPacked, BadConnection,
    ];

    private static DiagnosticDescriptor Upstream(string code, string title, string explanation) =>
        new(code, title, explanation, Kind: FailureKind.Upstream);
}
