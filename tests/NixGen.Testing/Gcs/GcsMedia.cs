using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace NixGen.Testing.Gcs;

/// <summary>The content of an object: whole or a range of it, and unpacked where it is stored packed and the client doesn't say that it unpacks.</summary>
internal static class GcsMedia
{
    public static async Task AnswerAsync(GcsExchange exchange, GcsObject stored)
    {
        var (request, response) = (exchange.Request, exchange.Response);
        var content = stored.ServedContent ?? stored.Content;
        var headers = response.Headers;
        headers["X-Goog-Generation"] = stored.Generation.ToString();
        headers["X-Goog-Metageneration"] = "1";
        headers["X-Goog-Stored-Content-Encoding"] = stored.ContentEncoding ?? "identity";
        headers["X-Goog-Stored-Content-Length"] = stored.Content.Length.ToString();
        headers["X-Goog-Hash"] = $"crc32c={stored.Crc32c}" + (stored.Md5 is { } md5 ? $",md5={md5}" : "");
        headers["X-Goog-Storage-Class"] = "STANDARD";
        headers.ETag = stored.ETag;
        headers.ContentDisposition = "attachment";
        headers.Vary = "Origin, X-Origin";
        headers.CacheControl = stored.CacheControl ?? "no-cache, no-store, max-age=0, must-revalidate";
        response.ContentType = "application/octet-stream";
        if (stored.ContentEncoding == "gzip")
        {
            if (stored.CacheControl != "no-transform" && !request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
            {
                // A range is ignored here, and no length is stated.
                headers.Warning = "214 UploadServer gunzipped";
                headers["X-Guploader-Response-Body-Transformations"] = "gunzipped";
                await exchange.SendBodyAsync(Unpacked(content));
                return;
            }

            headers.ContentEncoding = "gzip";
        }

        await SendAsync(exchange, content);
    }

    private static async Task SendAsync(GcsExchange exchange, byte[] content)
    {
        var (response, body) = (exchange.Response, content.AsMemory());
        if (RangeHeaderValue.TryParse(exchange.Request.Headers.Range.ToString(), out var ranges) && ranges.Ranges.Count == 1)
        {
            var range = ranges.Ranges.First();
            var from = range.From ?? Math.Max(0, content.Length - (range.To ?? 0));
            var to = range.From is null ? content.Length - 1 : Math.Min(range.To ?? long.MaxValue, content.Length - 1);
            if (from > to)
            {
                response.Headers.ContentRange = $"bytes */{content.Length}";
                await exchange.FailAsync(new GcsError(416, "requestedRangeNotSatisfiable", "Request range not satisfiable"));
                return;
            }

            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {from}-{to}/{content.Length}";
            body = body[(int)from..(int)(to + 1)];
        }

        response.ContentLength = body.Length;
        await exchange.SendBodyAsync(body);
    }

    private static byte[] Unpacked(byte[] content)
    {
        using var output = new MemoryStream();
        using (var input = new GZipStream(new MemoryStream(content), CompressionMode.Decompress))
            input.CopyTo(output);
        return output.ToArray();
    }
}
