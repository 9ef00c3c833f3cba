using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace NixGen.Testing.Oci;

/// <summary>The host that has the blobs: it lets in whoever has a URL that was signed for them and has not expired, and refuses who shows anything else beside it, as S3 and R2 do.</summary>
internal sealed class SignedStore(byte[] key, int uses, ConcurrentDictionary<string, byte[]> replaced, DockerRegistry registry)
{
    private static readonly ConcurrentDictionary<string, int> Used = new(StringComparer.Ordinal);
    private static long signed;

    /// <summary>A URL of a blob, with its signature.</summary>
    public static string Sign(byte[] key, string store, string name, string digest, DateTimeOffset expires)
    {
        var path = $"/store/{digest.Replace(':', '/')}/{name}";
        var query = $"X-Expires={expires.ToUnixTimeMilliseconds()}&X-Number={Interlocked.Increment(ref signed)}";
        return $"{store}{path}?{query}&X-Signature={SignatureOf(key, path + "?" + query)}";
    }

    /// <summary>Answers with the blob, or with what is wrong.</summary>
    public async Task AnswerAsync(HttpContext context, string path)
    {
        var segments = path.Split('/', 5);
        if (Problem(context, path) is { } problem || segments.Length < 5)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("<Error><Code>AccessDenied</Code></Error>");
            return;
        }

        var digest = $"{segments[2]}:{segments[3]}";
        if (replaced.TryGetValue(digest, out var content))
            await Results.Bytes(content, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);
        else
            await Results.File(registry.BlobFile(digest), "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);
    }

    private string? Problem(HttpContext context, string path)
    {
        var query = context.Request.Query;
        var signature = query["X-Signature"].ToString();
        var expected = SignatureOf(key, $"{path}?X-Expires={query["X-Expires"]}&X-Number={query["X-Number"]}");
        if (signature != expected)
            return "the signature is wrong";
        if (context.Request.Headers.ContainsKey("Authorization"))
            return "only one of signature and header may be";
        return long.Parse(query["X-Expires"].ToString(), CultureInfo.InvariantCulture) < DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()
            || Used.AddOrUpdate(signature, 1, (_, count) => count + 1) > uses
            ? "it has expired"
            : null;
    }

    private static string SignatureOf(byte[] key, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
}
