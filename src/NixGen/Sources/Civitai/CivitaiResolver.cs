using System.Collections.Immutable;
using System.Globalization;
using NixGen.Lock;
using NixGen.Nix.Hashing;
using NixGen.Sources.Url;

namespace NixGen.Sources.Civitai;

/// <summary>Resolves a request: what the version holds, which of it, and of each file the length. No content with a published SHA-256 is transferred, but for one byte that tells whether it can be had.</summary>
/// <param name="context">What is to be resolved, and where answers go.</param>
internal sealed class CivitaiResolver(ResolveContext context)
{
    // The site's storage says now and then that a file isn't there which is.
    private const int MostAttempts = 3;

    /// <summary>Resolves; adds diagnostics and gives null where that fails.</summary>
    public async Task<LockedSource?> ResolveAsync(CancellationToken cancellationToken)
    {
        var request = (CivitaiRequest)context.Request;
        var endpoint = request.Endpoint ?? CivitaiRequest.DefaultEndpoint;
        var question = new CivitaiQuestion(context.Model, endpoint, request.VersionId, CivitaiCredentials.Find(context.Model.Auth, context.Environment, endpoint));
        if (!MayAsk(question) || await DescribeAsync(question, request, cancellationToken) is not { } info
            || CivitaiChoice.Of(question, request, info, context) is not { } chosen)
        {
            return null;
        }

        var files = ImmutableArray.CreateBuilder<LockedFile>();
        foreach (var file in chosen)
        {
            if (await LockAsync(question, file, cancellationToken) is not { } locked)
            {
                return null;
            }

            files.Add(locked);
        }

        var version = request.VersionId.ToString(CultureInfo.InvariantCulture);
        return new(new($"{info.ModelId}@{version}", ContentRevision.Of(files), endpoint) { Version = version }, files.ToImmutable());
    }

    private bool MayAsk(CivitaiQuestion question)
    {
        var token = question.Credentials.Token;
        if (token is null && context.Model.Auth is { Required: true, MakesToken: false })
        {
            context.Diagnostics.Add(CivitaiDiagnostics.LacksToken(question));
            return false;
        }

        if (token is not null && !token.Reveal().All(character => character is > ' ' and < '\u007f'))
        {
            context.Diagnostics.Add(CivitaiDiagnostics.HoldsNoToken(question, token));
            return false;
        }

        return true;
    }

    private async Task<CivitaiVersionInfo?> DescribeAsync(CivitaiQuestion question, CivitaiRequest request, CancellationToken cancellationToken)
    {
        context.Progress.Step(context.Model.Name, "asking for the version");
        var answer = await context.Http.GetAsync(question.Description, cancellationToken);
        if (!answer.IsSuccess)
        {
            context.Diagnostics.Add(CivitaiAnswers.Explain(question, answer, null));
            return null;
        }

        var (info, problem) = CivitaiVersionInfo.Parse(answer.Body);
        if (info is null || info.Id != request.VersionId)
        {
            context.Diagnostics.Add(CivitaiDiagnostics.AnswersOddly(question, problem ?? "it is about another version", answer.Url));
            return null;
        }

        if (request.ModelId is { } model && model != info.ModelId)
        {
            context.Diagnostics.Add(CivitaiDiagnostics.IsOfAnotherModel(question, model, info.ModelId));
            return null;
        }

        return info;
    }

    private async Task<LockedFile?> LockAsync(CivitaiQuestion question, CivitaiFileInfo file, CancellationToken cancellationToken)
    {
        if (!file.Findings.IsEmpty)
        {
            context.Diagnostics.Add(CivitaiDiagnostics.IsDangerous(question, file));
        }

        var number = file.Id.ToString(CultureInfo.InvariantCulture);
        var known = context.Existing?.Files.FirstOrDefault(locked => locked.Object == number && locked.Path == file.Name);
        if (known is not null && (file.Sha256 is null || file.Sha256.Equals(known.Sha256)))
        {
            return known;
        }

        context.Progress.Step(context.Model.Name, $"asking for {file.Name}");
        var request = question.Content(file.Id);
        var probe = await ContentProbe.AskAsync(context.Http, request, cancellationToken);
        for (var attempt = 1; probe is { Status: 404 } && attempt < MostAttempts; attempt++)
        {
            probe = await ContentProbe.AskAsync(context.Http, request, cancellationToken);
        }

        if (probe is not null && (!probe.IsSuccess || ContentProbe.IsPage(probe)))
        {
            context.Diagnostics.Add(CivitaiAnswers.Explain(question, probe, file));
            return null;
        }

        var size = probe is null ? null : StatedDigest.LengthOf(probe);
        if (file.Sha256 is { } published && size is { } length)
        {
            return Locked(file, number, length, published);
        }

        context.Progress.Step(context.Model.Name, $"streaming {file.Name}, which the site hasn't scanned yet");
        var content = await context.Http.HashAsync(request, size, ContentDigests.None, cancellationToken);
        if (content.Sha256 is not { } found || ContentProbe.IsPage(content.Response))
        {
            context.Diagnostics.Add(CivitaiAnswers.Explain(question, content.Response, file));
            return null;
        }

        if (file.Sha256 is { } stated && !stated.Equals(found))
        {
            context.Diagnostics.Add(CivitaiDiagnostics.HasOtherContent(question, file, stated, found));
            return null;
        }

        if (file.Sha256 is null)
        {
            context.Diagnostics.Add(CivitaiDiagnostics.IsNotScanned(question, file));
        }

        return Locked(file, number, content.Length, found);
    }

    private static LockedFile Locked(CivitaiFileInfo file, string number, long size, SriHash sha256) =>
        LockedFile.Of(file.Name, size, sha256) with { Object = number };
}
