namespace NixGen.Testing.Gcs;

/// <summary>A refusal as the JSON API words it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Reason">One word for programs.</param>
/// <param name="Message">A sentence for people.</param>
internal sealed record GcsError(int Status, string Reason, string Message)
{
    public static readonly GcsError InvalidCredentials = new(401, "authError", "Invalid Credentials");

    public static readonly GcsError ScopeTooNarrow = new(403, "forbidden", "Provided scope(s) are not authorized");

    public static readonly GcsError NoBucket = new(404, "notFound", "The specified bucket does not exist.");

    public static readonly GcsError NoPage = new(404, "notFound", "Not Found");

    public static readonly GcsError PayerMissing = new(400, "required", "Bucket is a requester pays bucket but no user project provided.");

    public static readonly GcsError ConditionNotMet = new(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");

    public static GcsError NoObject(string bucket, string name) => new(404, "notFound", $"No such object: {bucket}/{name}");

    public static GcsError Invalid(string message) => new(400, "invalid", message);

    /// <summary>Who nobody knows is asked who they are; who is known is told what they lack.</summary>
    public static GcsError Denied(string? account, string permission) => account is null
        ? new(401, "required", $"Anonymous caller does not have {permission} access to the Google Cloud Storage bucket. Permission '{permission}' denied on resource (or it may not exist).")
        : new(403, "forbidden", $"{account} does not have {permission} access to the Google Cloud Storage bucket. Permission '{permission}' denied on resource (or it may not exist).");
}
