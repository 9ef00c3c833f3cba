using NixGen.Lock;
using NixGen.Sources.Objects;
using NixGen.Sources.Selection;

namespace NixGen.Sources.S3;

/// <summary>Resolves a request: credentials, listing, selection, versions and hashes. No content whose whole SHA-256 the store states is transferred.</summary>
internal static class S3Resolver
{
    /// <summary>Resolves; adds diagnostics and gives null where that fails.</summary>
    public static async Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken)
    {
        var request = (S3Request)context.Request;
        if (S3Place.Of(request, context.Environment, context.Diagnostics) is not { } place)
        {
            return null;
        }

        context.Progress.Step(context.Model.Name, "looking for credentials");
        var credentials = await S3Credentials.FindAsync(request, context.Model.Auth, context.Environment, context.Http.IsOffline);
        if (credentials.MissingProfile is not null || (credentials.AreNobodys && context.Model.Auth.Required))
        {
            context.Diagnostics.Add(S3Diagnostics.LacksCredentials(context.Model, credentials));
            return null;
        }

        var (locked, region) = await LockAsync(request, place, credentials, context, cancellationToken);
        if (region is null)
        {
            return locked;
        }

        (locked, _) = await LockAsync(request, place with { Region = region, IsRegionStated = true }, credentials, context, cancellationToken);
        return locked;
    }

    private static async Task<(LockedSource? Locked, string? OtherRegion)> LockAsync(
        S3Request request, S3Place place, S3Credentials credentials, ResolveContext context, CancellationToken cancellationToken)
    {
        using var store = new S3Store(place, credentials, context);
        var selection = new ObjectSelection(store, context.Model, context.Diagnostics);
        var selected = await selection.SelectAsync(
            request.Prefix, request.VersionId, new FileSelection(request.Files, request.Exclude) { Weights = request.Weights }, cancellationToken);
        if (selected is null)
        {
            return (null, store.OtherRegion);
        }

        var files = await new ObjectLocking(store, request.Id, request.Bucket, context).LockAsync(selected.Value, cancellationToken);
        return files is null
            ? (null, store.OtherRegion)
            : (new(new(request.Id, ContentRevision.Of(files.Value), place.Endpoint) { Region = place.Region }, files.Value), null);
    }
}
