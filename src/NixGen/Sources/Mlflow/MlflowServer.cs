using System.Text.Json;
using NixGen.Manifest;

namespace NixGen.Sources.Mlflow;

/// <summary>A tracking server, and how it is asked about one model.</summary>
/// <param name="model">The model as asked for.</param>
/// <param name="baseUrl">The tracking URI, without a trailing slash.</param>
/// <param name="credentials">What it is shown.</param>
/// <param name="isOwnServer">Whether <c>MLFLOW_TRACKING_URI</c> names it.</param>
/// <param name="context">Where requests and faults go.</param>
internal sealed class MlflowServer(ModelRequest model, string baseUrl, MlflowCredentials credentials, bool isOwnServer, ResolveContext context)
{
    private static readonly JsonDocumentOptions _depth = new() { MaxDepth = 32 };

    /// <summary>The model as asked for.</summary>
    public ModelRequest Model => model;

    /// <summary>The tracking URI, without a trailing slash.</summary>
    public string BaseUrl => baseUrl;

    /// <summary>What it is shown.</summary>
    public MlflowCredentials Credentials => credentials;

    /// <summary>Whether <c>MLFLOW_TRACKING_URI</c> names it.</summary>
    public bool IsOwnServer => isOwnServer;

    /// <summary>The URL of a route of the REST API, with arguments that are escaped here.</summary>
    public Uri Api(string route, params ReadOnlySpan<(string Name, string Value)> arguments) => Url("api/2.0/" + route, arguments);

    /// <summary>The URL of any route below the tracking URI.</summary>
    public Uri Url(string route, params ReadOnlySpan<(string Name, string Value)> arguments)
    {
        var query = new List<string>();
        foreach (var (name, value) in arguments)
        {
            query.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        return new($"{baseUrl}/{route}{(query.Count == 0 ? "" : "?" + string.Join('&', query))}");
    }

    /// <summary>A request with the credentials, if it goes to this server.</summary>
    public UpstreamRequest Request(Uri url) => MlflowAddress.Origin(url) == MlflowAddress.Origin(new Uri(baseUrl))
        ? new(url, credentials.Token) { Scheme = credentials.Scheme }
        : new(url);

    /// <summary>Asks, and reads the answer as a JSON object. Adds a diagnostic and gives null where there is none.</summary>
    /// <param name="url">The question.</param>
    /// <param name="subject">What is asked about, as it stands in a sentence: <c>version 3 of the registered model 'fraud'</c>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<JsonElement?> AskAsync(Uri url, string subject, CancellationToken cancellationToken)
    {
        var response = await context.Http.GetAsync(Request(url), cancellationToken);
        if (!response.IsSuccess)
        {
            Refuse(response, subject);
            return null;
        }

        if (Read(response.Body) is { } answer)
        {
            return answer;
        }

        context.Diagnostics.Add(MlflowDiagnostics.AnswersOddly(this, response.Url, "it is no JSON object; is this the address of an MLflow server?"));
        return null;
    }

    /// <summary>Adds the diagnostic of an answer that is no success.</summary>
    public void Refuse(UpstreamResponse response, string subject) =>
        context.Diagnostics.Add(MlflowAnswers.Explain(this, response, subject, Read(response.Body)));

    private static JsonElement? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, _depth);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
