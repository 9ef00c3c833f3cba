using System.Globalization;
using System.Text.Json;

namespace NixGen.Sources.Mlflow;

/// <summary>What a reference leads to.</summary>
/// <param name="ArtifactUri">Where the files are, as the server states it.</param>
internal sealed record MlflowFound(string ArtifactUri)
{
    /// <summary>The version's number, or null where the model isn't a registered one.</summary>
    public string? Version { get; init; }

    /// <summary>The run that made it, or null.</summary>
    public string? Run { get; init; }

    /// <summary>The logged model that it is, or null.</summary>
    public string? LoggedModel { get; init; }

    /// <summary>The folder or file below <see cref="ArtifactUri"/>; empty for all there is.</summary>
    public string Path { get; init; } = "";
}

/// <summary>Follows a reference: aliases, stages and <c>latest</c> to a version, versions to where their files are.</summary>
/// <param name="server">The server.</param>
/// <param name="context">Where faults go.</param>
internal sealed class MlflowFinding(MlflowServer server, ResolveContext context)
{
    /// <summary>What the reference leads to; null, with a diagnostic, where it leads nowhere.</summary>
    public Task<MlflowFound?> FindAsync(MlflowReference reference, CancellationToken cancellationToken) => reference.Kind switch
    {
        MlflowReferenceKind.Run => RunAsync(reference.Name, reference.Detail, cancellationToken),
        MlflowReferenceKind.LoggedModel => LoggedModelAsync(reference.Name, reference.Detail, cancellationToken),
        _ => RegisteredAsync(reference, cancellationToken),
    };

    /// <summary>The artifact URI of a run, and the path below it.</summary>
    public async Task<MlflowFound?> RunAsync(string run, string path, CancellationToken cancellationToken)
    {
        var url = server.Api("mlflow/runs/get", ("run_id", run));
        if (await server.AskAsync(url, $"the run '{run}'", cancellationToken) is not { } answer)
        {
            return null;
        }

        return MlflowJson.Object(answer, "run", "info") is { } info && MlflowJson.Text(info, "artifact_uri") is { } uri
            ? new(uri) { Run = run, Path = path }
            : Odd<MlflowFound>(url, "the run has no 'artifact_uri'");
    }

    private async Task<MlflowFound?> LoggedModelAsync(string id, string path, CancellationToken cancellationToken)
    {
        var url = server.Api($"mlflow/logged-models/{Uri.EscapeDataString(id)}");
        if (await server.AskAsync(url, $"the logged model '{id}'", cancellationToken) is not { } answer)
        {
            return null;
        }

        if (MlflowJson.Object(answer, "model", "info") is not { } info || MlflowJson.Text(info, "artifact_uri") is not { } uri)
        {
            return Odd<MlflowFound>(url, "the logged model has no 'artifact_uri'");
        }

        return IsReady(MlflowJson.Text(info, "status"), $"The logged model '{id}'") ? new(uri) { LoggedModel = id, Path = path } : null;
    }

    private async Task<MlflowFound?> RegisteredAsync(MlflowReference reference, CancellationToken cancellationToken)
    {
        if (await VersionAsync(reference, cancellationToken) is not { } version)
        {
            return null;
        }

        if (MlflowJson.Text(version, "version") is not { } number || MlflowNames.VersionProblem(number) is not null)
        {
            return Odd<MlflowFound>(server.Api("mlflow/model-versions/get"), "a version has no number");
        }

        var subject = $"version {number} of the registered model '{reference.Name}'";
        if (!IsReady(MlflowJson.Text(version, "status"), char.ToUpperInvariant(subject[0]) + subject[1..]))
        {
            return null;
        }

        // In MLflow 3 the source is `models:/m-…`; only this says where the files are.
        var url = server.Api("mlflow/model-versions/get-download-uri", ("name", reference.Name), ("version", number));
        if (await server.AskAsync(url, subject, cancellationToken) is not { } answer)
        {
            return null;
        }

        return MlflowJson.Text(answer, "artifact_uri") is { } uri
            ? new(uri) { Version = number, Run = MlflowJson.Text(version, "run_id"), LoggedModel = LoggedModelOf(version, uri) }
            : Odd<MlflowFound>(url, "it has no 'artifact_uri'");
    }

    private async Task<JsonElement?> VersionAsync(MlflowReference reference, CancellationToken cancellationToken)
    {
        var name = reference.Name;
        switch (reference.Kind)
        {
            case MlflowReferenceKind.Version:
                var byNumber = server.Api("mlflow/model-versions/get", ("name", name), ("version", reference.Detail));
                return await OneAsync(byNumber, $"version {reference.Detail} of the registered model '{name}'", reference.Detail, cancellationToken);
            case MlflowReferenceKind.Alias:
                var byAlias = server.Api("mlflow/registered-models/alias", ("name", name), ("alias", reference.Detail));
                return await OneAsync(byAlias, $"the alias '{reference.Detail}' of the registered model '{name}'", null, cancellationToken);
            default:
                return await NewestAsync(reference, cancellationToken);
        }
    }

    private async Task<JsonElement?> OneAsync(Uri url, string subject, string? number, CancellationToken cancellationToken)
    {
        if (await server.AskAsync(url, subject, cancellationToken) is not { } answer)
        {
            return null;
        }

        return MlflowJson.Object(answer, "model_version") is { } version && (number is null || MlflowJson.Text(version, "version") == number)
            ? version
            : Odd<JsonElement?>(url, "it has no 'model_version', or another one");
    }

    private async Task<JsonElement?> NewestAsync(MlflowReference reference, CancellationToken cancellationToken)
    {
        var stage = reference.Kind == MlflowReferenceKind.Stage ? reference.Detail : null;
        const string Route = "mlflow/registered-models/get-latest-versions";
        var url = stage is null ? server.Api(Route, ("name", reference.Name)) : server.Api(Route, ("name", reference.Name), ("stages", stage));
        if (await server.AskAsync(url, $"the registered model '{reference.Name}'", cancellationToken) is not { } answer)
        {
            return null;
        }

        if (MlflowJson.List(answer, "model_versions") is not { } versions)
        {
            return Odd<JsonElement?>(url, "'model_versions' is no list");
        }

        // One of each stage: the newest of all has the greatest number.
        var newest = versions
            .Where(version => stage is null || MlflowJson.Text(version, "current_stage") == stage)
            .Select(version => (Version: version, Number: long.TryParse(MlflowJson.Text(version, "version"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0))
            .OrderByDescending(entry => entry.Number)
            .FirstOrDefault();
        if (newest.Number == 0)
        {
            context.Diagnostics.Add(MlflowDiagnostics.HasNoVersion(server, reference.Name, stage));
            return null;
        }

        return newest.Version;
    }

    private bool IsReady(string? status, string subject)
    {
        if (status is "READY" or "LOGGED_MODEL_READY")
        {
            return true;
        }

        context.Diagnostics.Add(MlflowDiagnostics.IsNotReady(server, subject, status));
        return false;
    }

    private static string? LoggedModelOf(JsonElement version, string uri)
    {
        const string Scheme = "models:/";
        if (MlflowJson.Text(version, "source") is { } source
            && source.StartsWith(Scheme, StringComparison.Ordinal)
            && MlflowNames.IsLoggedModel(source[Scheme.Length..]))
        {
            return source[Scheme.Length..];
        }

        // Where a registry states the place itself: …/models/m-…/artifacts
        return uri.TrimEnd('/').Split('/') is [.., var id, "artifacts"] && MlflowNames.IsLoggedModel(id) ? id : null;
    }

    private T? Odd<T>(Uri url, string problem)
    {
        context.Diagnostics.Add(MlflowDiagnostics.AnswersOddly(server, url, problem));
        return default;
    }
}
