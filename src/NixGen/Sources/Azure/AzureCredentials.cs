using System.Collections.Immutable;
using NixGen.Manifest;
using NixGen.Sources.Objects;

namespace NixGen.Sources.Azure;

/// <summary>Who asks Blob Storage: what the manifest names, the standard variables of the account, or an identity of Entra that Microsoft's own library finds. Without any, anybody asks, until a server wants to know who does.</summary>
internal sealed class AzureCredentials
{
    private readonly AzureRequest _request;
    private readonly AzureIdentity _identity;
    private readonly bool _isOwnServer;
    private readonly ImmutableArray<string>.Builder _looked = ImmutableArray.CreateBuilder<string>();
    private readonly Secret? _bearer;
    private readonly Secret? _key;
    private readonly Secret? _signature;
    private bool _usesIdentity;

    private AzureCredentials(AzureRequest request, AuthSettings auth, HostEnvironment environment, AzureAccount? stated, bool isOwnServer, AzureIdentity identity)
    {
        (_request, _identity, _isOwnServer) = (request, identity, isOwnServer);
        if (StatedToken.Find(auth, environment, _looked) is { } token)
        {
            var isSignature = SharedAccessSignature.IsOne(token.Reveal());
            _bearer = isSignature ? null : token;
            _signature = isSignature ? token : null;
        }
        else if (!isOwnServer)
        {
            _looked.Add("the machine's own credentials (not sent to an endpoint that only the manifest names; name some in 'auth' to send them)");
        }
        else if (stated is not null && stated.Name == request.Account && (stated.Key ?? stated.Signature) is { } secret)
        {
            var found = new Secret(secret, "the variable AZURE_STORAGE_CONNECTION_STRING");
            _key = stated.Key is null ? null : found;
            _signature = stated.Key is null ? found : null;
        }
        else
        {
            (_key, _signature) = Standard(environment);
        }

        Origin = (_bearer ?? _key ?? _signature)?.Origin;
    }

    /// <summary>The places that were looked at in vain, each with what was found there; holds no secret.</summary>
    public ImmutableArray<string> Looked => _looked.ToImmutable();

    /// <summary>Where the credentials come from; null while anybody asks.</summary>
    public string? Origin { get; private set; }

    /// <summary>Looks for credentials in files and variables; asks nobody.</summary>
    /// <param name="request">The blobs.</param>
    /// <param name="auth">What the manifest states.</param>
    /// <param name="environment">The machine's variables.</param>
    /// <param name="stated">What the connection string of the environment states, or null.</param>
    /// <param name="isOwnServer">Whether the server is Azure's own or one that the user's machine names.</param>
    /// <param name="identity">Identities of Entra.</param>
    public static AzureCredentials Find(
        AzureRequest request, AuthSettings auth, HostEnvironment environment, AzureAccount? stated, bool isOwnServer, AzureIdentity identity) =>
        new(request, auth, environment, stated, isOwnServer, identity);

    /// <summary>A request with the credentials on it.</summary>
    /// <param name="url">The address, without a signature.</param>
    /// <param name="cancellationToken">Ends the exchange for a token.</param>
    /// <exception cref="CredentialException">The credentials can't be used.</exception>
    public async Task<UpstreamRequest> AuthorizeAsync(string url, CancellationToken cancellationToken)
    {
        var signature = _signature?.Reveal().TrimStart('?');
        if (_key is { } key)
        {
            signature = Sign(key);
        }

        var token = _usesIdentity ? await _identity.TokenAsync(cancellationToken) : _bearer;
        var signed = signature is null ? url : $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{signature}";
        return new UpstreamRequest(new Uri(signed), token) with
        {
            Headers = ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase).Add("x-ms-version", AzureStore.Version),
        };
    }

    /// <summary>Looks for an identity of Entra: only where nothing else gives access, since it can cost seconds.</summary>
    public async Task<bool> TryIdentityAsync(CancellationToken cancellationToken)
    {
        if (Origin is not null || !_isOwnServer)
        {
            return false;
        }

        _usesIdentity = await _identity.FindAsync(_looked, cancellationToken);
        Origin = _usesIdentity ? _identity.Origin : null;
        return _usesIdentity;
    }

    private string Sign(Secret key)
    {
        try
        {
            return SharedAccessSignature.Make(_request.Account, key.Reveal(), _request.Container, TimeProvider.System.GetUtcNow());
        }
        catch (FormatException)
        {
            throw new CredentialException(key.Origin, "holds no key of a storage account, which is base64");
        }
    }

    // A signature is for one account, and must not be sent to another.
    private (Secret? Key, Secret? Signature) Standard(HostEnvironment environment)
    {
        var key = StatedToken.FromVariable("AZURE_STORAGE_KEY", environment, _looked);
        var signature = key is null ? StatedToken.FromVariable("AZURE_STORAGE_SAS_TOKEN", environment, _looked) : null;
        if ((key ?? signature) is { } found && environment.Variable("AZURE_STORAGE_ACCOUNT") != _request.Account)
        {
            _looked.Add($"{found.Origin} (AZURE_STORAGE_ACCOUNT doesn't name '{_request.Account}')");
            return (null, null);
        }

        return (key, signature);
    }
}
