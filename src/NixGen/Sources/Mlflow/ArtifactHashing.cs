using System.Collections.Immutable;
using NixGen.Lock;

namespace NixGen.Sources.Mlflow;

/// <summary>Streams files once, in constant memory. Nobody states their hashes, and what is behind a name can be overwritten, so nothing is taken from before.</summary>
/// <param name="server">The tracking server.</param>
/// <param name="store">Where the files are.</param>
/// <param name="context">Where faults and progress go.</param>
internal sealed class ArtifactHashing(MlflowServer server, ArtifactStore store, ResolveContext context)
{
    // A server sends each file by one of its workers, of which it has four by default.
    private const int Parallelism = 4;

    /// <summary>The files, in their order; null, with a diagnostic, where one can't be had.</summary>
    public async Task<ImmutableArray<LockedFile>?> LockAsync(ImmutableArray<Artifact> artifacts, CancellationToken cancellationToken)
    {
        if (!context.Admission.Admits(context.Model, new("", ""), [.. artifacts.Select(artifact => new ListedSize(artifact.Path, artifact.Size ?? 0))], context.Diagnostics))
        {
            return null;
        }

        var locked = new LockedFile?[artifacts.Length];
        var done = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = stop.Token };
        try
        {
            await Parallel.ForAsync(0, artifacts.Length, options, async (i, cancellation) =>
            {
                locked[i] = await LockAsync(artifacts[i], cancellation);
                context.Progress.Files(context.Model.Name, Interlocked.Increment(ref done), artifacts.Length);
                if (locked[i] is null)
                {
                    await stop.CancelAsync();
                }
            });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null; // stopped by a failure, which has its diagnostic
        }

        return Array.TrueForAll(locked, file => file is not null) ? [.. locked.OfType<LockedFile>()] : null;
    }

    private async Task<LockedFile?> LockAsync(Artifact artifact, CancellationToken cancellationToken)
    {
        var url = store.Content(artifact.Path);
        var content = await context.Http.HashAsync(server.Request(url), artifact.Size, ContentDigests.None, cancellationToken);
        if (content.Sha256 is { } hash)
        {
            return LockedFile.Of(artifact.Path, content.Length, hash) with { Url = store.IsBase ? null : url.AbsoluteUri };
        }

        server.Refuse(content.Response, $"the content of '{LockDiagnostics.Printable(artifact.Path)}'");
        return null;
    }
}
