using System.Collections.Immutable;
using NixGen.Lock;

namespace NixGen.Sources.Url;

/// <summary>Locks the files of a <c>url</c> source, several at once.</summary>
/// <param name="context">What is to be resolved, and where answers go.</param>
internal sealed class UrlResolver(ResolveContext context)
{
    private const int Parallelism = 4;

    /// <summary>Resolves; adds diagnostics and gives null where that fails.</summary>
    public async Task<LockedSource?> ResolveAsync(CancellationToken cancellationToken)
    {
        var request = (UrlRequest)context.Request;
        if (!HaveCredentials(request))
        {
            return null;
        }

        if (request.Extract)
        {
            if (context.Model.Hash is not null)
            {
                context.Diagnostics.Add(UrlDiagnostics.HasHashOfTree(context.Model));
                return null;
            }

            return await new ArchiveLocker(context, request).LockAsync(cancellationToken) is { } members
                ? new(new(IdOf(request), ContentRevision.Of(members)), members)
                : null;
        }

        var files = new LockedFile?[request.Files.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, files.Length),
            parallel,
            async (i, cancellation) => files[i] = await new UrlLocker(context, request.Files[i]).LockAsync(cancellation));
        if (!Array.TrueForAll(files, file => file is not null))
        {
            return null;
        }

        ImmutableArray<LockedFile> locked = [.. files.OfType<LockedFile>()];
        TellChanges(request, locked);
        return new(new(IdOf(request), ContentRevision.Of(locked)), locked);
    }

    private bool HaveCredentials(UrlRequest request)
    {
        var auth = context.Model.Auth;
        var origins = request.Files.Select(file => file.Address.Origin).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var origin in origins)
        {
            var address = request.Files.First(file => file.Address.Origin == origin).Address;
            var credentials = UrlCredentials.Find(auth, context.Environment, address);
            if (credentials.Token is null)
            {
                // What makes a token is a program of the build's, so that a model may be locked without one.
                if (auth is { Required: true, MakesToken: false })
                {
                    context.Diagnostics.Add(UrlDiagnostics.LacksToken(context.Model, origin, credentials.Looked));
                    return false;
                }
            }
            else if (!credentials.Token.Reveal().All(character => character is > ' ' and < '\u007f'))
            {
                context.Diagnostics.Add(UrlDiagnostics.HoldsNoToken(context.Model, credentials.Token));
                return false;
            }
            else if (credentials.Scheme == "Bearer" && origins.Length > 1)
            {
                context.Diagnostics.Add(UrlDiagnostics.HasSeveralOwners(context.Model, credentials.Token, origins));
                return false;
            }
        }

        return true;
    }

    private void TellChanges(UrlRequest request, ImmutableArray<LockedFile> locked)
    {
        var before = (context.Existing?.Files ?? []).ToDictionary(file => file.Path, StringComparer.Ordinal);
        foreach (var (file, now) in request.Files.Zip(locked))
        {
            if (before.TryGetValue(file.Path, out var old) && old.Url == now.Url && !old.Sha256.Equals(now.Sha256))
            {
                context.Diagnostics.Add(UrlDiagnostics.HasChanged(context.Model, file.Address, old, now));
            }
        }
    }

    // Of one file its address; of several what their addresses have in common, if that is more than nothing.
    private static string IdOf(UrlRequest request)
    {
        var addresses = request.Files.Select(file => PublicUrl.Of(file.Address.Url)).ToArray();
        var common = addresses[0];
        foreach (var address in addresses)
        {
            while (!address.StartsWith(common, StringComparison.Ordinal))
            {
                var slash = common.TrimEnd('/').LastIndexOf('/');
                common = common[..(slash + 1)];
            }
        }

        return common.EndsWith("://", StringComparison.Ordinal) || common.Length == 0 ? addresses[0] : common;
    }
}
