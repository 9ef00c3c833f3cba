using NixGen.Diagnostics;

namespace NixGen.Sources.Civitai;

/// <summary>Says what an answer of the site means that isn't the content.</summary>
internal static class CivitaiAnswers
{
    /// <summary>The diagnostic of a failure.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="answer">The answer: a failure, or a page where a file should be.</param>
    /// <param name="file">The file that was asked for; null where it was the version.</param>
    public static Diagnostic Explain(CivitaiQuestion question, UpstreamResponse answer, CivitaiFileInfo? file)
    {
        var isSite = answer.Url.AbsoluteUri.StartsWith(question.Endpoint + "/", StringComparison.Ordinal);
        var words = isSite ? Shown(CivitaiVersionInfo.ErrorIn(answer.Body), question.Credentials.Token) : null;
        return answer.Status switch
        {
            >= 200 and < 300 => CivitaiDiagnostics.WantsLogin(question, file, answer, null),
            401 when isSite => CivitaiDiagnostics.WantsLogin(question, file, answer, words),
            403 when isSite => CivitaiDiagnostics.Refuses(question, file, words),
            404 when isSite && file is null => CivitaiDiagnostics.LacksVersion(question),
            404 => CivitaiDiagnostics.LacksFile(question, file, answer.Url),
            410 => CivitaiDiagnostics.IsArchived(question, words),
            429 => CivitaiDiagnostics.LimitsRate(question, RateLimit.Of(answer)),
            _ => CivitaiDiagnostics.Fails(question, answer, words),
        };
    }

    // The site's words, on one line, without the token should it echo it.
    private static string? Shown(string? words, Secret? token)
    {
        if (string.IsNullOrWhiteSpace(words))
        {
            return null;
        }

        var masked = token is null ? words : words.Replace(token.Reveal(), token.ToString(), StringComparison.Ordinal);
        var line = string.Concat(masked.Select(character => char.IsControl(character) ? ' ' : character)).Trim();
        return line.Length <= 200 ? line : line[..200] + "…";
    }
}
