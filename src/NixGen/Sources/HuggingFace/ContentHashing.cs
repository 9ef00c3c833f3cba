using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Hashing;

namespace NixGen.Sources.HuggingFace;

/// <summary>Finds the SHA-256 of selected files: from the listing for content in LFS or Xet, from what was seen before, or by streaming the content once.</summary>
/// <param name="question">What is asked about; its repository is the canonical one.</param>
/// <param name="commit">The commit whose files these are.</param>
/// <param name="context">Where answers and messages go.</param>
internal sealed class ContentHashing(HubQuestion question, string commit, ResolveContext context)
{
    private const int Parallelism = 8;

    /// <summary>The git blob of no content.</summary>
    private const string EmptyBlob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

    /// <summary>The files, in the entries' order. Adds diagnostics and gives null where one can't be hashed.</summary>
    public async Task<ImmutableArray<LockedFile>?> LockAsync(ImmutableArray<TreeEntry> entries, CancellationToken cancellationToken)
    {
        var known = new LockedFile?[entries.Length];
        var open = new List<int>();
        for (var i = 0; i < entries.Length; i++)
        {
            known[i] = Known(entries[i]);
            if (known[i] is null)
            {
                open.Add(i);
            }
        }

        await StreamAsync(entries, known, open, cancellationToken);
        return Array.TrueForAll(known, file => file is not null) ? [.. known.OfType<LockedFile>()] : null;
    }

    private LockedFile? Known(TreeEntry entry)
    {
        if (entry.LargeFileSha256 is { } hex)
        {
            return SriHash.TryFromHex(hex, out var published) ? new(entry.Path, entry.Size, published, published.Hex) : null;
        }

        var hash = entry is { Size: 0, GitBlob: EmptyBlob }
            ? SriHash.FromBytes(System.Security.Cryptography.SHA256.HashData([]))
            : context.Hashes.Find(question.Endpoint.BaseUrl, entry.GitBlob, entry.Size);
        return hash is null ? null : new(entry.Path, entry.Size, hash, entry.GitBlob);
    }

    // Equal blobs are streamed once. After a failure no further file is asked for: the others would most likely fail alike.
    private async Task StreamAsync(
        ImmutableArray<TreeEntry> entries, LockedFile?[] known, List<int> open, CancellationToken cancellationToken)
    {
        var groups = open.GroupBy(i => (entries[i].GitBlob, entries[i].Size)).Select(group => group.ToArray()).ToArray();
        var done = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = stop.Token };
        try
        {
            await Parallel.ForEachAsync(groups, options, async (group, cancellation) =>
            {
                var first = entries[group[0]];
                if (await HashAsync(first, cancellation) is not { } hash)
                {
                    await stop.CancelAsync();
                    return;
                }

                foreach (var i in group)
                {
                    known[i] = new(entries[i].Path, entries[i].Size, hash, entries[i].GitBlob);
                }

                context.Progress.Files(question.Model.Name, Interlocked.Increment(ref done), groups.Length);
            });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Stopped by a failure, which has its diagnostic.
            return;
        }
    }

    private async Task<SriHash?> HashAsync(TreeEntry entry, CancellationToken cancellationToken)
    {
        var answer = await context.Http.HashAsync(question.Content(commit, entry.Path), entry.Size, ContentDigests.GitBlob, cancellationToken);
        if (answer.Sha256 is not { } hash)
        {
            // The words of another server, such as the one that stores large files, say nothing of access to the Hub.
            var isHub = answer.Response.Url.AbsoluteUri.StartsWith(question.Endpoint.BaseUrl + "/", StringComparison.Ordinal);
            context.Diagnostics.Add(isHub
                ? HubAnswers.Explain(question, answer.Response)
                : HubDiagnostics.AnswersOddly(question, $"status {answer.Response.Status}", answer.Response.Url));
            return null;
        }

        if (!string.Equals(answer.GitBlobSha1, entry.GitBlob, StringComparison.Ordinal))
        {
            context.Diagnostics.Add(HubDiagnostics.HasOtherContent(question, entry.Path, entry.GitBlob, answer.GitBlobSha1 ?? "unknown"));
            return null;
        }

        context.Hashes.Add(question.Endpoint.BaseUrl, entry.GitBlob, entry.Size, hash);
        return hash;
    }
}
