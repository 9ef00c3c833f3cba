using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Sources.Archives;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Url;

/// <summary>Locks the files in an archive at an address: each by its own hash, with the archive's hash beside it. The archive is streamed once.</summary>
/// <param name="context">What is to be resolved, and where answers go.</param>
/// <param name="request">The request; it has one address.</param>
internal sealed class ArchiveLocker(ResolveContext context, UrlRequest request)
{
    private readonly UrlFile _archive = request.Files[0];

    /// <summary>Locks; adds diagnostics and gives null where that fails.</summary>
    public async Task<ImmutableArray<LockedFile>?> LockAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<LockedFile> before = [.. (context.Existing?.Files ?? []).Where(file => file.Url == _archive.Address.Text)];
        var reading = new ArchiveReading();
        var locker = new UrlLocker(context, _archive) { Reading = reading, IsWanted = hash => before.IsEmpty || before.Any(file => file.Version != hash.Text) };
        if (await locker.LockAsync(cancellationToken) is not { } archive)
        {
            return null;
        }

        if (!locker.HasStreamed)
        {
            return before;
        }

        if (before is [var old, ..])
        {
            context.Diagnostics.Add(UrlDiagnostics.HasOtherArchive(context.Model, _archive.Address, old.Version ?? "", archive.Sha256.Text));
        }

        var contents = await reading.FinishAsync();
        if (contents.Problem is { } problem)
        {
            context.Diagnostics.Add(UrlDiagnostics.IsNoArchive(context.Model, _archive.Address, problem));
            return null;
        }

        var listing = new Listing(context.Model, $"The archive '{_archive.Path}'", PublicUrl.Of(_archive.Address.Url));
        if (listing.Select(new FileSelection(request.Include, request.Exclude), contents.Members, member => member.Path, member => member.Size, context.Diagnostics) is not { } selected)
        {
            return null;
        }

        if (selected.FirstOrDefault(member => member.Sha256 is null) is { } odd)
        {
            context.Diagnostics.Add(UrlDiagnostics.HoldsNoFile(context.Model, _archive.Address, odd));
            return null;
        }

        return
        [
            .. selected.Where(member => member.Sha256 is not null).Select(member => LockedFile.Of(member.Path, member.Size, member.Sha256 ?? archive.Sha256) with
            {
                Url = _archive.Address.Text,
                Object = member.Name,
                Version = archive.Sha256.Text,
            }),
        ];
    }
}
