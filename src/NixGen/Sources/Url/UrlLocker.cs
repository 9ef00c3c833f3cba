using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Nix.Hashing;
using NixGen.Sources.Archives;

namespace NixGen.Sources.Url;

/// <summary>Locks one file: by what the manifest and the server state of it, or else by streaming it once through the hasher.</summary>
/// <param name="context">What is to be resolved, and where answers go.</param>
/// <param name="file">The file.</param>
internal sealed class UrlLocker(ResolveContext context, UrlFile file)
{
    private readonly UrlCredentials _credentials = UrlCredentials.Find(context.Model.Auth, context.Environment, file.Address);

    /// <summary>What reads the content while it comes, or null.</summary>
    public ArchiveReading? Reading { get; init; }

    /// <summary>Whether content of a hash that is known without a transfer has to be transferred all the same.</summary>
    public Func<SriHash, bool> IsWanted { get; init; } = _ => false;

    /// <summary>Whether the content was transferred.</summary>
    public bool HasStreamed { get; private set; }

    /// <summary>Locks; adds diagnostics and gives null where that fails.</summary>
    public async Task<LockedFile?> LockAsync(CancellationToken cancellationToken)
    {
        context.Progress.Step(context.Model.Name, $"asking for {file.Path}");
        var head = await ContentProbe.AskAsync(context.Http, Request(), cancellationToken);
        if (head is { IsSuccess: false } || (head is not null && IsPage(head)))
        {
            context.Diagnostics.Add(Explain(head));
            return null;
        }

        var size = head is null ? null : StatedDigest.LengthOf(head);
        var stated = head is null ? null : StatedDigest.Of(head);
        if (file.Sha256 is { } wanted && stated is not null && !stated.Equals(wanted))
        {
            context.Diagnostics.Add(UrlDiagnostics.HasOtherContent(context.Model, file, wanted, stated));
            return null;
        }

        var known = file.Sha256 ?? stated ?? (head is null || size is null ? null : ContentVersion.Of(head) is { } version ? context.Hashes.Find(file.Address.Text, version, size.Value) : null);
        return known is not null && size is { } length && !IsWanted(known) ? Locked(length, known) : await StreamAsync(head, size, cancellationToken);
    }

    private async Task<LockedFile?> StreamAsync(UpstreamResponse? head, long? size, CancellationToken cancellationToken)
    {
        context.Progress.Step(context.Model.Name, Reading is null ? $"streaming {file.Path}, whose server states no SHA-256" : $"reading {file.Path}");
        HasStreamed = true;
        var answer = await context.Http.HashAsync(Request(), size, ContentDigests.None, Reading is null ? null : Reading.Begin, cancellationToken);
        if (answer.Sha256 is not { } found || IsPage(answer.Response))
        {
            context.Diagnostics.Add(Explain(answer.Response));
            return null;
        }

        if (StatedDigest.Of(answer.Response) is { } stated && !stated.Equals(found))
        {
            context.Diagnostics.Add(UrlDiagnostics.IsMisstated(context.Model, file.Address, stated, found));
            return null;
        }

        if (file.Sha256 is { } wanted && !wanted.Equals(found))
        {
            context.Diagnostics.Add(UrlDiagnostics.HasOtherContent(context.Model, file, wanted, found));
            return null;
        }

        if (head is not null && ContentVersion.Of(answer.Response) is { } version && version == ContentVersion.Of(head))
        {
            context.Hashes.Add(file.Address.Text, version, answer.Length, found);
        }

        return Locked(answer.Length, found);
    }

    private UpstreamRequest Request()
    {
        var request = new UpstreamRequest(file.Address.Url, _credentials.Token) { Scheme = _credentials.Scheme, MayLeave = true };
        var headers = request.Headers.Add("Want-Repr-Digest", "sha-256=10");
        if (file.Address.Url.Host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase))
        {
            // Elsewhere it could be one header too many for a link that is signed.
            headers = headers.Add("x-amz-checksum-mode", "ENABLED");
        }

        return request with { Headers = headers };
    }

    private LockedFile Locked(long size, SriHash sha256) => LockedFile.Of(file.Path, size, sha256) with { Url = file.Address.Text };

    private bool IsPage(UpstreamResponse answer) =>
        ContentProbe.IsPage(answer)
        && !file.Path.EndsWith(".html", StringComparison.OrdinalIgnoreCase)
        && !file.Path.EndsWith(".htm", StringComparison.OrdinalIgnoreCase);

    private Diagnostic Explain(UpstreamResponse answer) => answer.Status switch
    {
        >= 200 and < 300 => UrlDiagnostics.IsWebPage(context.Model, file.Address, answer, _credentials),
        401 or 403 => UrlDiagnostics.IsRefused(context.Model, file.Address, answer, _credentials),
        404 or 410 => UrlDiagnostics.IsMissing(context.Model, file.Address, answer.Status, _credentials),
        429 => UrlDiagnostics.LimitsRate(context.Model, file.Address, RateLimit.Of(answer)),
        _ => UrlDiagnostics.Fails(context.Model, file.Address, answer),
    };
}
