using System.Collections.Immutable;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using NixGen.Diagnostics;
using NixGen.Sources.Objects;

namespace NixGen.Sources.Azure;

/// <summary>Identities of Entra, found and exchanged for tokens by Microsoft's own library on the way out that all requests take: what variables state, the login of the Azure CLI, the identity of this machine. Each is given seconds only.</summary>
/// <param name="http">That way.</param>
/// <param name="environment">The machine's variables.</param>
internal sealed class AzureIdentity(IUpstream http, HostEnvironment environment)
{
    private static readonly TokenRequestContext _scope = new(["https://storage.azure.com/.default"]);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _longestMachine = TimeSpan.FromSeconds(3);
    private TokenCredential? _credential;

    /// <summary>What was found.</summary>
    public string? Origin { get; private set; }

    /// <summary>Finds an identity that gives a token; says where there was none.</summary>
    /// <exception cref="CredentialException">Variables state an identity that is refused.</exception>
    public async Task<bool> FindAsync(ImmutableArray<string>.Builder looked, CancellationToken cancellationToken)
    {
        if (Stated() is { } stated)
        {
            (_credential, Origin) = stated;
            await TokenAsync(cancellationToken);
            return true;
        }

        looked.Add("AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH and AZURE_FEDERATED_TOKEN_FILE (none set with AZURE_TENANT_ID and AZURE_CLIENT_ID)");
        var cli = new AzureCliCredential(new AzureCliCredentialOptions { ProcessTimeout = _longest });
        if (environment.Variable("HOME") is not null && await IsGoodAsync(cli, _longest, cancellationToken))
        {
            (_credential, Origin) = (cli, "the login of the Azure CLI");
            return true;
        }

        looked.Add("the Azure CLI (not there, or nobody has logged in)");
        var id = environment.Variable("AZURE_CLIENT_ID") is { } client ? ManagedIdentityId.FromUserAssignedClientId(client) : ManagedIdentityId.SystemAssigned;
        var machine = new ManagedIdentityCredential(With(new ManagedIdentityCredentialOptions(id)));
        if (await IsGoodAsync(machine, _longestMachine, cancellationToken))
        {
            (_credential, Origin) = (machine, "the managed identity of this machine");
            return true;
        }

        looked.Add("the managed identity of this machine (gives no token)");
        return false;
    }

    /// <summary>A token that is good now; the library keeps it until shortly before it ends.</summary>
    /// <exception cref="CredentialException">The identity is refused.</exception>
    public async Task<Secret> TokenAsync(CancellationToken cancellationToken)
    {
        var (credential, origin) = (_credential ?? throw new InvalidOperationException("No identity was found."), Origin ?? "");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_longest);
        try
        {
            return new((await credential.GetTokenAsync(_scope, patience.Token)).Token, origin);
        }
        catch (Exception exception) when (Upstream(exception) is { } upstream)
        {
            throw new UpstreamException(upstream.Failure, upstream.Url, upstream.Message, exception);
        }
        catch (AuthenticationFailedException exception)
        {
            throw new CredentialException(origin, $"is refused by Entra: {Quoted.Bare(exception.Message.Split('\n')[0])}");
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UpstreamException(
                UpstreamFailure.Timeout, new Uri("https://login.microsoftonline.com/"), $"Entra gave no token for {origin} within {_longest.TotalSeconds:0} s.", exception);
        }
    }

    // What variables state, in the order of the library's own chain.
    private (TokenCredential Credential, string Origin)? Stated()
    {
        if (environment.Variable("AZURE_TENANT_ID") is not { } tenant || environment.Variable("AZURE_CLIENT_ID") is not { } client)
        {
            return null;
        }

        if (environment.Variable("AZURE_CLIENT_SECRET") is { } secret)
        {
            return (new ClientSecretCredential(tenant, client, secret, With(new ClientSecretCredentialOptions { DisableInstanceDiscovery = HasOwnAuthority })), "the variable AZURE_CLIENT_SECRET");
        }

        if (environment.Variable("AZURE_CLIENT_CERTIFICATE_PATH") is { } certificate)
        {
            return (new ClientCertificateCredential(tenant, client, environment.Expand(certificate), With(new ClientCertificateCredentialOptions { DisableInstanceDiscovery = HasOwnAuthority })), "the variable AZURE_CLIENT_CERTIFICATE_PATH");
        }

        return environment.Variable("AZURE_FEDERATED_TOKEN_FILE") is { } file
            ? (new WorkloadIdentityCredential(With(new WorkloadIdentityCredentialOptions { TenantId = tenant, ClientId = client, TokenFilePath = file, DisableInstanceDiscovery = HasOwnAuthority })), "the variable AZURE_FEDERATED_TOKEN_FILE")
            : null;
    }

    // Another authority isn't known to the public one, which would be asked about it.
    private bool HasOwnAuthority => environment.Variable("AZURE_AUTHORITY_HOST") is not null;

    private T With<T>(T options)
        where T : TokenCredentialOptions
    {
        options.Transport = new HttpClientTransport(new HttpClient(http.Transport, disposeHandler: false));
        options.Retry.MaxRetries = 1;
        if (Uri.TryCreate(environment.Variable("AZURE_AUTHORITY_HOST"), UriKind.Absolute, out var host))
        {
            options.AuthorityHost = host;
        }

        return options;
    }

    private static async Task<bool> IsGoodAsync(TokenCredential credential, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(longest);
        try
        {
            await credential.GetTokenAsync(_scope, patience.Token);
            return true;
        }
        catch (Exception exception) when (exception is AuthenticationFailedException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static UpstreamException? Upstream(Exception? exception) => exception switch
    {
        null => null,
        UpstreamException upstream => upstream,
        AggregateException { InnerExceptions: [var first, ..] } => Upstream(first),
        _ => Upstream(exception.InnerException),
    };
}
