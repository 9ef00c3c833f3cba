using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.Registries;

/// <summary>What a registry can answer that keeps a model from being locked, whatever kind of model it is.</summary>
public static class RegistryDiagnostics
{
    /// <summary>NG3450.</summary>
    public static readonly DiagnosticDescriptor ReferenceMissing = Upstream(
        "NG3450",
        "The registry has no such model or tag",
        "The name or the tag is misspelt, or was deleted. Registries for which a name is needed may say so of a private one too.");

    /// <summary>NG3451.</summary>
    public static readonly DiagnosticDescriptor AccessDenied = Upstream(
        "NG3451",
        "The registry doesn't let in",
        "The registry wants a name and a password, or doesn't accept the ones it got. They are taken from what 'auth.tokenFile' or 'auth.tokenEnvVar' names, as 'name:password' (or a bearer token alone), else from the configuration of a registry's client: REGISTRY_AUTH_FILE, $XDG_RUNTIME_DIR/containers/auth.json, $DOCKER_CONFIG/config.json or ~/.docker/config.json. Some registries answer so where a name doesn't exist.");

    /// <summary>NG3452.</summary>
    public static readonly DiagnosticDescriptor OddAnswer = Upstream(
        "NG3452",
        "The registry's answer can't be used",
        "A manifest is JSON with 'schemaVersion' 2, a configuration and layers, each with a media type, a SHA-256 digest and a size, and at most 4 MiB long.");

    /// <summary>NG3453.</summary>
    public static readonly DiagnosticDescriptor OtherContent = new(
        "NG3453",
        "The registry gives other content than it names",
        "What a registry stores is named by its SHA-256. The bytes that came have another one: a proxy changed them, or the registry is damaged.",
        Kind: FailureKind.ContentMismatch);

    /// <summary>NG3454.</summary>
    public static readonly DiagnosticDescriptor NoCredentials = Upstream(
        "NG3454",
        "A registry's name and password are required and there are none",
        "The model says 'auth.required: true'. They are looked for in what 'auth.tokenFile' and 'auth.tokenEnvVar' name, and in the configuration of a registry's client.");

    /// <summary>NG3455.</summary>
    public static readonly DiagnosticDescriptor Refusal = Upstream(
        "NG3455",
        "The registry refuses",
        "The registry limits how often it is asked, or has a problem of its own.");

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
        [ReferenceMissing, AccessDenied, OddAnswer, OtherContent, NoCredentials, Refusal];

    internal static Diagnostic LacksReference(RegistryQuestion question, string reason) => Of(
        ReferenceMissing,
        question,
        $"{question.Endpoint.BaseUrl} has no '{question.Repository}' with the {(question.IsByDigest ? "digest" : "tag")} '{question.Reference}', which model '{question.Model.Name}' asks for{reason}.",
        question.IsByDigest
            ? "A digest that is gone was replaced and cleaned up: ask for a tag, and let nixgen pin what it is now."
            : "Compare name and tag with the registry's page; a name without a tag means 'latest'.");

    internal static Diagnostic DoesNotLetIn(RegistryQuestion question, int status, string reason, Uri url) => Of(
        AccessDenied,
        question,
        question.Credentials.Origin is { } origin
            ? $"{PublicUrl.Of(url)} answers with {status} to what {origin} holds, for model '{question.Model.Name}'{reason}."
            : $"{PublicUrl.Of(url)} answers with {status} for model '{question.Model.Name}', and there is neither name nor password to show{reason}.",
        $"{Looked(question)}Log in with a client of the registry (`docker login {question.Endpoint.Host}`), or name a variable in 'auth.tokenEnvVar' that holds 'name:password'. Look whether '{question.Repository}' is written as the registry has it.");

    internal static Diagnostic LacksCredentials(RegistryQuestion question) => Of(
        NoCredentials,
        question,
        $"Model '{question.Model.Name}' requires a name and a password for {question.Endpoint.BaseUrl}, and there are none.",
        $"{Looked(question)}Name a variable in 'auth.tokenEnvVar' that holds 'name:password', or take 'auth.required' away.");

    internal static Diagnostic AnswersOddly(RegistryQuestion question, string problem, Uri url) => Of(
        OddAnswer,
        question,
        $"{PublicUrl.Of(url)} gave an answer that can't be used for model '{question.Model.Name}': {problem}.",
        "Look whether the address is a registry's, and whether a proxy is in the way.");

    internal static Diagnostic HasOtherContent(RegistryQuestion question, string what, string expected, string actual, Uri url) => Of(
        OtherContent,
        question,
        $"{PublicUrl.Of(url)} gave other bytes for {what} of model '{question.Model.Name}' than its digest says.",
        "Try again without a proxy. If it stays so, tell those who run the registry, and don't use the model.") with
    {
        Expected = expected,
        Actual = actual,
    };

    internal static Diagnostic Refuses(RegistryQuestion question, string problem, TimeSpan? wait, Uri url) => Of(
        Refusal,
        question,
        $"{PublicUrl.Of(url)} can't be asked for model '{question.Model.Name}': {problem}.",
        wait is { } pause ? $"Run the command again in {pause.TotalSeconds:0} seconds. Who logs in is often allowed more." : "Run the command again later.");

    private static string Looked(RegistryQuestion question) =>
        question.Credentials.Looked.IsEmpty ? "" : $"Looked at: {string.Join("; ", question.Credentials.Looked)}.\n";

    private static DiagnosticDescriptor Upstream(string code, string title, string explanation) =>
        new(code, title, explanation, Kind: FailureKind.Upstream);

    private static Diagnostic Of(DiagnosticDescriptor descriptor, RegistryQuestion question, string message, string help) => new()
    {
        Descriptor = descriptor,
        Message = message,
        Location = question.Model.Source.Span,
        Help = help,
    };
}
