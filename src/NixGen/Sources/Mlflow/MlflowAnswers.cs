using System.Text.Json;
using NixGen.Diagnostics;

namespace NixGen.Sources.Mlflow;

/// <summary>Says what an answer that isn't a success means (<c>mlflow/protos/databricks.proto</c>, <c>ErrorCode</c>).</summary>
internal static class MlflowAnswers
{
    private const int LongestMessage = 300;

    /// <summary>The diagnostic of a failure.</summary>
    public static Diagnostic Explain(MlflowServer server, UpstreamResponse response, string subject, JsonElement? body)
    {
        var code = body is { } stated ? MlflowJson.Text(stated, "error_code") : null;
        var message = Line(body is { } answer ? MlflowJson.Text(answer, "message") : null, server.Credentials.Token);
        // The basic-auth server and proxies answer in their own words, and not in JSON.
        return (response.Status, code) switch
        {
            (401, _) or (_, "UNAUTHENTICATED") => MlflowDiagnostics.RefusesCredentials(server, message),
            (403, _) or (_, "PERMISSION_DENIED") => MlflowDiagnostics.Forbids(server, subject, message),
            (429, _) or (_, "REQUEST_LIMIT_EXCEEDED" or "RESOURCE_EXHAUSTED") => MlflowDiagnostics.LimitsRate(server, RateLimit.Of(response)),
            (_, "RESOURCE_DOES_NOT_EXIST") => MlflowDiagnostics.Lacks(server, subject, message),
            // An alias that isn't there, and names that the server doesn't take.
            (400, "INVALID_PARAMETER_VALUE" or "BAD_REQUEST") => MlflowDiagnostics.Lacks(server, subject, message),
            (404, _) when code is null or "ENDPOINT_NOT_FOUND" => MlflowDiagnostics.LacksRoute(server, response.Url),
            _ => MlflowDiagnostics.Fails(server, response, subject, code, message),
        };
    }

    // A server's words on one line, without the credentials should it echo them.
    private static string? Line(string? message, Secret? token)
    {
        if (string.IsNullOrWhiteSpace(message))
        {
            return null;
        }

        var masked = token is null ? message : message.Replace(token.Reveal(), token.ToString(), StringComparison.Ordinal);
        var line = string.Concat(masked.Select(character => char.IsControl(character) ? ' ' : character)).Trim();
        return line.Length <= LongestMessage ? line : line[..LongestMessage] + "…";
    }
}
