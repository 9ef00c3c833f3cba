using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;

namespace NixGen.Sources.HuggingFace;

/// <summary>Resolves a request on a Hub: revision to commit, access, listing, selection, hashes. No content with a published SHA-256 is transferred.</summary>
internal static class HubResolver
{
    /// <summary>Resolves; adds diagnostics and gives null where that fails.</summary>
    public static async Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken)
    {
        if (Prepare(context) is not { } asked)
        {
            return null;
        }

        context.Progress.Step(context.Model.Name, "resolving the revision");
        if (await DescribeAsync(asked, context, cancellationToken) is not { } info)
        {
            return null;
        }

        var question = asked with { Repository = info.Id };
        if (!string.Equals(info.Id, asked.Repository, StringComparison.Ordinal))
        {
            context.Diagnostics.Add(HubDiagnostics.IsRenamed(asked, info.Id));
        }

        if (info.IsDisabled)
        {
            context.Diagnostics.Add(HubDiagnostics.IsDisabled(question));
            return null;
        }

        if (!await ScopeCheck.PassesAsync(question, context, cancellationToken))
        {
            return null;
        }

        if (!await MayReadAsync(question, info, context, cancellationToken))
        {
            return null;
        }

        var resolved = new ResolvedRevision(info.Id, info.Commit, question.Endpoint.BaseUrl, info.License, info.Gated, info.LastModified);
        if (Unmoved(context.Existing, resolved) is { } unmoved)
        {
            return unmoved with { Resolved = Scanned(unmoved.Resolved, question, info, [.. unmoved.Files.Select(file => file.Path)], context) };
        }

        return await ListAsync(question, info, resolved, context, cancellationToken);
    }

    private static async Task<LockedSource?> ListAsync(
        HubQuestion question, RepositoryInfo info, ResolvedRevision resolved, ResolveContext context, CancellationToken cancellationToken)
    {
        if (await new TreeListing(question, context).ReadAsync(info.Commit, cancellationToken) is not { } listed
            || !ListedFiles.AreComplete(question, listed, info.Siblings, context.Diagnostics)
            || ListedFiles.Select(question, (HuggingFaceRequest)context.Request, listed, context.Diagnostics) is not { } selected)
        {
            return null;
        }

        resolved = Scanned(resolved, question, info, [.. selected.Select(entry => entry.Path)], context);
        if (!context.Admission.Admits(context.Model, resolved, [.. selected.Select(entry => new ListedSize(entry.Path, entry.Size))], context.Diagnostics))
        {
            return null;
        }

        var files = await new ContentHashing(question, info.Commit, context).LockAsync(selected, cancellationToken);
        return files is null ? null : new(resolved, files.Value);
    }

    private static ResolvedRevision Scanned(ResolvedRevision resolved, HubQuestion question, RepositoryInfo info, ImmutableArray<string> paths, ResolveContext context)
    {
        if (info.Scan is not { } scan)
        {
            return resolved;
        }

        if (scan.Flagged(paths) is { IsEmpty: false } flagged)
        {
            context.Diagnostics.Add(HubDiagnostics.FlagsFiles(question, flagged, scan.StatusOf(paths)));
        }

        return resolved with { Scan = scan.StatusOf(paths) };
    }

    private static HubQuestion? Prepare(ResolveContext context)
    {
        var request = (HuggingFaceRequest)context.Request;
        var own = HubEndpoint.Default;
        if (context.Environment.Variable("HF_ENDPOINT") is { } stated)
        {
            var (endpoint, problem) = HubEndpoint.Parse(stated);
            if (endpoint is null)
            {
                context.Diagnostics.Add(HuggingFaceDiagnostics.HasBadEndpoint(null, "The URL in HF_ENDPOINT", problem ?? "is wrong"));
                return null;
            }

            own = endpoint;
        }

        var used = request.Endpoint ?? own;
        var credentials = HubCredentials.Find(context.Model.Auth, context.Environment, isOwnHub: used == own || used == HubEndpoint.Default);
        var question = new HubQuestion(context.Model, used, request.Type, request.Repository, request.Revision, credentials);
        // What makes a token is a program of the build's, so that a model may be locked without one.
        if (credentials.Token is null && context.Model.Auth is { Required: true, MakesToken: false })
        {
            context.Diagnostics.Add(HubDiagnostics.LacksToken(question));
            return null;
        }

        if (credentials.Token is null && context.Model.Security.RequiredScopes is { Length: > 0 } scopes)
        {
            context.Diagnostics.Add(HubDiagnostics.LacksTokenWithScopes(question, scopes));
            return null;
        }

        if (credentials.Token is { } token && !token.Reveal().All(character => character is > ' ' and < '\u007f'))
        {
            context.Diagnostics.Add(HubDiagnostics.HoldsNoToken(question, token));
            return null;
        }

        return question;
    }

    private static async Task<RepositoryInfo?> DescribeAsync(HubQuestion question, ResolveContext context, CancellationToken cancellationToken)
    {
        // Models are scanned; of datasets and spaces the Hub is not asked for it.
        var request = question.Api("revision/" + Uri.EscapeDataString(question.Revision) + (question.Type == RepositoryType.Model ? "?securityStatus=true" : ""));
        var response = await context.Http.GetAsync(request, cancellationToken);
        if (!response.IsSuccess)
        {
            context.Diagnostics.Add(await ExplainAsync(question, request, response, context, cancellationToken));
            return null;
        }

        var (info, problem) = RepositoryInfo.Parse(response.Body);
        if (info is null)
        {
            context.Diagnostics.Add(HubDiagnostics.AnswersOddly(question, problem ?? "it is empty", response.Url));
        }

        return info;
    }

    private static async Task<Diagnostic> ExplainAsync(
        HubQuestion question, UpstreamRequest request, UpstreamResponse response, ResolveContext context, CancellationToken cancellationToken)
    {
        if (question.Token is { } token && HubAnswers.RefusesToken(response, token))
        {
            // Once more without it, only to say whose fault it is.
            var anonymous = await context.Http.GetAsync(request with { Token = null }, cancellationToken);
            var isPublic = anonymous.IsSuccess && RepositoryInfo.Parse(anonymous.Body).Info is { Gated: null, IsPrivate: false };
            return HubDiagnostics.RefusesToken(question, token, isPublic);
        }

        if (response.Header("X-Error-Code") != "RevisionNotFound")
        {
            return HubAnswers.Explain(question, response);
        }

        var references = await context.Http.GetAsync(question.Api("refs"), cancellationToken);
        return HubDiagnostics.LacksRevision(question, Spelling.Nearest(question.Revision, ReferenceNames.Parse(references)));
    }

    // Gated repositories are described and listed openly; only this question tells whether their files can be had.
    private static async Task<bool> MayReadAsync(
        HubQuestion question, RepositoryInfo info, ResolveContext context, CancellationToken cancellationToken)
    {
        var isOpen = info.Gated is null && !info.IsPrivate;
        if (isOpen && (question.Token is null || !context.Model.Auth.Required))
        {
            return true;
        }

        context.Progress.Step(context.Model.Name, "checking access");
        var response = await context.Http.GetAsync(question.Api("auth-check"), cancellationToken);
        if (!response.IsSuccess)
        {
            context.Diagnostics.Add(HubAnswers.Explain(question, response));
        }

        return response.IsSuccess;
    }

    // What upstream states of the repository may be new; the files of a commit are not.
    private static LockedSource? Unmoved(LockedModel? existing, ResolvedRevision resolved) =>
        existing is not null
        && string.Equals(existing.Resolved.Revision, resolved.Revision, StringComparison.Ordinal)
        && string.Equals(existing.Resolved.Id, resolved.Id, StringComparison.Ordinal)
        && string.Equals(existing.Resolved.Endpoint, resolved.Endpoint, StringComparison.Ordinal)
            ? new(resolved with { CommitDate = existing.Resolved.CommitDate }, existing.Files)
            : null;
}
