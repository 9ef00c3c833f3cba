using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace NixGen.Testing.Mlflow;

/// <summary>One request and its answer: the routes of the server.</summary>
internal sealed class MlflowExchange(LoopbackMlflow server, HttpContext context, MlflowRequest request)
{
    private const string Api = "/api/2.0/mlflow/";
    private const string Ajax = "/ajax-api/2.0/mlflow/";
    private const string Proxy = "/api/2.0/mlflow-artifacts/artifacts";
    private readonly Dictionary<string, Microsoft.Extensions.Primitives.StringValues> query = QueryHelpers.ParseQuery(context.Request.QueryString.Value);

    private MlflowState State => server.State;

    /// <summary>Answers, or throws the error to state.</summary>
    public Task AnswerAsync()
    {
        var path = request.Path;
        if (path == Proxy)
            return ListAsync(MlflowState.Proxied, Argument("path"), areWhole: false, rootUri: null);
        if (path.StartsWith(Proxy + "/", StringComparison.Ordinal))
        {
            RequireProxy();
            return MlflowDownloads.StreamAsync(server, context, MlflowState.Proxied + MlflowPaths.Read(Uri.UnescapeDataString(path[(Proxy.Length + 1)..])));
        }

        if (path == "/get-artifact")
            return MlflowDownloads.SendAsync(context, State, RunOf(Argument("run_id") ?? Argument("run_uuid")), MlflowPaths.Read(Required("path")));
        if (path.StartsWith(Ajax + "logged-models/", StringComparison.Ordinal) && path.EndsWith("/artifacts/files", StringComparison.Ordinal))
            return MlflowDownloads.SendAsync(context, State, LoggedModelOf(path.Split('/')[^3]).ArtifactUri, MlflowPaths.Read(Required("artifact_file_path")));
        return path.StartsWith(Api, StringComparison.Ordinal)
            ? AnswerApiAsync(path[Api.Length..].Split('/'))
            : throw new MlflowException(404, "ENDPOINT_NOT_FOUND", $"No route {path}");
    }

    public static async Task FailAsync(HttpContext context, MlflowException error)
    {
        context.Response.StatusCode = error.Status;
        await SendAsync(context, json =>
        {
            json.WriteString("error_code", error.Code);
            json.WriteString("message", error.Message);
        });
    }

    private Task AnswerApiAsync(string[] route)
    {
        switch (route)
        {
            case ["model-versions", "get"]:
                var (name, version) = (Required("name"), Required("version"));
                return SendAsync(context, json => WriteVersion(json, "model_version", name, version, VersionOf(name, version)));
            case ["model-versions", "get-download-uri"]:
                var found = VersionOf(Required("name"), Required("version"));
                return SendAsync(context, json => json.WriteString("artifact_uri", DownloadUri(found)));
            case ["registered-models", "alias"]:
                var model = Named(Required("name"));
                var number = State.Aliases.TryGetValue((model, Required("alias")), out var stated)
                    ? stated
                    : throw MlflowException.Invalid($"Registered model alias {Required("alias")} not found.");
                return SendAsync(context, json => WriteVersion(json, "model_version", model, number, VersionOf(model, number)));
            case ["registered-models", "get-latest-versions"]:
                return LatestAsync(Named(Required("name")), query.TryGetValue("stages", out var stages) ? stages.ToString() : null);
            case ["runs", "get"]:
                var run = Required("run_id");
                var uri = RunOf(run);
                return SendAsync(context, json =>
                {
                    json.WriteStartObject("run");
                    json.WriteStartObject("info");
                    json.WriteString("run_id", run);
                    json.WriteString("run_uuid", run);
                    json.WriteString("status", "FINISHED");
                    json.WriteString("artifact_uri", uri);
                    json.WriteEndObject();
                    json.WriteEndObject();
                });
            case ["artifacts", "list"]:
                var root = RunOf(Argument("run_id") ?? Argument("run_uuid"));
                return ListAsync(MlflowState.NameOf(root, ""), Argument("path"), areWhole: true, root);
            case ["logged-models", var id]:
                var logged = LoggedModelOf(id);
                return SendAsync(context, json =>
                {
                    json.WriteStartObject("model");
                    json.WriteStartObject("info");
                    json.WriteString("model_id", id);
                    json.WriteString("artifact_uri", logged.ArtifactUri);
                    json.WriteString("status", logged.Status);
                    json.WriteEndObject();
                    json.WriteEndObject();
                });
            case ["logged-models", var id, "artifacts", "directories"]:
                var place = LoggedModelOf(id).ArtifactUri;
                return ListAsync(MlflowState.NameOf(place, ""), Argument("artifact_directory_path"), areWhole: true, place);
            default:
                throw new MlflowException(404, "ENDPOINT_NOT_FOUND", $"No route {request.Path}");
        }
    }

    private Task LatestAsync(string name, string? stage)
    {
        if (stage is not (null or "None" or "Staging" or "Production" or "Archived"))
            throw MlflowException.Invalid($"Invalid Model Version stage: {stage}. Value must be one of None, Staging, Production, Archived.");
        var latest = State.Versions
            .Where(entry => entry.Key.Name == name && (stage is null || entry.Value.Stage == stage))
            .GroupBy(entry => entry.Value.Stage)
            .Select(group => group.MaxBy(entry => int.Parse(entry.Key.Version, CultureInfo.InvariantCulture)));
        return SendAsync(context, json =>
        {
            json.WriteStartArray("model_versions");
            foreach (var (key, value) in latest)
                WriteVersion(json, null, key.Name, key.Version, value);
            json.WriteEndArray();
        });
    }

    // The proxy names what is in a folder by its last segment, the other listings by the whole path.
    private Task ListAsync(string root, string? stated, bool areWhole, string? rootUri)
    {
        if (!areWhole)
            RequireProxy();
        var folder = stated is null ? "" : MlflowPaths.Read(stated);
        var names = State.Children(folder.Length == 0 ? root : $"{root.TrimEnd('/')}/{folder}");
        var entries = server.Listed(folder, [.. names.Select(entry => (areWhole && folder.Length > 0 ? $"{folder}/{entry.Name}" : entry.Name, entry.Size))]);
        var first = int.TryParse(Argument("page_token"), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0;
        var page = server.PageSize == 0 ? entries : [.. entries.Skip(first).Take(server.PageSize)];
        return SendAsync(context, json =>
        {
            if (rootUri is not null)
                json.WriteString("root_uri", rootUri);
            if (page.Count > 0)
            {
                json.WriteStartArray("files");
                foreach (var (path, size) in page)
                    WriteEntry(json, path, size);
                json.WriteEndArray();
            }

            if (server.PageSize > 0 && (first + page.Count < entries.Count || server.TurnsInCircles))
                json.WriteString("next_page_token", server.TurnsInCircles ? "0" : (first + page.Count).ToString(CultureInfo.InvariantCulture));
        });
    }

    private void WriteEntry(Utf8JsonWriter json, string path, long? size)
    {
        json.WriteStartObject();
        json.WriteString("path", path);
        json.WriteBoolean("is_dir", size is null);
        if (size is { } length)
        {
            if (server.WritesNumbersAsText)
                json.WriteString("file_size", length.ToString(CultureInfo.InvariantCulture));
            else
                json.WriteNumber("file_size", length);
        }

        json.WriteEndObject();
    }

    private static void WriteVersion(Utf8JsonWriter json, string? key, string name, string number, MlflowVersion version)
    {
        if (key is null)
            json.WriteStartObject();
        else
            json.WriteStartObject(key);
        json.WriteString("name", name);
        json.WriteString("version", number);
        json.WriteString("current_stage", version.Stage);
        json.WriteString("source", version.Source);
        json.WriteString("run_id", version.RunId);
        json.WriteString("status", version.Status);
        json.WriteEndObject();
    }

    private string DownloadUri(MlflowVersion version)
    {
        if (version.StorageLocation is { } location)
            return location;
        return version.Source.StartsWith("models:/m-", StringComparison.Ordinal) ? LoggedModelOf(version.Source["models:/".Length..]).ArtifactUri : version.Source;
    }

    private string Named(string name) => State.Versions.Keys.Any(key => key.Name == name)
        ? name
        : throw MlflowException.Missing($"Registered Model with name={name} not found");

    private MlflowVersion VersionOf(string name, string version) => !version.All(char.IsAsciiDigit)
        ? throw MlflowException.Invalid($"Model version must be an integer, got '{version}'")
        : State.Versions.TryGetValue((name, version), out var found)
            ? found
            : throw MlflowException.Missing($"Model Version (name={name}, version={version}) not found");

    private string RunOf(string? id) => State.Runs.TryGetValue(id ?? "", out var uri) ? uri : throw MlflowException.Missing($"Run with id={id} not found");

    private MlflowLoggedModel LoggedModelOf(string id) =>
        State.LoggedModels.TryGetValue(id, out var found) ? found : throw MlflowException.Missing($"Logged model with ID '{id}' not found.");

    private void RequireProxy()
    {
        if (!server.ServesArtifacts)
            throw new MlflowException(503, "TEMPORARILY_UNAVAILABLE", "Endpoint: /mlflow-artifacts/artifacts disabled due to the mlflow server running with `--no-serve-artifacts`.");
    }

    private string? Argument(string name) => query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    private string Required(string name) => Argument(name) ?? throw MlflowException.Invalid($"Missing value for required parameter '{name}'.");

    private static async Task SendAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }
}
