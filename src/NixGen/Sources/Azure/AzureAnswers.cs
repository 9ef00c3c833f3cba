using NixGen.Diagnostics;

namespace NixGen.Sources.Azure;

/// <summary>Says what an answer of Blob Storage that isn't a success means ("Blob Storage error codes").</summary>
internal static class AzureAnswers
{
    /// <summary>The diagnostic of a failure.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="response">The answer.</param>
    /// <param name="name">The blob that was asked for, or null where it was a list.</param>
    public static Diagnostic Explain(AzureQuestion question, UpstreamResponse response, string? name)
    {
        var (code, words) = AzurePage.ParseError(response.Body);
        code = response.Header("x-ms-error-code") ?? code;
        var said = words is null && code is null ? null : $"{words} ({code})".Trim();
        var isAnybody = question.Credentials.Origin is null;
        return (response.Status, code) switch
        {
            (404, "ContainerNotFound") => AzureDiagnostics.LacksContainer(question),
            (409, "PublicAccessNotPermitted") or (401 or 403 or 404, _) when isAnybody && name is null => AzureDiagnostics.IsPrivateOrMissing(question),
            (401, _) or (403, "AuthenticationFailed" or "InvalidAuthenticationInfo") => AzureDiagnostics.RefusesCredentials(question, said),
            (403, _) => AzureDiagnostics.Forbids(question, said),
            (404 or 412, _) when name is not null => AzureDiagnostics.LostBlob(question, name),
            (404, _) => AzureDiagnostics.LacksContainer(question),
            (429, _) or (503, "ServerBusy") => AzureDiagnostics.LimitsRate(question, RateLimit.Of(response)),
            ( >= 500, _) => AzureDiagnostics.Fails(question, response.Status, response.Url),
            _ => AzureDiagnostics.AnswersOddly(question, $"status {response.Status}{(said is null ? "" : $": {Quoted.Bare(said)}")}", response.Url),
        };
    }
}
