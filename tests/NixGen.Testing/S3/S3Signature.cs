using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace NixGen.Testing.S3;

/// <summary>Verifies signatures of version 4 as S3 does ("Authenticating Requests: Using the Authorization Header"), with all its refusals.</summary>
internal static partial class S3Signature
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(15);

    /// <summary>What a signed request is refused with; null where its signature is right.</summary>
    /// <param name="request">The request, whose host is among its headers.</param>
    /// <param name="account">Whose key it names, or null where there is no such key.</param>
    /// <param name="region">The region that the server is.</param>
    /// <param name="body">The body whole.</param>
    public static S3Error? Check(S3Request request, S3Account? account, string region, ReadOnlyMemory<byte> body)
    {
        if (Header().Match(request["authorization"] ?? "") is not { Success: true } header)
            return S3Error.InvalidRequest("The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        if (account is null)
            return S3Error.InvalidAccessKeyId;
        if (header.Groups["region"].Value != region)
            return S3Error.WrongRegion(header.Groups["region"].Value, region);
        if (request["x-amz-content-sha256"] is not { } payload)
            return S3Error.InvalidRequest("Missing required header for this request: x-amz-content-sha256");
        if (account.SessionToken != request["x-amz-security-token"])
            return account.SessionToken is null ? S3Error.InvalidToken : S3Error.InvalidAccessKeyId;
        var time = request["x-amz-date"] ?? "";
        if (!DateTimeOffset.TryParseExact(time, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when)
            || !time.StartsWith(header.Groups["date"].Value, StringComparison.Ordinal))
            return S3Error.AccessDenied;
        if ((DateTimeOffset.UtcNow - when).Duration() > Skew)
            return S3Error.RequestTimeTooSkewed;
        var names = header.Groups["names"].Value.Split(';');
        if (!names.Contains("host") || request.Headers.Keys.Any(name => name.StartsWith("x-amz-", StringComparison.Ordinal) && !names.Contains(name)))
            return S3Error.NotSigned;
        if (!names.SequenceEqual(names.Order(StringComparer.Ordinal)))
            return S3Error.SignatureDoesNotMatch;
        if (payload != "UNSIGNED-PAYLOAD" && payload != Hex(SHA256.HashData(body.Span)))
            return new S3Error(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
        return header.Groups["signature"].Value == Sign(request, account, header, names, payload) ? null : S3Error.SignatureDoesNotMatch;
    }

    /// <summary>The id of the key that a request names, or null.</summary>
    public static string? KeyIdOf(S3Request request) =>
        Header().Match(request["authorization"] ?? "") is { Success: true } header ? header.Groups["key"].Value : null;

    private static string Sign(S3Request request, S3Account account, Match header, string[] names, string payload)
    {
        var scope = $"{header.Groups["date"].Value}/{header.Groups["region"].Value}/s3/aws4_request";
        var path = S3Spelling.Encode(S3Spelling.Decode(request.Target.Split('?')[0]), slash: false);
        var query = string.Join('&', S3Spelling.Query(request.Target)
            .Select(pair => (Name: S3Spelling.Encode(pair.Name), Value: S3Spelling.Encode(pair.Value)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}"));
        var headers = string.Concat(names.Select(name => $"{name}:{Spaces().Replace((request[name] ?? "").Trim(), " ")}\n"));
        var canonical = $"{request.Method}\n{path}\n{query}\n{headers}\n{string.Join(';', names)}\n{payload}";
        var text = $"AWS4-HMAC-SHA256\n{request["x-amz-date"]}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(
            Encoding.UTF8.GetBytes("AWS4" + account.Secret), (secret, part) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(part)));
        return Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/(?<date>[0-9]{8})/(?<region>[^/]+)/s3/aws4_request, *SignedHeaders=(?<names>[a-z0-9;-]+), *Signature=(?<signature>[0-9a-f]{64})$", RegexOptions.ExplicitCapture)]
    private static partial Regex Header();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
