using NixGen.Diagnostics;

namespace NixGen.Sources.HuggingFace;

/// <summary>Says what an answer of the Hub that isn't a success means. The order is that of the Hub's own client (huggingface_hub, <c>hf_raise_for_status</c>).</summary>
internal static class HubAnswers
{
    private const string Disabled = "Access to this resource is disabled.";
    private const string BadCredentials = "Invalid credentials in Authorization header";

    /// <summary>Whether the Hub refused the token itself, which it does on public repositories too.</summary>
    public static bool RefusesToken(UpstreamResponse response, Secret? token) =>
        token is not null
        && response.Status == 401
        && response.Header("X-Error-Code") is null
        && (response.Header("X-Error-Message") ?? "").StartsWith(BadCredentials, StringComparison.OrdinalIgnoreCase);

    /// <summary>The diagnostic of a failure.</summary>
    public static Diagnostic Explain(HubQuestion question, UpstreamResponse response)
    {
        var message = Shown(response.Header("X-Error-Message"), question.Token);
        switch (response.Header("X-Error-Code"))
        {
            case "RevisionNotFound":
                return HubDiagnostics.LacksRevision(question, null);
            case "EntryNotFound":
                return HubDiagnostics.LacksFile(question, response.Url);
            case "GatedRepo":
                return question.Token is null ? HubDiagnostics.IsGated(question) : HubDiagnostics.IsGatedWithoutGrant(question);
        }

        if (string.Equals(message, Disabled, StringComparison.Ordinal))
        {
            return HubDiagnostics.IsDisabled(question);
        }

        if (response.Header("X-Error-Code") == "RepoNotFound")
        {
            return HubDiagnostics.LacksRepository(question);
        }

        return response.Status switch
        {
            401 when question.Token is { } token && RefusesToken(response, token) => HubDiagnostics.RefusesToken(question, token, isPublic: false),
            401 when question.Token is null => HubDiagnostics.IsMissingOrPrivate(question),
            404 => HubDiagnostics.LacksRepository(question),
            401 or 403 => HubDiagnostics.Forbids(question, message),
            429 => HubDiagnostics.LimitsRate(question, RateLimit.Of(response)),
            >= 500 => HubDiagnostics.Fails(question, response.Status, response.Url),
            _ => HubDiagnostics.AnswersOddly(question, $"status {response.Status}{(message is null ? "" : $": {message}")}", response.Url),
        };
    }

    // A server's words, on one line, without the token should it echo it.
    private static string? Shown(string? message, Secret? token)
    {
        if (string.IsNullOrWhiteSpace(message))
        {
            return null;
        }

        var masked = token is null ? message : message.Replace(token.Reveal(), token.ToString(), StringComparison.Ordinal);
        var line = string.Concat(masked.Select(character => char.IsControl(character) ? ' ' : character)).Trim();
        return line.Length <= 300 ? line : line[..300] + "…";
    }
}
