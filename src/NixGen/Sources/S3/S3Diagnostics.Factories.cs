using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources.S3;

/// <content>The diagnostics themselves.</content>
public static partial class S3Diagnostics
{
    internal static Diagnostic RefusesCredentials(ModelRequest model, S3Place place, S3Failure failure) => Of(
        BadCredentials,
        model,
        $"{place.Url} doesn't accept the credentials for model '{model.Name}'{Said(failure)}.",
        "Renew them (aws sts get-caller-identity tells whose they are), and look that key and secret belong together. For an open bucket, say 'unsigned: true'.");

    internal static Diagnostic Forbids(ModelRequest model, S3Place place, S3Credentials credentials, S3Failure failure, string? key)
    {
        var what = key is null ? "listing of" : $"reading of '{LockDiagnostics.Printable(key)}' in";
        return credentials.AreNobodys
            ? Of(
                AccessDenied,
                model,
                $"{place.Url} denies the {what} the bucket of model '{model.Name}' to anybody, and there are no credentials.",
                $"Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile in 'auth.awsProfile'. Looked at: {string.Join("; ", credentials.Looked)}.")
            : Of(
                AccessDenied,
                model,
                $"{place.Url} denies the {what} the bucket of model '{model.Name}'{Said(failure)}.",
                "Allow the credentials s3:ListBucket and s3:GetObject (and s3:GetObjectVersion where the bucket keeps versions), or use others: 'auth.awsProfile' names a profile.");
    }

    internal static Diagnostic LacksBucket(ModelRequest model, S3Place place) => Of(
        BucketMissing,
        model,
        $"There is no bucket '{place.Bucket}' at {place.Url}, which model '{model.Name}' names.",
        "Look for a misspelt name. A bucket of another server needs 'endpoint'.");

    internal static Diagnostic LacksObject(ModelRequest model, S3Place place, string key) => Of(
        ObjectMissing,
        model,
        $"There is no object '{LockDiagnostics.Printable(key)}' of model '{model.Name}' in {place.Url}.",
        "Compare the key with what the bucket holds. If objects are being moved at this time, lock again when that is done.");

    internal static Diagnostic LacksVersion(ModelRequest model, S3Place place, string key, string? version) => Of(
        VersionMissing,
        model,
        $"The object '{LockDiagnostics.Printable(key)}' of model '{model.Name}' in {place.Url} has no version '{LockDiagnostics.Printable(version ?? "")}'.",
        "List its versions: aws s3api list-object-versions. Without 'versionId' the newest is locked.");

    internal static Diagnostic IsElsewhere(ModelRequest model, S3Place place, string? region) => new()
    {
        Descriptor = WrongRegion,
        Message = $"The bucket '{place.Bucket}' of model '{model.Name}' isn't in the region that {place.Url} was asked in.",
        Location = model.Source.Span,
        Expected = region is null ? null : LockDiagnostics.Printable(region),
        Actual = place.Region,
        Help = region is null ? "Set 'region' to the bucket's." : $"Set 'region: {LockDiagnostics.Printable(region)}', or leave 'region' out.",
    };

    internal static Diagnostic LimitsRate(ModelRequest model, S3Place place) => Of(
        RateLimited, model, $"{place.Url} asks for fewer requests than model '{model.Name}' needs.", "Try again later.");

    internal static Diagnostic AnswersOddly(ModelRequest model, S3Place place, string what) => Of(
        OddAnswer,
        model,
        $"{place.Url} gave an unexpected answer for model '{model.Name}': {what}.",
        "Look whether 'endpoint' is a server that speaks S3's protocol, and whether a proxy is in between.");

    internal static Diagnostic HasWrongClock(ModelRequest model, S3Place place) => Of(
        WrongClock, model, $"{place.Url} says that the request for model '{model.Name}' was signed at another time than now.", "Set this machine's clock.");

    internal static Diagnostic LacksCredentials(ModelRequest model, S3Credentials credentials) => Of(
        NoCredentials,
        model,
        credentials.MissingProfile is { } profile
            ? $"There are no credentials for the profile '{profile}' that model '{model.Name}' names."
            : $"Model '{model.Name}' asks for credentials of AWS, and there are none.",
        $"Make them (aws configure), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Looked at: {string.Join("; ", credentials.Looked)}.");

    internal static Diagnostic HasBadVariable(string name, string problem, string example) => new()
    {
        Descriptor = BadVariable,
        Message = $"What the variable {name} holds {problem}.",
        Help = $"Set it to something like '{example}', or unset it.",
    };

    private static string Said(S3Failure failure) =>
        failure.Message is null ? "" : $" ({failure.Code}: {failure.Message.TrimEnd('.')})";

    private static Diagnostic Of(DiagnosticDescriptor descriptor, ModelRequest model, string message, string help) => new()
    {
        Descriptor = descriptor,
        Message = message,
        Location = model.Source.Span,
        Help = help,
    };
}
