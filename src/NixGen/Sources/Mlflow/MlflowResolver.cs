using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Mlflow;

/// <summary>Resolves a request: the version behind a name, where its files are, listing, selection, and hashes.</summary>
internal static class MlflowResolver
{
    /// <summary>Resolves; adds diagnostics and gives null where that fails.</summary>
    public static async Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken)
    {
        var request = (MlflowRequest)context.Request;
        if (Prepare(request, context) is not { } server)
        {
            return null;
        }

        context.Progress.Step(context.Model.Name, "looking for the version");
        if (await new MlflowFinding(server, context).FindAsync(request.Model, cancellationToken) is not { } found)
        {
            return null;
        }

        if (request.FromStore)
        {
            return await new ObjectStores(server, context).ResolveAsync(found, cancellationToken);
        }

        if (await new ArtifactStores(server, context).OpenAsync(found, cancellationToken) is not { } opened
            || await ListAsync(server, opened, context, cancellationToken) is not var (store, listed))
        {
            return null;
        }

        var selection = new FileSelection(request.Files, request.Exclude) { Weights = request.Weights };
        var listing = new Listing(context.Model, $"The MLflow model '{request.Model.Uri}'", opened.Storage);
        if (listing.Select(selection, listed, artifact => artifact.Path, artifact => artifact.Size ?? 0, context.Diagnostics) is not { } selected
            || await new ArtifactHashing(server, store, context).LockAsync(selected, cancellationToken) is not { } files)
        {
            return null;
        }

        var resolved = new ResolvedRevision(request.Model.Id, ContentRevision.Of(files), server.BaseUrl)
        {
            Version = found.Version,
            Storage = store.Storage,
        };
        return new(resolved, files);
    }

    private static MlflowServer? Prepare(MlflowRequest request, ResolveContext context)
    {
        string? own = null;
        if (context.Environment.Variable("MLFLOW_TRACKING_URI") is { } stated)
        {
            (own, var problem) = MlflowAddress.Parse(stated);
            if (own is null && request.TrackingUri is null)
            {
                context.Diagnostics.Add(MlflowDiagnostics.HasBadVariable(context.Model, problem ?? "is wrong"));
                return null;
            }
        }

        if ((request.TrackingUri ?? own) is not { } used)
        {
            context.Diagnostics.Add(MlflowDiagnostics.NamesNoServer(context.Model));
            return null;
        }

        var credentials = MlflowCredentials.Find(context.Model.Auth, context.Environment, used, isOwnServer: used == own);
        var server = new MlflowServer(context.Model, used, credentials, used == own, context);
        // What makes a token is a program of the build's, so that a model may be locked without one.
        if (credentials.Token is null && context.Model.Auth is { Required: true, MakesToken: false })
        {
            context.Diagnostics.Add(MlflowDiagnostics.LacksCredentials(server));
            return null;
        }

        if (credentials.Token is { } token && !token.Reveal().All(character => character is > ' ' and < '\u007f'))
        {
            context.Diagnostics.Add(MlflowDiagnostics.HoldsNoToken(server, token));
            return null;
        }

        return server;
    }

    // Listing a file gives nothing; the folder that it is in knows it.
    private static async Task<(ArtifactStore Store, ImmutableArray<Artifact> Listed)?> ListAsync(
        MlflowServer server, ArtifactStore store, ResolveContext context, CancellationToken cancellationToken)
    {
        var listing = new ArtifactListing(server, context);
        if (await listing.ReadAsync(store, cancellationToken) is not { } listed)
        {
            return null;
        }

        if (!listed.IsEmpty)
        {
            return (store, listed);
        }

        if (store.Parent is var (parent, name))
        {
            if (await listing.FileAsync(parent, name, cancellationToken) is not { } alone)
            {
                return null;
            }

            if (!alone.IsEmpty)
            {
                return (parent, alone);
            }
        }

        context.Diagnostics.Add(MlflowDiagnostics.HasNoFiles(server, store.Storage));
        return null;
    }
}
