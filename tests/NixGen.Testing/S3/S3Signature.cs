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
        if (request.Query.ContainsKey("X-Amz-Signature"))
            return CheckAddress(request, account, region);
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
        var scope = $"{header.Groups["date"].Value}/{header.Groups["region"].Value}/s3/aws4_request";
        return header.Groups["signature"].Value == Sign(request, account, scope, time, names, payload) ? null : S3Error.SignatureDoesNotMatch;
    }

    /// <summary>The same for an address that is signed itself ("Using Query Parameters").</summary>
    private static S3Error? CheckAddress(S3Request request, S3Account? account, string region)
    {
        var query = request.Query;
        var time = query.GetValueOrDefault("X-Amz-Date") ?? "";
        var credential = (query.GetValueOrDefault("X-Amz-Credential") ?? "").Split('/', 2);
        var names = (query.GetValueOrDefault("X-Amz-SignedHeaders") ?? "").Split(';');
        if (account is null)
            return S3Error.InvalidAccessKeyId;
        if (credential.Length < 2 || credential[1].Split('/') is not [var date, var stated, "s3", "aws4_request"] || !time.StartsWith(date, StringComparison.Ordinal))
            return S3Error.AccessDenied;
        if (stated != region)
            return S3Error.WrongRegion(stated, region);
        if (account.SessionToken != query.GetValueOrDefault("X-Amz-Security-Token"))
            return S3Error.InvalidToken;
        if (!DateTimeOffset.TryParseExact(time, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when)
            || when + TimeSpan.FromSeconds(int.Parse(query.GetValueOrDefault("X-Amz-Expires") ?? "0", CultureInfo.InvariantCulture)) < DateTimeOffset.UtcNow)
            return S3Error.AccessDenied;
        var payload = query.GetValueOrDefault("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD";
        return query["X-Amz-Signature"] == Sign(request, account, credential[1], time, names, payload) ? null : S3Error.SignatureDoesNotMatch;
    }

    /// <summary>The id of the key that a request names, or null.</summary>
    public static string? KeyIdOf(S3Request request) =>
        Header().Match(request["authorization"] ?? "") is { Success: true } header
            ? header.Groups["key"].Value
            : request.Query.GetValueOrDefault("X-Amz-Credential")?.Split('/')[0];

    private static string Sign(S3Request request, S3Account account, string scope, string time, string[] names, string payload)
    {
        var path = S3Spelling.Encode(S3Spelling.Decode(request.Target.Split('?')[0]), slash: false);
        var query = string.Join('&', S3Spelling.Query(request.Target)
            .Where(pair => pair.Name != "X-Amz-Signature")
            .Select(pair => (Name: S3Spelling.Encode(pair.Name), Value: S3Spelling.Encode(pair.Value)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}"));
        var headers = string.Concat(names.Select(name => $"{name}:{Spaces().Replace((request[name] ?? "").Trim(), " ")}\n"));
        var canonical = $"{request.Method}\n{path}\n{query}\n{headers}\n{string.Join(';', names)}\n{payload}";
        var text = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
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
