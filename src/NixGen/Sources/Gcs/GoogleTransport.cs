using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using Google.Apis.Http;
using NixGen.Diagnostics;
using NixGen.Sources.Objects;

namespace NixGen.Sources.Gcs;

/// <summary>Google's own library for credentials, on the way out that all requests take.</summary>
/// <param name="http">That way.</param>
internal sealed class GoogleTransport(IUpstream http)
{
    /// <summary>Where machines of Google's have their metadata server: <c>metadata.google.internal</c>, by its fixed address.</summary>
    public const string MetadataHost = "169.254.169.254";

    private const string Scope = "https://www.googleapis.com/auth/devstorage.read_only";
    private static readonly TimeSpan _longestExchange = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _longestProbe = TimeSpan.FromSeconds(3);
    private static readonly string[] _kinds =
    [
        "service_account", "authorized_user", "external_account", "external_account_authorized_user", "impersonated_service_account",
    ];

    private readonly HttpClientFromMessageHandlerFactory _clients = new(_ => new(http.Transport, false, false));

    /// <summary>Understands the JSON of a file of credentials.</summary>
    /// <exception cref="CredentialException">It is none.</exception>
    public GoogleCredential Read(Secret content)
    {
        var kind = KindOf(content);
        if (!_kinds.Contains(kind, StringComparer.Ordinal))
        {
            throw new CredentialException(content.Origin, $"holds no credentials: 'type' is {(kind is null ? "missing" : $"'{Quoted.Bare(kind)}'")}");
        }

        try
        {
            return CredentialFactory.FromJson(content.Reveal(), kind).CreateWithHttpClientFactory(_clients).CreateScoped(Scope);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The library's words may quote the key.
            throw new CredentialException(content.Origin, "holds credentials that can't be understood");
        }
    }

    /// <summary>A token that is good now.</summary>
    /// <exception cref="CredentialException">The credentials are refused.</exception>
    /// <exception cref="UpstreamException">The server that gives tokens gave no answer.</exception>
    public static async Task<string> TokenAsync(GoogleCredential credential, string origin, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_longestExchange);
        try
        {
            return await ((ITokenAccess)credential).GetAccessTokenForRequestAsync(null, patience.Token);
        }
        catch (TokenResponseException exception)
        {
            var (error, words) = (exception.Error?.Error, exception.Error?.ErrorDescription);
            throw new CredentialException(origin, $"is refused by the server that gives tokens{(error is null ? "" : $": {Quoted.Bare(error)}{(words is null ? "" : $" ({Quoted.Bare(words)})")}")}");
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UpstreamException(
                UpstreamFailure.Unreachable, new Uri("https://oauth2.googleapis.com/token"), $"the server that gives tokens for {origin} gave no answer.", exception);
        }
        catch (Exception exception) when (exception is not (UpstreamException or OperationCanceledException))
        {
            throw new CredentialException(origin, "can't be exchanged for a token");
        }
    }

    /// <summary>The account of this machine, if it is one of Google's; null where no metadata server gives a token in time.</summary>
    public async Task<GoogleCredential?> MachineAsync(string host, CancellationToken cancellationToken)
    {
        var url = $"http://{host}/computeMetadata/v1/instance/service-accounts/default/token";
        if (!Uri.TryCreate(url, UriKind.Absolute, out _))
        {
            return null;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_longestProbe);
        try
        {
            var credential = GoogleCredential.FromComputeCredential(new ComputeCredential(new ComputeCredential.Initializer(url) { HttpClientFactory = _clients }));
            await ((ITokenAccess)credential).GetAccessTokenForRequestAsync(null, patience.Token);
            return credential;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string? KindOf(Secret content)
    {
        try
        {
            using var document = JsonDocument.Parse(content.Reveal());
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("type", out var kind)
                && kind.ValueKind == JsonValueKind.String
                    ? kind.GetString()
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
