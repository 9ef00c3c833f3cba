using System.Text.Json;
using NixGen.Diagnostics;

namespace NixGen.Sources.Registries;

/// <summary>What a registry's refusal means.</summary>
internal static class RegistryAnswers
{
    /// <summary>The diagnostic for an answer that isn't a success.</summary>
    public static Diagnostic Explain(RegistryQuestion question, UpstreamResponse response) => response.Status switch
    {
        401 or 403 => RegistryDiagnostics.DoesNotLetIn(question, response.Status, Reason(response), response.Url),
        404 => RegistryDiagnostics.LacksReference(question, Reason(response)),
        429 => RegistryDiagnostics.Refuses(question, "it limits the rate (429)", RateLimit.Of(response), response.Url),
        _ => RegistryDiagnostics.Refuses(question, $"it answers with status {response.Status}{Reason(response)}", null, response.Url),
    };

    // `{ "errors": [{ "code": …, "message": … }] }`, as the distribution specification has it.
    private static string Reason(UpstreamResponse response)
    {
        try
        {
            using var document = JsonDocument.Parse(response.Body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("errors", out var errors)
                && errors.ValueKind == JsonValueKind.Array
                && errors.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first)
            {
                var words = string.Join(": ", new[] { RegistryDescriptor.Text(first, "code"), RegistryDescriptor.Text(first, "message") }.OfType<string>());
                return words.Length == 0 ? "" : $": {Quoted.Text(words)}";
            }
        }
        catch (JsonException)
        {
            return "";
        }

        return "";
    }
}
