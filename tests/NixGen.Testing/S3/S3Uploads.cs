using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using NixGen.Testing.Hub;

namespace NixGen.Testing.S3;

/// <summary>Uploads in parts. What they state as SHA-256 is a hash of hashes, and says so by the number of parts behind it.</summary>
internal sealed class S3Uploads
{
    private readonly ConcurrentDictionary<string, Upload> running = new(StringComparer.Ordinal);
    private int begun;

    public Task PostAsync(S3Exchange exchange, S3Bucket bucket)
    {
        if (exchange.Request.Query.TryGetValue("uploadId", out var id))
            return running.TryRemove(id, out var upload) ? CompleteAsync(exchange, bucket, upload) : exchange.FailAsync(S3Error.NoSuchUpload);
        id = "upload-" + Interlocked.Increment(ref begun).ToString(CultureInfo.InvariantCulture);
        running[id] = new Upload(exchange.Request["x-amz-checksum-algorithm"] == "SHA256");
        return exchange.SendAsync(new XElement(
            S3Exchange.Xml + "InitiateMultipartUploadResult",
            new XElement(S3Exchange.Xml + "Bucket", bucket.Name),
            new XElement(S3Exchange.Xml + "Key", exchange.Request.Key),
            new XElement(S3Exchange.Xml + "UploadId", id)));
    }

    public Task PutPartAsync(S3Exchange exchange)
    {
        if (!running.TryGetValue(exchange.Request.Query["uploadId"], out var upload))
            return exchange.FailAsync(S3Error.NoSuchUpload);
        var number = int.Parse(exchange.Request.Query["partNumber"], CultureInfo.InvariantCulture);
        upload.Parts[number] = exchange.Body.ToArray();
        exchange.Response.Headers.ETag = $"\"{number.ToString("x32", CultureInfo.InvariantCulture)}\"";
        if (upload.HasSha256)
            exchange.Response.Headers["x-amz-checksum-sha256"] = Convert.ToBase64String(SHA256.HashData(exchange.Body.Span));
        return exchange.SendAsync("application/xml", default);
    }

    private static Task CompleteAsync(S3Exchange exchange, S3Bucket bucket, Upload upload)
    {
        var parts = upload.Parts.OrderBy(part => part.Key).Select(part => part.Value).ToArray();
        var hashes = parts.SelectMany(SHA256.HashData).ToArray();
        var sha256 = upload.HasSha256 ? $"{Convert.ToBase64String(SHA256.HashData(hashes))}-{parts.Length}" : null;
        var version = bucket.Put(exchange.Request.Key, new HubContent.InMemory([.. parts.SelectMany(part => part)]), sha256);
        return exchange.SendAsync(new XElement(
            S3Exchange.Xml + "CompleteMultipartUploadResult",
            new XElement(S3Exchange.Xml + "Bucket", bucket.Name),
            new XElement(S3Exchange.Xml + "Key", exchange.Request.Key),
            new XElement(S3Exchange.Xml + "ETag", version.ETag)));
    }

    private sealed record Upload(bool HasSha256)
    {
        public ConcurrentDictionary<int, byte[]> Parts { get; } = new();
    }
}
