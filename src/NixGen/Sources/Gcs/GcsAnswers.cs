using System.Text;
using System.Text.Json;
using NixGen.Diagnostics;

namespace NixGen.Sources.Gcs;

/// <summary>Says what an answer of Cloud Storage that isn't a success means.</summary>
internal static class GcsAnswers
{
    private const int MaxWords = 300;

    /// <summary>The diagnostic of a failure.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="response">The answer.</param>
    /// <param name="name">The object that was asked for, or null where it was a list.</param>
    public static Diagnostic Explain(GcsQuestion question, UpstreamResponse response, string? name)
    {
        var words = Words(response.Body);
        return response.Status switch
        {
            400 when words?.Contains("requester pays", StringComparison.OrdinalIgnoreCase) == true => GcsDiagnostics.WantsPayer(question),
            401 when question.Credentials.Origin is null => GcsDiagnostics.IsPrivateOrMissing(question),
            401 => GcsDiagnostics.RefusesCredentials(question, words),
            403 => GcsDiagnostics.Forbids(question, words),
            404 when name is null => GcsDiagnostics.LacksBucket(question),
            404 or 412 => GcsDiagnostics.LostObject(question, name ?? question.Request.Prefix),
            429 => GcsDiagnostics.LimitsRate(question, RateLimit.Of(response)),
            >= 500 => GcsDiagnostics.Fails(question, response.Status, response.Url),
            _ => GcsDiagnostics.AnswersOddly(question, $"status {response.Status}{(words is null ? "" : $": {words}")}", response.Url),
        };
    }

    // The JSON API's own sentence, or the line of text that stands for it where content was asked for.
    private static string? Words(ReadOnlyMemory<byte> body)
    {
        string? message = null;
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object
                && error.TryGetProperty("message", out var text)
                && text.ValueKind == JsonValueKind.String)
            {
                message = text.GetString();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            message = body.Length <= MaxWords ? Encoding.UTF8.GetString(body.Span) : null;
        }

        if (string.IsNullOrWhiteSpace(message))
        {
            return null;
        }

        var line = string.Concat(LiteralSecrets.Mask(message).Select(character => char.IsControl(character) ? ' ' : character)).Trim();
        return line.Length <= MaxWords ? line : line[..MaxWords] + "…";
    }
}
