using NixGen.Diagnostics;
using NixGen.Manifest;

namespace NixGen.Sources.Mlflow;

/// <content>What is said of one case.</content>
public static partial class MlflowDiagnostics
{
    internal static Diagnostic IsUnclear(LongSource source, string rule, string[] stated, string example) => new()
    {
        Descriptor = Unclear,
        Message = $"An MLflow source {rule}; this one has {(stated.Length == 0 ? "none" : string.Join(" and ", stated.Select(key => $"'{key}'")))}.",
        Location = source.Span,
        Help = $"Write it like 'mlflow: {{ trackingUri: \"https://mlflow.example.com\", {example} }}'.",
    };

    internal static Diagnostic NamesNoServer(ModelRequest model) => new()
    {
        Descriptor = NoServer,
        Message = $"Model '{model.Name}' comes from an MLflow server, and neither 'trackingUri' nor MLFLOW_TRACKING_URI says which.",
        Location = model.Source.Span,
        Help = "Add 'trackingUri: https://mlflow.example.com' to the source, or set MLFLOW_TRACKING_URI.",
    };

    internal static Diagnostic HasBadVariable(ModelRequest model, string problem) => new()
    {
        Descriptor = NoServer,
        Message = $"MLFLOW_TRACKING_URI, which names the server of model '{model.Name}', {problem}.",
        Location = model.Source.Span,
        Help = "Set it to the base URL of an 'mlflow server', such as https://mlflow.example.com, or add 'trackingUri' to the source.",
    };

    internal static Diagnostic LacksCredentials(MlflowServer server) => Of(
        NoCredentials,
        server,
        $"Model '{server.Model.Name}' requires credentials for {server.BaseUrl}, and there are none.",
        $"{Looked(server)}\n{WhereToPut(server)}");

    internal static Diagnostic HoldsNoToken(MlflowServer server, Secret token) => Of(
        BadToken,
        server,
        $"What {token.Origin} holds for model '{server.Model.Name}' is no token: it has spaces, line breaks or characters outside of ASCII.",
        "Put the token alone there, on one line.");

    internal static Diagnostic RefusesCredentials(MlflowServer server, string? message) => Of(
        Refused,
        server,
        server.Credentials.Token is { } token
            ? $"{server.BaseUrl} doesn't take the credentials in {token.Origin}, which model '{server.Model.Name}' uses{Words(message)}."
            : $"{server.BaseUrl} asks for credentials, and there are none for model '{server.Model.Name}'{Words(message)}.",
        server.Credentials.Token is { } stale ? $"Renew them in {stale.Origin}, or take them away there." : $"{Looked(server)}\n{WhereToPut(server)}");

    internal static Diagnostic Forbids(MlflowServer server, string subject, string? message) => Of(
        Forbidden,
        server,
        $"{server.BaseUrl} forbids to read {subject} (model '{server.Model.Name}'){Words(message)}.",
        server.Credentials.Token is { } token
            ? $"Ask those who run the server to let the owner of what is in {token.Origin} read it."
            : $"{Looked(server)}\n{WhereToPut(server)}");

    internal static Diagnostic Lacks(MlflowServer server, string subject, string? message) => Of(
        Missing,
        server,
        $"{server.BaseUrl} has nothing under {subject} (model '{server.Model.Name}'){Words(message)}.",
        $"Compare with {server.BaseUrl}/#/models; names compare with case.");

    internal static Diagnostic HasNoVersion(MlflowServer server, string name, string? stage) => Of(
        NoVersion,
        server,
        $"The registered model '{name}' of {server.BaseUrl} has no version{(stage is null ? "" : $" in the stage '{stage}'")} (model '{server.Model.Name}').",
        $"Look at {server.BaseUrl}/#/models/{Uri.EscapeDataString(name)}, and name a version or an alias: 'modelVersion: 3', 'modelAlias: champion'.");

    internal static Diagnostic IsNotReady(MlflowServer server, string subject, string? status) => Of(
        NotReady,
        server,
        $"{subject} of {server.BaseUrl} is not ready (model '{server.Model.Name}').",
        "Wait until it is uploaded, or name another version.") with
    {
        Expected = "READY",
        Actual = Shown(status ?? "no status"),
    };

    internal static Diagnostic IsElsewhere(MlflowServer server, string uri) => Of(
        Elsewhere,
        server,
        $"The files of model '{server.Model.Name}' are at '{Shown(uri)}', which {server.BaseUrl} doesn't hand out: they belong to no run that it knows.",
        "If the store is a bucket of S3, Google Cloud Storage or Azure, write 'artifacts: store' to take the files from there; or register the version from its run ('runs:/id/path').");

    internal static Diagnostic IsInNoBucket(MlflowServer server, string uri) => Of(
        NoBucket,
        server,
        $"The files of model '{server.Model.Name}' are at '{Shown(uri)}', which is no bucket that nixgen could ask itself.",
        "Take 'artifacts: store' away, so that the tracking server hands the files out.");

    internal static Diagnostic HasNoFiles(MlflowServer server, string storage) => Of(
        NoFiles,
        server,
        $"{server.BaseUrl} lists no files at '{Shown(storage)}' (model '{server.Model.Name}').",
        "Look at the artifacts in the server's pages, and compare 'artifactPath' with them.");

    internal static Diagnostic LacksRoute(MlflowServer server, Uri url) => Of(
        NoRoute,
        server,
        $"{PublicUrl.Of(url)} isn't there (model '{server.Model.Name}').",
        $"Look whether {server.BaseUrl} opens MLflow's pages; a prefix belongs to 'trackingUri'. Older servers lack aliases (2.3) and logged models (3.0).");

    internal static Diagnostic LimitsRate(MlflowServer server, TimeSpan? wait) => Of(
        RateLimited,
        server,
        $"{server.BaseUrl} asks to wait{(wait is { } time ? $" for {time.TotalSeconds:0} s" : "")} (model '{server.Model.Name}').",
        "Run the command again later.");

    internal static Diagnostic Fails(MlflowServer server, UpstreamResponse response, string subject, string? code, string? message) => Of(
        Failing,
        server,
        $"{PublicUrl.Of(response.Url)} answered {response.Status}{(code is null ? "" : $" ({Shown(code)})")} for {subject} (model '{server.Model.Name}'){Words(message)}.",
        "Try again later. If it stays so, look whether the artifact opens in the server's pages, and at the server's log. Names with '#' or '%' can't be had through an MLflow server.");

    internal static Diagnostic AnswersOddly(MlflowServer server, Uri url, string problem) => Of(
        OddAnswer,
        server,
        $"{PublicUrl.Of(url)} gave an answer that can't be used for model '{server.Model.Name}': {problem}.",
        $"Open {server.BaseUrl} and look whether it is the MLflow server that is meant.");

    private static string Looked(MlflowServer server) =>
        server.Credentials.Looked.IsEmpty ? "No place for credentials is named." : $"Looked at: {string.Join("; ", server.Credentials.Looked)}.";

    private static string WhereToPut(MlflowServer server) => server.IsOwnServer
        ? "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN; or name a token's variable in 'auth.tokenEnvVar'."
        : $"Name a token's variable in 'auth.tokenEnvVar'; or set MLFLOW_TRACKING_URI to {server.BaseUrl} too: MLFLOW_TRACKING_USERNAME, _PASSWORD and _TOKEN are not sent to a server that only the manifest names.";

    private static string Words(string? message) => message is null ? "" : $"; it says: {message.TrimEnd('.')}";

    private static string Shown(string text) => Lock.LockDiagnostics.Printable(text);

    private static Diagnostic Of(DiagnosticDescriptor descriptor, MlflowServer server, string message, string help) => new()
    {
        Descriptor = descriptor,
        Message = message,
        Location = server.Model.Source.Span,
        Help = help,
    };
}
