using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using NixGen.Testing.Hub;

namespace NixGen.Testing.S3;

/// <summary>GetObject, HeadObject, PutObject and DeleteObject.</summary>
internal static class S3Objects
{
    public static async Task SendAsync(S3Exchange exchange, S3Bucket bucket)
    {
        var request = exchange.Request;
        exchange.Server.BeforeSending(request);
        var versionId = request.Query.GetValueOrDefault("versionId");
        var version = bucket.Find(request.Key, versionId);
        if (version?.Content is not { } content)
        {
            await RefuseAsync(exchange, bucket, version, versionId);
            return;
        }

        if (request["if-match"] is { } wanted && wanted.Trim('"') != version.ETag.Trim('"'))
        {
            await exchange.FailAsync(S3Error.PreconditionFailed);
            return;
        }

        var headers = exchange.Response.Headers;
        headers.ETag = version.ETag;
        headers.LastModified = version.Modified.ToString("R", CultureInfo.InvariantCulture);
        headers.AcceptRanges = "bytes";
        if (version.VersionId is { } id)
            headers["x-amz-version-id"] = id;
        var (from, length) = (0L, content.Size);
        if (RangeOf(request) is { } range)
        {
            (from, length) = Part(range, content.Size);
            if (length <= 0)
            {
                headers.ContentRange = $"bytes */{content.Size}";
                await exchange.FailAsync(S3Error.InvalidRange);
                return;
            }

            exchange.Response.StatusCode = StatusCodes.Status206PartialContent;
            headers.ContentRange = $"bytes {from}-{from + length - 1}/{content.Size}";
        }
        else if (request["x-amz-checksum-mode"] == "ENABLED" && version.Sha256 is { } sha256)
        {
            headers["x-amz-checksum-sha256"] = sha256;
            headers["x-amz-checksum-type"] = version.IsComposite ? "COMPOSITE" : "FULL_OBJECT";
        }

        exchange.Response.ContentType = "binary/octet-stream";
        exchange.Response.ContentLength = length;
        if (request.Method == "HEAD")
            return;
        exchange.Sending(length);
        await content.CopyAsync(exchange.Response.Body, from, length, exchange.Aborted);
    }

    public static Task PutAsync(S3Exchange exchange, S3Bucket bucket)
    {
        var stated = exchange.Request["x-amz-checksum-sha256"];
        var found = Convert.ToBase64String(SHA256.HashData(exchange.Body.Span));
        if (stated is not null && stated != found)
            return exchange.FailAsync(S3Error.BadDigest);
        var version = bucket.Put(exchange.Request.Key, new HubContent.InMemory(exchange.Body.ToArray()), stated);
        exchange.Response.Headers.ETag = version.ETag;
        if (version.VersionId is { } id)
            exchange.Response.Headers["x-amz-version-id"] = id;
        return exchange.SendAsync("application/xml", default);
    }

    public static Task DeleteAsync(S3Exchange exchange, S3Bucket bucket)
    {
        if (exchange.Request.Query.GetValueOrDefault("versionId") is { } id)
            bucket.DeleteVersion(exchange.Request.Key, id);
        else
            bucket.Delete(exchange.Request.Key);
        exchange.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    // Without the right to list, S3 doesn't say whether a key is missing.
    private static Task RefuseAsync(S3Exchange exchange, S3Bucket bucket, S3Version? marker, string? versionId)
    {
        if (marker is not null)
            exchange.Response.Headers["x-amz-delete-marker"] = "true";
        return exchange.FailAsync(
            !bucket.MayList ? S3Error.AccessDenied
            : versionId is null ? S3Error.NoSuchKey
            : marker is null ? S3Error.NoSuchVersion
            : S3Error.MethodNotAllowed);
    }

    private static RangeItemHeaderValue? RangeOf(S3Request request) =>
        RangeHeaderValue.TryParse(request["range"], out var header) && header.Ranges.Count == 1 ? header.Ranges.First() : null;

    private static (long From, long Length) Part(RangeItemHeaderValue range, long size)
    {
        var from = range.From ?? Math.Max(0, size - (range.To ?? 0));
        var to = range.From is null ? size - 1 : Math.Min(range.To ?? long.MaxValue, size - 1);
        return (from, to - from + 1);
    }
}
