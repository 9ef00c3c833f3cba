using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Hashing;

namespace NixGen.Sources.Objects;

/// <summary>Finds the SHA-256 of objects: from the lock where the version is the same, from what the store states, from what was streamed before, or by streaming the content once, in constant memory.</summary>
/// <param name="store">The bucket.</param>
/// <param name="id">The id that the lock has for the model, such as <c>bucket/folder</c>: what an object's key is with the bucket before it, less the file's path.</param>
/// <param name="bucket">The bucket's name.</param>
/// <param name="context">Where messages and progress go.</param>
internal sealed class ObjectLocking(IObjectStore store, string id, string bucket, ResolveContext context)
{
    private const int Parallelism = 8;

    /// <summary>The files, in their order. Adds diagnostics and gives null where one can't be hashed.</summary>
    public async Task<ImmutableArray<LockedFile>?> LockAsync(ImmutableArray<ObjectFile> files, CancellationToken cancellationToken)
    {
        if (!context.Admission.Admits(context.Model, new(id, ""), [.. files.Select(file => new ListedSize(file.Path, file.Object.Size))], context.Diagnostics))
        {
            return null;
        }

        var existing = (context.Existing?.Files ?? []).ToDictionary(file => file.Path, StringComparer.Ordinal);
        var locked = new LockedFile?[files.Length];
        var done = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = stop.Token };
        try
        {
            await Parallel.ForAsync(0, files.Length, options, async (i, cancellation) =>
            {
                locked[i] = await LockAsync(files[i], existing.GetValueOrDefault(files[i].Path), cancellation);
                context.Progress.Files(context.Model.Name, Interlocked.Increment(ref done), files.Length);
                // After a failure no further object is asked for: the others would most likely fail alike.
                if (locked[i] is null)
                {
                    await stop.CancelAsync();
                }
            });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Stopped by a failure, which has its diagnostic.
            return null;
        }

        return Array.TrueForAll(locked, file => file is not null) ? [.. locked.OfType<LockedFile>()] : null;
    }

    private async Task<LockedFile?> LockAsync(ObjectFile file, LockedFile? existing, CancellationToken cancellationToken)
    {
        if (Kept(file, existing) is { } kept)
        {
            return kept;
        }

        var lacks = file.Object.LacksHash || (file.Object.LacksVersion && Remembered(file.Object) is not null);
        var item = lacks ? await store.DescribeAsync(file.Object, cancellationToken) : file.Object;
        if (item is null)
        {
            return null;
        }

        if ((lacks ? Kept(file with { Object = item }, existing) : null) is { } unmoved)
        {
            return unmoved;
        }

        if (Known(file, item) is { } known)
        {
            return known;
        }

        if (await store.HashAsync(item, cancellationToken) is not { Sha256: { } hash } streamed)
        {
            return null;
        }

        if (NameOf(streamed) is { } name)
        {
            context.Hashes.Add(store.Place, name, streamed.Size, hash);
        }

        return Lock(file, streamed, hash);
    }

    // A version names one content for good, so what is locked of it stands.
    private LockedFile? Kept(ObjectFile file, LockedFile? existing) =>
        existing is not null
        && file.Object.Version is not (null or "null")
        && existing.Version == file.Object.Version
        && existing.Size == file.Object.Size
        && existing.Object == ObjectOf(file)
            ? existing
            : null;

    // What may have a version is locked only with it.
    private LockedFile? Known(ObjectFile file, StoredObject item) =>
        !item.LacksVersion && (item.Sha256 ?? Remembered(item)) is { } hash ? Lock(file, item, hash) : null;

    private SriHash? Remembered(StoredObject item) =>
        NameOf(item) is { } name ? context.Hashes.Find(store.Place, name, item.Size) : null;

    private LockedFile Lock(ObjectFile file, StoredObject item, SriHash hash) =>
        LockedFile.Of(file.Path, item.Size, hash) with { Object = ObjectOf(file), Version = item.Version };

    private string? ObjectOf(ObjectFile file) => $"{bucket}/{file.Object.Key}" == $"{id}/{file.Path}" ? null : file.Object.Key;

    // One line: what a key holds of control characters is escaped.
    private static string? NameOf(StoredObject item) =>
        (item.Tag ?? item.Version) is { } name ? $"{Uri.EscapeDataString(item.Key)} {Uri.EscapeDataString(name)}" : null;
}
