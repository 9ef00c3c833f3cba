using NixGen.Lock;
using NixGen.Sources.Objects;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Gcs;

/// <summary>Resolves a request: which objects, in which generation, with which SHA-256. Cloud Storage states no SHA-256, so what isn't known from before is streamed once.</summary>
internal static class GcsResolver
{
    /// <summary>Resolves; adds diagnostics and gives null where that fails.</summary>
    public static async Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken)
    {
        if (context.Request is not GcsRequest request || EndpointFor(request, context) is not { } endpoint)
        {
            return null;
        }

        try
        {
            var isOwnServer = request.Endpoint is null || request.Endpoint == GcsEndpoint.Default;
            var credentials = GcsCredentials.Find(context.Model.Auth, context.Environment, isOwnServer, context.Http);
            return await ResolveAsync(new(context.Model, request, endpoint, credentials), context, cancellationToken);
        }
        catch (CredentialException exception)
        {
            context.Diagnostics.Add(GcsDiagnostics.HasBadCredentials(context.Model, exception));
            return null;
        }
    }

    private static async Task<LockedSource?> ResolveAsync(GcsQuestion question, ResolveContext context, CancellationToken cancellationToken)
    {
        if (context.Model.Auth.Required && question.Credentials.Origin is null && !await question.Credentials.TryMachineAsync(cancellationToken))
        {
            context.Diagnostics.Add(GcsDiagnostics.LacksCredentials(question));
            return null;
        }

        var request = question.Request;
        var store = new GcsStore(question, context);
        context.Progress.Step(context.Model.Name, $"listing {request.Uri}");
        var selection = new ObjectSelection(store, context.Model, context.Diagnostics);
        if (await selection.SelectAsync(request.Prefix, request.Generation, new FileSelection(request.Files, request.Exclude) { Weights = request.Weights }, cancellationToken) is not { } files)
        {
            return null;
        }

        var id = request.Prefix.Length == 0 ? request.Bucket : $"{request.Bucket}/{request.Prefix}";
        if (await new ObjectLocking(store, id, request.Bucket, context).LockAsync(files, cancellationToken) is not { } locked)
        {
            return null;
        }

        return new(new ResolvedRevision(id, ContentRevision.Of(locked), question.Endpoint.BaseUrl), locked);
    }

    private static GcsEndpoint? EndpointFor(GcsRequest request, ResolveContext context)
    {
        if (request.Endpoint is not null || context.Environment.Variable("STORAGE_EMULATOR_HOST") is not { } text)
        {
            return request.Endpoint ?? GcsEndpoint.Default;
        }

        var (endpoint, problem) = GcsEndpoint.ParseEmulator(text);
        if (problem is not null)
        {
            context.Diagnostics.Add(GcsDiagnostics.HasBadEmulator(context.Model, text, problem));
        }

        return endpoint;
    }
}
