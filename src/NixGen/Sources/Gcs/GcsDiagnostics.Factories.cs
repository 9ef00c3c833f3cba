using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources.Objects;

namespace NixGen.Sources.Gcs;

/// <content>What is said of one case.</content>
public static partial class GcsDiagnostics
{
    private const string HowToLogIn = "run 'gcloud auth application-default login', or set GOOGLE_APPLICATION_CREDENTIALS to a service account's key file";

    internal static Diagnostic HasLooseGeneration(SourceSpan at) => new()
    {
        Descriptor = LooseGeneration,
        Message = "'generation' is the version of one object, whose whole name 'prefix' has to be.",
        Location = at,
        Help = "Write 'prefix: folder/model.safetensors', and leave 'files' and 'exclude' out; or leave 'generation' out: locking pins each object's generation.",
    };

    internal static Diagnostic HasBadEmulator(ModelRequest model, string text, string problem) => Of(
        BadEmulator,
        model,
        $"STORAGE_EMULATOR_HOST, which model '{model.Name}' would be asked for at, {problem}: {Quoted.Text(text)}.",
        "Set it to a URL such as http://127.0.0.1:4443, or unset it to ask Google's own servers.");

    internal static Diagnostic HasBadCredentials(ModelRequest model, CredentialException exception) => Of(
        BadCredentials,
        model,
        $"For model '{model.Name}', {exception.Origin} {exception.Problem}.",
        $"Put good credentials there, or take it away. To make new ones, {HowToLogIn}.");

    internal static Diagnostic LacksCredentials(GcsQuestion question) => Of(
        NoCredentials,
        question,
        $"Model '{question.Model.Name}' requires credentials for {question.Request.Uri}, and there are none.",
        $"{Looked(question)}\nTo make some, {HowToLogIn}.");

    internal static Diagnostic IsPrivateOrMissing(GcsQuestion question) => Of(
        PrivateOrMissing,
        question,
        $"The bucket '{question.Request.Bucket}' of model '{question.Model.Name}' isn't public, or doesn't exist at {question.Endpoint.BaseUrl}; and there are no credentials.",
        $"{Looked(question)}\nLook at {question.Page}. To make credentials, {HowToLogIn}.");

    internal static Diagnostic RefusesCredentials(GcsQuestion question, string? words) => Of(
        CredentialsRefused,
        question,
        $"{question.Endpoint.BaseUrl} doesn't know the credentials of {question.Credentials.Origin}, which model '{question.Model.Name}' uses{Said(words)}",
        $"Take them away, or make new ones: {HowToLogIn}.");

    internal static Diagnostic Forbids(GcsQuestion question, string? words) => Of(
        Forbidden,
        question,
        $"The credentials of {question.Credentials.Origin ?? "nobody"} don't open the bucket '{question.Request.Bucket}' of model '{question.Model.Name}'{Said(words)}",
        $"Give their account the role Storage Object Viewer, or use other credentials: gcloud storage buckets add-iam-policy-binding gs://{question.Request.Bucket} --member=… --role=roles/storage.objectViewer");

    internal static Diagnostic LacksBucket(GcsQuestion question) => Of(
        BucketMissing,
        question,
        $"There is no bucket '{question.Request.Bucket}' at {question.Endpoint.BaseUrl} (model '{question.Model.Name}').",
        $"Compare the name with {question.Page}.");

    internal static Diagnostic LacksGeneration(GcsQuestion question, string name, string generation) => Of(
        GenerationMissing,
        question,
        $"The object '{LockDiagnostics.Printable(name)}' of model '{question.Model.Name}' in the bucket '{question.Request.Bucket}' has no generation {generation}, or there is no such object.",
        $"Run 'gcloud storage ls --all-versions {question.Request.Uri.Split('#')[0]}' to see what there is, or leave the generation out.");

    internal static Diagnostic LostObject(GcsQuestion question, string name) => Of(
        ObjectLost,
        question,
        $"The object '{LockDiagnostics.Printable(name)}' of model '{question.Model.Name}' in the bucket '{question.Request.Bucket}' was listed, and is gone in that generation.",
        "Run the command again once nobody writes there. With object versioning on the bucket, generations stay.");

    internal static Diagnostic WantsPayer(GcsQuestion question) => Of(
        PayerMissing,
        question,
        $"The bucket '{question.Request.Bucket}' of model '{question.Model.Name}' makes those pay who read it.",
        "Copy the model into a bucket of your own, and lock it from there.");

    internal static Diagnostic LimitsRate(GcsQuestion question, TimeSpan? wait) => Of(
        RateLimited,
        question,
        $"{question.Endpoint.BaseUrl} answers model '{question.Model.Name}' that too many requests were made{(wait is { } time ? $"; it asks to wait for {time.TotalSeconds:0} s" : "")}.",
        "Wait and run the command again: what is locked stays locked, and what was streamed isn't streamed again.");

    internal static Diagnostic Fails(GcsQuestion question, int status, Uri url) => Of(
        ServerFails,
        question,
        $"{PublicUrl.Of(url)} answered {status} for model '{question.Model.Name}', several times.",
        "Run the command again later: what is locked stays locked.");

    internal static Diagnostic AnswersOddly(GcsQuestion question, string what, Uri url) => Of(
        OddAnswer,
        question,
        $"{PublicUrl.Of(url)} gave model '{question.Model.Name}' an answer that Cloud Storage doesn't give: {what}.",
        "Look who answers there. A proxy, a login page or an emulator (STORAGE_EMULATOR_HOST) may stand between.");

    internal static Diagnostic IsStoredPacked(GcsQuestion question, GcsItem item) => Of(
        StoredPacked,
        question,
        $"The object '{LockDiagnostics.Printable(item.Name)}' in the bucket '{question.Request.Bucket}' of model '{question.Model.Name}' is stored as {Quoted.Text(item.Encoding ?? "")}{(item.IsNeverUnpacked ? " with 'no-transform'" : "")}, and is sent so.",
        "Upload it again without an encoding (gcloud storage cp without --gzip-local), or leave it out with 'exclude'.");

    private static string Looked(GcsQuestion question) => $"Looked at: {string.Join("; ", question.Credentials.Looked)}.";

    private static string Said(string? words) => words is null ? "." : $": {Quoted.Bare(words)}";

    private static Diagnostic Of(DiagnosticDescriptor descriptor, GcsQuestion question, string message, string help) =>
        Of(descriptor, question.Model, message, help);

    private static Diagnostic Of(DiagnosticDescriptor descriptor, ModelRequest model, string message, string help) => new()
    {
        Descriptor = descriptor,
        Message = message,
        Location = model.Source.Span,
        Help = help,
    };
}
