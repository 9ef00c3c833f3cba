using System.Text;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using NixGen.Diagnostics;
using NixGen.Manifest;

namespace NixGen.Sources.S3;

/// <summary>An answer that isn't a success ("Error responses" of the vendor's API reference).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">S3's own code, such as <c>NoSuchKey</c>; null where the answer holds none.</param>
/// <param name="Message">What the server says, as one short line; or null.</param>
/// <param name="Region">The region that the bucket is said to be in, or null.</param>
internal sealed record S3Failure(int Status, string? Code, string? Message, string? Region);

/// <summary>Reads such answers, and says what they mean.</summary>
internal static class S3Answers
{
    private const int MaxMessage = 300;

    /// <summary>What the vendor's library made of an answer.</summary>
    public static S3Failure Read(AmazonS3Exception exception)
    {
        // The library invents codes where there is no body, from the names of statuses.
        var isInvented = exception.ErrorCode is null || Enum.TryParse<System.Net.HttpStatusCode>(exception.ErrorCode, out _);
        var region = (exception.InnerException as HttpErrorResponseException)?.Response?.GetHeaderValue("x-amz-bucket-region");
        return new(
            (int)exception.StatusCode,
            isInvented ? null : exception.ErrorCode,
            isInvented ? null : Line(exception.Message),
            string.IsNullOrEmpty(region) ? null : region);
    }

    /// <summary>The body of an answer.</summary>
    public static S3Failure Read(UpstreamResponse response)
    {
        string? code = null, message = null, region = response.Header("x-amz-bucket-region");
        try
        {
            using var reader = XmlReader.Create(
                new StringReader(Encoding.UTF8.GetString(response.Body.Span)),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var root = XElement.Load(reader);
            code = Child(root, "Code");
            message = Child(root, "Message");
            region ??= Child(root, "Region");
        }
        catch (XmlException)
        {
            // No words, then.
            code = null;
        }

        return new(response.Status, code, message is null ? null : Line(message), region);
    }

    /// <summary>Whether what escaped the vendor's library is the network's, and neither the caller's wish nor what the transport says by itself.</summary>
    public static bool IsTransport(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException or AmazonClientException or XmlException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Such an exception in the words that the caller is told: the library's can hold addresses with signatures.</summary>
    public static UpstreamException Translate(Exception exception, S3Place place)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is UpstreamException upstream)
            {
                return new(upstream.Failure, upstream.Url, upstream.Message, exception);
            }
        }

        var url = new Uri(place.Url);
        return exception switch
        {
            OperationCanceledException => new(UpstreamFailure.Timeout, url, $"{place.Url} didn't answer in time.", exception),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
                new(UpstreamFailure.Unreachable, url, $"the name '{url.Host}' has no address.", exception),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                new(UpstreamFailure.Tls, url, $"no protected connection to {url.Host} could be made: its certificate isn't trusted, or TLS failed.", exception),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
                new(UpstreamFailure.Unreachable, url, $"{url.Authority} doesn't take connections.", exception),
            HttpRequestException or IOException => new(UpstreamFailure.Broken, url, $"{place.Url} broke the answer off.", exception),
            _ => new(UpstreamFailure.Broken, url, $"{place.Url} sent an answer that isn't S3's.", exception),
        };
    }

    /// <summary>The diagnostic of a failure.</summary>
    public static Diagnostic Explain(
        S3Failure failure, ModelRequest model, S3Place place, S3Credentials credentials, string? key, string? version) => (failure.Status, failure.Code) switch
    {
        (_, "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "ExpiredToken" or "InvalidSecurity" or "TokenRefreshRequired") =>
            S3Diagnostics.RefusesCredentials(model, place, failure),
        (_, "RequestTimeTooSkewed") => S3Diagnostics.HasWrongClock(model, place),
        (301 or 307, _) or (400, "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException") => S3Diagnostics.IsElsewhere(model, place, failure.Region),
        (400, null) when failure.Region is { } region && region != place.Region => S3Diagnostics.IsElsewhere(model, place, region),
        (_, "NoSuchBucket") => S3Diagnostics.LacksBucket(model, place),
        (_, "NoSuchVersion") or (405, _) => S3Diagnostics.LacksVersion(model, place, key ?? "", version),
        (_, "NoSuchKey") or (404, _) when key is not null => S3Diagnostics.LacksObject(model, place, key),
        (401 or 403, _) => S3Diagnostics.Forbids(model, place, credentials, failure, key),
        (503 or 429, _) or (_, "SlowDown") => S3Diagnostics.LimitsRate(model, place),
        _ => S3Diagnostics.AnswersOddly(model, place, $"status {failure.Status}{(failure.Message is null ? "" : $": {failure.Message}")}"),
    };

    private static string? Child(XElement root, string name) => root.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

    private static string Line(string text)
    {
        var line = string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character)).Trim();
        return line.Length <= MaxMessage ? line : line[..MaxMessage] + "…";
    }
}
