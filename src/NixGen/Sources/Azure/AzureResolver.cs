using NixGen.Lock;
using NixGen.Sources.Objects;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Azure;

/// <summary>Resolves a request: which blobs, in which version, with which SHA-256. Blob Storage states none, so what isn't known from before is streamed once.</summary>
internal static class AzureResolver
{
    /// <summary>Resolves; adds diagnostics and gives null where that fails.</summary>
    public static async Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken)
    {
        if (context.Request is not AzureRequest request)
        {
            return null;
        }

        try
        {
            var stated = context.Environment.Variable("AZURE_STORAGE_CONNECTION_STRING") is { } text ? AzureAccount.Parse(text) : null;
            if (EndpointFor(request, stated, context) is not { } endpoint)
            {
                return null;
            }

            var isOwnServer = request.Endpoint is null || request.Endpoint == AzureRequest.EndpointOf(request.Account);
            var identity = new AzureIdentity(context.Http, context.Environment);
            var credentials = AzureCredentials.Find(request, context.Model.Auth, context.Environment, stated, isOwnServer, identity);
            return await ResolveAsync(new(context.Model, request, endpoint, credentials), context, cancellationToken);
        }
        catch (CredentialException exception)
        {
            context.Diagnostics.Add(AzureDiagnostics.HasBadCredentials(context.Model, exception));
            return null;
        }
    }

    private static async Task<LockedSource?> ResolveAsync(AzureQuestion question, ResolveContext context, CancellationToken cancellationToken)
    {
        if (context.Model.Auth.Required && question.Credentials.Origin is null && !await question.Credentials.TryIdentityAsync(cancellationToken))
        {
            context.Diagnostics.Add(AzureDiagnostics.LacksCredentials(question));
            return null;
        }

        var request = question.Request;
        var store = new AzureStore(question, context);
        context.Progress.Step(context.Model.Name, $"listing {request.Uri}");
        var selection = new ObjectSelection(store, context.Model, context.Diagnostics);
        if (await selection.SelectAsync(request.Prefix, null, new FileSelection(request.Files, request.Exclude) { Weights = request.Weights }, cancellationToken) is not { } files)
        {
            return null;
        }

        var place = $"{request.Account}/{request.Container}";
        var id = request.Prefix.Length == 0 ? place : $"{place}/{request.Prefix}";
        return await new ObjectLocking(store, id, place, context).LockAsync(files, cancellationToken) is { } locked
            ? new(new ResolvedRevision(id, ContentRevision.Of(locked), question.Endpoint), locked)
            : null;
    }

    // The manifest's, or what the connection string states of the same account, or the account's own.
    private static string? EndpointFor(AzureRequest request, AzureAccount? stated, ResolveContext context)
    {
        if (request.Endpoint is not null || stated?.Endpoint is not { } text || stated.Name != request.Account)
        {
            return request.Endpoint ?? AzureRequest.EndpointOf(request.Account);
        }

        var (endpoint, problem) = ObjectEndpoint.Parse(text);
        if (problem is not null)
        {
            context.Diagnostics.Add(AzureDiagnostics.HasBadConnection(context.Model, problem));
        }

        return endpoint;
    }
}
