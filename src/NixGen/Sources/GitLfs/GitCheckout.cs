using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.GitLfs;

/// <summary>Brings a commit's tree and its small blobs, among them every pointer of Git LFS; no history, and nothing large.</summary>
/// <param name="question">What is asked about.</param>
/// <param name="repository">Where it comes to lie.</param>
/// <param name="diagnostics">Where faults go.</param>
internal sealed class GitCheckout(GitQuestion question, IGitRepository repository, DiagnosticBag diagnostics)
{
    // Large enough for any repository that a host would take.
    private const int MaxListing = 256 * 1024 * 1024;

    private ImmutableArray<string> Filter => repository.CanFilter ? [$"--filter=blob:limit={LfsPointer.MaxBytes}"] : [];

    /// <summary>Fetches the commit; false with a diagnostic where that fails.</summary>
    public async Task<bool> FetchAsync(GitTarget target, CancellationToken cancellationToken)
    {
        var answer = await RunAsync([.. Fetch, "--depth=1", .. Filter, "origin", target.Commit], "", cancellationToken);
        if (!answer.IsSuccess && GitComplaints.RefusesCommits(answer))
        {
            // Servers of the old protocol give only what a reference leads to.
            answer = target.Reference is { } reference
                ? await RunAsync([.. Fetch, "--depth=1", .. Filter, "origin", reference], "", cancellationToken)
                : await RunAsync([.. Fetch, .. Filter, "origin", "+refs/heads/*:refs/nixgen/heads/*", "+refs/tags/*:refs/nixgen/tags/*"], "", cancellationToken);
        }

        if (answer.IsSuccess)
        {
            answer = await RunAsync(["cat-file", "-e", $"{target.Commit}^{{tree}}"], "", cancellationToken);
            if (answer.IsSuccess)
            {
                return true;
            }
        }
        else if (!GitComplaints.LacksObject(answer))
        {
            diagnostics.Add(GitComplaints.Explain(question, answer));
            return false;
        }

        diagnostics.Add(GitDiagnostics.LacksCommit(question, target));
        return false;
    }

    /// <summary>Everything in the commit's tree, folders resolved; null with a diagnostic where it can't be listed.</summary>
    public async Task<ImmutableArray<GitTreeEntry>?> ListAsync(string commit, CancellationToken cancellationToken)
    {
        var listing = new MemoryStream();
        var answer = await repository.StreamAsync(
            ["ls-tree", "-r", "-z", "--full-tree", commit], "", (output, cancellation) => CopyAsync(output, listing, cancellation), cancellationToken);
        if (listing.Length >= MaxListing)
        {
            diagnostics.Add(GitDiagnostics.HoldsTooMuch(question, commit));
            return null;
        }

        if (answer.IsSuccess && GitTreeEntry.ParseAll(listing.GetBuffer().AsSpan(0, (int)listing.Length)) is { } entries)
        {
            return entries;
        }

        diagnostics.Add(GitComplaints.Explain(question, answer));
        return null;
    }

    /// <summary>Brings blobs that the filter left out; false with a diagnostic where that fails.</summary>
    public async Task<bool> FetchBlobsAsync(GitTarget target, IReadOnlyCollection<string> blobs, CancellationToken cancellationToken)
    {
        if (blobs.Count == 0)
        {
            return true;
        }

        var answer = await RunAsync(
            ["-c", "fetch.negotiationAlgorithm=noop", .. Fetch, "--filter=blob:none", "--stdin", "origin"], string.Join('\n', blobs) + "\n", cancellationToken);
        if (!answer.IsSuccess)
        {
            answer = await RunAsync([.. Fetch, "--refetch", "--depth=1", "--no-filter", "origin", target.Reference ?? target.Commit], "", cancellationToken);
        }

        if (!answer.IsSuccess)
        {
            diagnostics.Add(GitComplaints.Explain(question, answer));
        }

        return answer.IsSuccess;
    }

    private static ImmutableArray<string> Fetch => ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance"];

    private Task<GitAnswer> RunAsync(ImmutableArray<string> arguments, string input, CancellationToken cancellationToken) =>
        repository.RunAsync(arguments, input, cancellationToken);

    // Trees can name each other so that a few kilobytes stand for endless folders.
    private static async Task CopyAsync(Stream output, MemoryStream listing, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        while (listing.Length < MaxListing && await output.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            listing.Write(buffer, 0, count);
        }
    }
}
