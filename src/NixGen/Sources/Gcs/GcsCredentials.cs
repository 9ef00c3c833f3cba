using System.Collections.Immutable;
using Google.Apis.Auth.OAuth2;
using NixGen.Manifest;
using NixGen.Sources.Objects;

namespace NixGen.Sources.Gcs;

/// <summary>Who asks Cloud Storage: a token that the manifest or a variable states, or credentials that Google's own library exchanges for tokens, in the order of its Application Default Credentials. Without any, anybody asks, until a server wants to know who does.</summary>
internal sealed class GcsCredentials
{
    private readonly Secret? _token;
    private readonly HostEnvironment _environment;
    private readonly GoogleTransport _transport;
    private readonly bool _isOwnServer;
    private readonly ImmutableArray<string>.Builder _looked = ImmutableArray.CreateBuilder<string>();
    private GoogleCredential? _credential;

    private GcsCredentials(AuthSettings auth, HostEnvironment environment, bool isOwnServer, GoogleTransport transport)
    {
        (_environment, _transport, _isOwnServer) = (environment, transport, isOwnServer);
        _token = StatedToken.Find(auth, environment, _looked);
        if (_token is null && auth.GcpServiceAccountKey is { } key)
        {
            UseFile(environment.Expand(key), isStated: true);
        }

        if (_token is null && _credential is null && isOwnServer)
        {
            _token = StatedToken.FromVariable("GOOGLE_OAUTH_ACCESS_TOKEN", environment, _looked)
                ?? StatedToken.FromVariable("CLOUDSDK_AUTH_ACCESS_TOKEN", environment, _looked);
            if (_token is null)
            {
                UseStandardFile();
            }
        }
        else if (!isOwnServer)
        {
            _looked.Add("the machine's own credentials (not sent to an endpoint that only the manifest names; name some in 'auth' to send them)");
        }

        Origin ??= _token?.Origin;
    }

    /// <summary>The places that were looked at in vain, each with what was found there; holds no secret.</summary>
    public ImmutableArray<string> Looked => _looked.ToImmutable();

    /// <summary>Where the credentials come from; null while anybody asks.</summary>
    public string? Origin { get; private set; }

    /// <summary>Looks for credentials in files and variables; asks nobody.</summary>
    /// <param name="auth">What the manifest states.</param>
    /// <param name="environment">The machine's variables.</param>
    /// <param name="isOwnServer">Whether the server is Google's or one that the user's machine names. One that only the manifest names gets only what the manifest names too: whoever writes a manifest must not be sent the token of whoever locks it.</param>
    /// <param name="http">The way to the servers that give tokens.</param>
    /// <exception cref="CredentialException">What should be credentials is none.</exception>
    public static GcsCredentials Find(AuthSettings auth, HostEnvironment environment, bool isOwnServer, IUpstream http) =>
        new(auth, environment, isOwnServer, new(http));

    /// <summary>A token that is good now, or null where anybody asks.</summary>
    /// <exception cref="CredentialException">The credentials are refused.</exception>
    /// <exception cref="UpstreamException">The server that gives tokens gave no answer.</exception>
    public async Task<Secret?> TokenAsync(CancellationToken cancellationToken) => _credential is { } credential
        ? new(await GoogleTransport.TokenAsync(credential, Origin ?? "", cancellationToken), Origin ?? "")
        : _token;

    /// <summary>Looks whether this machine is one of Google's, which has an account of its own. Only asked where nothing else gives access, since elsewhere it costs seconds.</summary>
    public async Task<bool> TryMachineAsync(CancellationToken cancellationToken)
    {
        if (Origin is not null || !_isOwnServer)
        {
            return false;
        }

        if (_environment.Variable("NO_GCE_CHECK")?.ToUpperInvariant() is "TRUE" or "1")
        {
            _looked.Add("the metadata server (NO_GCE_CHECK says not to)");
            return false;
        }

        var host = _environment.Variable("GCE_METADATA_HOST") ?? GoogleTransport.MetadataHost;
        if (await _transport.MachineAsync(host, cancellationToken) is not { } credential)
        {
            _looked.Add($"the metadata server {host} (gives no token)");
            return false;
        }

        (_credential, Origin) = (credential, "this machine's service account");
        return true;
    }

    // The order of Application Default Credentials; a file that is named must be there.
    private void UseStandardFile()
    {
        if (_environment.Variable("GOOGLE_APPLICATION_CREDENTIALS") is { } named)
        {
            UseFile(_environment.Expand(named), isStated: true);
            return;
        }

        _looked.Add("GOOGLE_APPLICATION_CREDENTIALS (not set)");
        var folder = _environment.Variable("CLOUDSDK_CONFIG") is { } stated
            ? _environment.Expand(stated)
            : _environment.HomeFolder is { } home ? Path.Combine(home, ".config", "gcloud") : null;
        if (folder is not null)
        {
            UseFile(Path.Combine(folder, "application_default_credentials.json"), isStated: false);
        }
    }

    private void UseFile(string path, bool isStated)
    {
        var before = _looked.Count;
        if (StatedToken.FromFile(path, _looked) is { } content)
        {
            (_credential, Origin) = (_transport.Read(content), content.Origin);
        }
        else if (isStated)
        {
            throw new CredentialException(path, $"can't be used: {string.Join("; ", _looked.Skip(before))}");
        }
    }
}
