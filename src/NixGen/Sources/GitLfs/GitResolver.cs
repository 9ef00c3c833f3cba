using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NixGen.Lock;
using NixGen.Sources.Selection;

namespace NixGen.Sources.GitLfs;

/// <summary>Resolves a request on a git host: revision to commit, the commit's tree and pointers, selection, hashes, and whether Git LFS has the objects. No content of Git LFS is transferred, and no history.</summary>
internal sealed class GitResolver
{
    private readonly ResolveContext _context;
    private readonly GitQuestion _question;
    private readonly IGitRepository _repository;
    private readonly GitCheckout _checkout;

    private GitResolver(ResolveContext context, GitQuestion question, IGitRepository repository)
    {
        _context = context;
        _question = question;
        _repository = repository;
        _checkout = new(question, repository, context.Diagnostics);
    }

    /// <summary>Resolves; adds diagnostics and gives null where that fails.</summary>
    public static async Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken)
    {
        var request = (GitLfsRequest)context.Request;
        var looked = ImmutableArray.CreateBuilder<string>();
        var token = GitCredentials.Find(context.Model.Auth, request.Remote, context.Environment, looked);
        var question = new GitQuestion(context.Model, request, token);
        if (token is null && context.Model.Auth is { Required: true, MakesToken: false })
        {
            context.Diagnostics.Add(GitDiagnostics.LacksToken(question, looked.ToImmutable()));
            return null;
        }

        using var repository = await context.Git.CreateAsync(new(request.Remote.Address, token), cancellationToken);
        if (repository is null)
        {
            context.Diagnostics.Add(GitDiagnostics.LacksGit(question));
            return null;
        }

        return await new GitResolver(context, question, repository).RunAsync(cancellationToken);
    }

    private async Task<LockedSource?> RunAsync(CancellationToken cancellationToken)
    {
        _context.Progress.Step(_context.Model.Name, "resolving the revision");
        if (await GitReferences.ResolveAsync(_question, _repository, _context.Diagnostics, cancellationToken) is not { } target)
        {
            return null;
        }

        if (_context.Existing is { } existing)
        {
            if (existing.Resolved.Revision == target.Commit)
            {
                return new(existing.Resolved, existing.Files);
            }

            if (target.IsTag)
            {
                _context.Diagnostics.Add(GitDiagnostics.HasMovedTag(_question, existing.Resolved.Revision, target.Commit));
            }
        }

        _context.Progress.Step(_context.Model.Name, "reading pointers");
        if (!await _checkout.FetchAsync(target, cancellationToken)
            || await _checkout.ListAsync(target.Commit, cancellationToken) is not { } entries)
        {
            return null;
        }

        var tree = new GitTree(_question, entries, _context.Diagnostics);
        return tree.Select() is { } selected ? await LockAsync(target, tree, selected, cancellationToken) : null;
    }

    private async Task<LockedSource?> LockAsync(
        GitTarget target, GitTree tree, ImmutableArray<(string Path, GitTreeEntry Entry)> selected, CancellationToken cancellationToken)
    {
        if (await LinksAsync(tree, selected, cancellationToken) is not { } targets)
        {
            return null;
        }

        var files = tree.Follow(selected, targets);
        if (files.IsEmpty)
        {
            _context.Diagnostics.Add(SelectionDiagnostics.SelectsNothing(Listing, selected.Length));
            return null;
        }

        if (await BlobsAsync(target, files, cancellationToken) is not { } blobs)
        {
            return null;
        }

        var locked = ImmutableArray.CreateBuilder<LockedFile>(files.Length);
        var large = new List<LfsFile>();
        foreach (var file in files)
        {
            if (Known(file) is { } known && !blobs.ContainsKey(file.Oid))
            {
                locked.Add(known);
            }
            else if (blobs[file.Oid] is var blob && blob.Whole is { } whole && LfsPointer.Parse(whole.Span) is { } pointer)
            {
                if (pointer.Extension is { } extension)
                {
                    _context.Diagnostics.Add(GitDiagnostics.HasExtension(_question, file.Path, extension));
                    return null;
                }

                large.Add(new(file.Path, pointer));
                locked.Add(LockedFile.Of(file.Path, pointer.Size, pointer.Sha256));
            }
            else
            {
                locked.Add(new(file.Path, blob.Size, blob.Sha256, file.Oid));
            }
        }

        return Choose(locked.ToImmutable()) is { } chosen
            ? await FinishAsync(target, tree, chosen, [.. large.Where(file => chosen.Any(kept => kept.Path == file.Path))], cancellationToken)
            : null;
    }

    // Sizes stand in the pointers, so weights are chosen once these are read.
    private ImmutableArray<LockedFile>? Choose(ImmutableArray<LockedFile> files)
    {
        var request = _question.Request;
        var selection = new FileSelection(request.Files, request.Exclude) { Weights = request.Weights };
        return request.Weights == WeightChoice.All ? files
            : new WeightSelection(Listing, selection, _context.Diagnostics).Pick(files.ToDictionary(file => file.Path, file => file.Size, StringComparer.Ordinal)) is { } picked
                ? [.. files.Where(file => picked.Contains(file.Path))]
                : null;
    }

    private Listing Listing => new(_question.Model, $"The repository '{_question.Remote.Id}'", _question.Place);

    private async Task<LockedSource?> FinishAsync(
        GitTarget target, GitTree tree, ImmutableArray<LockedFile> files, List<LfsFile> large, CancellationToken cancellationToken)
    {
        string? storage = null;
        if (large.Count > 0)
        {
            _context.Progress.Step(_context.Model.Name, "asking Git LFS");
            if (await ConfigAsync(target, tree, cancellationToken) is not (true, var config)
                || await new LfsDiscovery(_question, _repository, _context.Diagnostics).FindAsync(config, cancellationToken) is not { } server
                || !await new LfsCheck(_question, _repository, _context).PassesAsync(server, large, cancellationToken))
            {
                return null;
            }

            storage = server.Address;
        }

        var remote = _question.Remote;
        return new(
            new(remote.Id, target.Commit, remote.IsFile ? null : remote.WebAddress, CommitDate: await DateAsync(target.Commit, cancellationToken))
            {
                Storage = storage,
            },
            files);
    }

    // The text of links, by their blobs.
    private async Task<Dictionary<string, string>?> LinksAsync(
        GitTree tree, ImmutableArray<(string Path, GitTreeEntry Entry)> selected, CancellationToken cancellationToken)
    {
        var links = tree.Links(selected);
        if (links.Count == 0)
        {
            return [];
        }

        // One that the filter left out is longer than any path.
        var missing = await GitBlobs.MissingAsync(_repository, links, cancellationToken);
        var blobs = await GitBlobs.ReadAsync(_repository, [.. links.Where(link => !missing.Contains(link))], cancellationToken);
        return blobs is null ? Fails<Dictionary<string, string>>() : blobs.Where(blob => blob.Value.Whole is not null)
            .ToDictionary(blob => blob.Key, blob => Encoding.UTF8.GetString(blob.Value.Start.Span), StringComparer.Ordinal);
    }

    // Everything but what the lock knows already.
    private async Task<Dictionary<string, GitBlob>?> BlobsAsync(GitTarget target, ImmutableArray<GitFile> files, CancellationToken cancellationToken)
    {
        var oids = files.Select(file => file.Oid).ToHashSet(StringComparer.Ordinal);
        var missing = await GitBlobs.MissingAsync(_repository, oids, cancellationToken);
        missing.RemoveWhere(oid => KnownBlob(oid) is not null && oids.Remove(oid));
        if (!await _checkout.FetchBlobsAsync(target, missing, cancellationToken))
        {
            return null;
        }

        return await GitBlobs.ReadAsync(_repository, oids, cancellationToken) ?? Fails<Dictionary<string, GitBlob>>();
    }

    private LockedFile? Known(GitFile file) => KnownBlob(file.Oid) is { } known ? known with { Path = file.Path } : null;

    private LockedFile? KnownBlob(string oid) => _context.Existing?.Files.FirstOrDefault(file => file.Blob == oid);

    private async Task<(bool Succeeded, string? Blob)> ConfigAsync(GitTarget target, GitTree tree, CancellationToken cancellationToken)
    {
        if (tree.RootFile(".lfsconfig") is not { } blob)
        {
            return (true, null);
        }

        var missing = await GitBlobs.MissingAsync(_repository, [blob], cancellationToken);
        return (await _checkout.FetchBlobsAsync(target, missing, cancellationToken), blob);
    }

    private async Task<string?> DateAsync(string commit, CancellationToken cancellationToken)
    {
        var answer = await _repository.RunAsync(["log", "-1", "--no-show-signature", "--format=%ct", commit], "", cancellationToken);
        return long.TryParse(answer.Text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : null;
    }

    private T? Fails<T>()
        where T : class
    {
        _context.Diagnostics.Add(GitDiagnostics.Fails(_question, "git doesn't give the objects that it was sent"));
        return null;
    }
}
