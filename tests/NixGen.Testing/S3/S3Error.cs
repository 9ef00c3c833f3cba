using System.Collections.Immutable;

namespace NixGen.Testing.S3;

/// <summary>An answer that isn't a success, as S3 words it ("Error responses" of its API reference).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The code in the body.</param>
/// <param name="Message">The text in the body.</param>
public sealed record S3Error(int Status, string Code, string Message)
{
    public static readonly S3Error AccessDenied = new(403, "AccessDenied", "Access Denied");

    public static readonly S3Error NoSuchKey = new(404, "NoSuchKey", "The specified key does not exist.");

    public static readonly S3Error NoSuchVersion = new(404, "NoSuchVersion", "The specified version does not exist.");

    public static readonly S3Error NoSuchBucket = new(404, "NoSuchBucket", "The specified bucket does not exist");

    public static readonly S3Error SlowDown = new(503, "SlowDown", "Please reduce your request rate.");

    public static readonly S3Error InvalidAccessKeyId = new(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");

    public static readonly S3Error SignatureDoesNotMatch = new(
        403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.");

    public static readonly S3Error InvalidToken = new(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");

    public static readonly S3Error ExpiredToken = new(400, "ExpiredToken", "The provided token has expired.");

    public static readonly S3Error RequestTimeTooSkewed = new(
        403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.");

    public static readonly S3Error NotSigned = new(403, "AccessDenied", "There were headers present in the request which were not signed");

    public static readonly S3Error InvalidRange = new(416, "InvalidRange", "The requested range is not satisfiable");

    public static readonly S3Error PreconditionFailed = new(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");

    public static readonly S3Error MethodNotAllowed = new(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");

    public static readonly S3Error BadDigest = new(400, "BadDigest", "The SHA256 you specified did not match the calculated checksum.");

    public static readonly S3Error NoSuchUpload = new(404, "NoSuchUpload", "The specified upload does not exist.");

    /// <summary>Headers beside those of every error.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Elements of the body beside those of every error.</summary>
    public ImmutableDictionary<string, string> Details { get; init; } = ImmutableDictionary<string, string>.Empty;

    public static S3Error InvalidRequest(string message) => new(400, "InvalidRequest", message);

    public static S3Error WrongRegion(string stated, string right) =>
        new(400, "AuthorizationHeaderMalformed", $"The authorization header is malformed; the region '{stated}' is wrong; expecting '{right}'")
        {
            Headers = ImmutableDictionary<string, string>.Empty.Add("x-amz-bucket-region", right),
            Details = ImmutableDictionary<string, string>.Empty.Add("Region", right),
        };

    public static S3Error PermanentRedirect(S3Bucket bucket, string endpoint) =>
        new(301, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.")
        {
            Headers = ImmutableDictionary<string, string>.Empty.Add("x-amz-bucket-region", bucket.Region),
            Details = ImmutableDictionary<string, string>.Empty.Add("Endpoint", endpoint).Add("Bucket", bucket.Name),
        };

    /// <summary>A redirect with an address, as a bucket answers at the global endpoint while it is new.</summary>
    public static S3Error TemporaryRedirect(string location) =>
        new(307, "TemporaryRedirect", "Please re-send this request to the specified temporary endpoint.")
        {
            Headers = ImmutableDictionary<string, string>.Empty.Add("Location", location),
        };
}
