using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources.Objects;

namespace NixGen.Sources.Azure;

/// <content>What is said of one case.</content>
public static partial class AzureDiagnostics
{
    private const string HowToLogIn = "run 'az login', or set AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_SAS_TOKEN or AZURE_STORAGE_KEY";

    internal static Diagnostic HasBadCredentials(ModelRequest model, CredentialException exception) => Of(
        BadCredentials,
        model,
        $"For model '{model.Name}', {exception.Origin} {exception.Problem}.",
        $"Put good credentials there, or take them away. To have others, {HowToLogIn}.");

    internal static Diagnostic HasBadConnection(ModelRequest model, string problem) => Of(
        BadConnection,
        model,
        $"The BlobEndpoint of AZURE_STORAGE_CONNECTION_STRING, where model '{model.Name}' would be asked for, {problem}.",
        "Put it right, or unset the variable to ask the account's own server.");

    internal static Diagnostic LacksCredentials(AzureQuestion question) => Of(
        NoCredentials,
        question,
        $"Model '{question.Model.Name}' requires credentials for {question.Request.Uri}, and there are none.",
        $"{Looked(question)}\nTo have some, {HowToLogIn}.");

    internal static Diagnostic IsPrivateOrMissing(AzureQuestion question) => Of(
        PrivateOrMissing,
        question,
        $"{Container(question)} isn't public, or doesn't exist at {question.Endpoint}; and there are no credentials.",
        $"{Looked(question)}\nTo have some, {HowToLogIn}.");

    internal static Diagnostic RefusesCredentials(AzureQuestion question, string? words) => Of(
        CredentialsRefused,
        question,
        $"{question.Endpoint} doesn't accept the credentials of {question.Credentials.Origin}, which model '{question.Model.Name}' uses{Said(words)}",
        $"Look whether they are of the account '{question.Request.Account}' and haven't ended; or {HowToLogIn}.");

    internal static Diagnostic Forbids(AzureQuestion question, string? words) => Of(
        Forbidden,
        question,
        $"The credentials of {question.Credentials.Origin ?? "nobody"} don't open {Lower(Container(question))}{Said(words)}",
        "Give the identity the role Storage Blob Data Reader, make the signature with the permissions 'rl' for the container, or let this machine through the account's firewall.");

    internal static Diagnostic LacksContainer(AzureQuestion question) => Of(
        ContainerMissing,
        question,
        $"{Container(question)} doesn't exist at {question.Endpoint}.",
        $"Compare the name with: az storage container list --account-name {question.Request.Account}");

    internal static Diagnostic LostBlob(AzureQuestion question, string name) => Of(
        BlobLost,
        question,
        $"The blob '{LockDiagnostics.Printable(name)}' of model '{question.Model.Name}' was listed, and is another or none now.",
        "Run the command again once nobody writes there. With versioning on the account, versions stay.");

    internal static Diagnostic LimitsRate(AzureQuestion question, TimeSpan? wait) => Of(
        RateLimited,
        question,
        $"{question.Endpoint} answers model '{question.Model.Name}' that it is too busy{(wait is { } time ? $"; it asks to wait for {time.TotalSeconds:0} s" : "")}.",
        "Wait and run the command again: what is locked stays locked, and what was streamed isn't streamed again.");

    internal static Diagnostic Fails(AzureQuestion question, int status, Uri url) => Of(
        ServerFails,
        question,
        $"{PublicUrl.Of(url)} answered {status} for model '{question.Model.Name}', several times.",
        "Run the command again later: what is locked stays locked.");

    internal static Diagnostic AnswersOddly(AzureQuestion question, string what, Uri url) => Of(
        OddAnswer,
        question,
        $"{PublicUrl.Of(url)} gave model '{question.Model.Name}' an answer that Blob Storage doesn't give: {what}.",
        "Look who answers there. A proxy, a login page or an emulator may stand between.");

    internal static Diagnostic IsStoredPacked(AzureQuestion question, AzureBlob blob) => Of(
        StoredPacked,
        question,
        $"The blob '{LockDiagnostics.Printable(blob.Name)}' of model '{question.Model.Name}' is stored as {Quoted.Text(blob.Encoding ?? "")}, and is sent so.",
        "Upload it again without an encoding, or leave it out with 'exclude'.");

    private static string Container(AzureQuestion question) =>
        $"The container '{question.Request.Container}' of the account '{question.Request.Account}' (model '{question.Model.Name}')";

    private static string Lower(string text) => char.ToLowerInvariant(text[0]) + text[1..];

    private static string Looked(AzureQuestion question) => $"Looked at: {string.Join("; ", question.Credentials.Looked)}.";

    private static string Said(string? words) => words is null ? "." : $": {Quoted.Bare(words)}";

    private static Diagnostic Of(DiagnosticDescriptor descriptor, AzureQuestion question, string message, string help) =>
        Of(descriptor, question.Model, message, help);

    private static Diagnostic Of(DiagnosticDescriptor descriptor, ModelRequest model, string message, string help) => new()
    {
        Descriptor = descriptor,
        Message = message,
        Location = model.Source.Span,
        Help = help,
    };
}
