using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace NixGen.Testing.Hub;

/// <summary>Sends a file's content, whole or in the range asked for.</summary>
internal static class HubContentAnswer
{
    public static async Task SendAsync(HubExchange exchange, HubContent content, string etag)
    {
        var response = exchange.Response;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ETag = etag;
        var asked = RangeAsked(exchange, etag, content.Size);
        if (asked is { Count: 0 })
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = $"bytes */{content.Size}";
            await exchange.SendTextAsync("Range Not Satisfiable", "text/plain; charset=utf-8");
            return;
        }

        var (offset, count) = asked ?? (0L, content.Size);
        var stated = asked;
        if (exchange.Fault?.Range is { } fault)
        {
            (offset, count) = fault.Serve((offset, count), content.Size);
            if (fault.Honest || asked is null)
                stated = (offset, count);
        }

        if (stated is { } range)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {range.Offset}-{range.Offset + range.Count - 1}/{content.Size}";
        }

        var extra = exchange.Fault?.ExtraBytes ?? 0;
        response.ContentLength = count + extra;
        if (exchange.IsHead)
            return;
        if (count == 0)
            await ((HubBody)response.Body).StopHereAsync();
        else if (exchange.Fault?.Compresses == true)
            await CompressAsync(exchange, content, offset, count);
        else
            await content.CopyAsync(response.Body, offset, count, exchange.Context.RequestAborted);
        if (extra > 0)
            await response.Body.WriteAsync(Enumerable.Repeat((byte)0xa5, extra).ToArray(), exchange.Context.RequestAborted);
    }

    private static async Task CompressAsync(HubExchange exchange, HubContent content, long offset, long count)
    {
        exchange.Response.ContentLength = null;
        exchange.Response.Headers.ContentEncoding = "gzip";
        var gzip = new GZipStream(exchange.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await using (gzip.ConfigureAwait(false))
            await content.CopyAsync(gzip, offset, count, exchange.Context.RequestAborted);
    }

    /// <summary>The one range asked for, cut to the content; a count of 0 where it lies beyond the end; null where all is wanted.</summary>
    private static (long Offset, long Count)? RangeAsked(HubExchange exchange, string etag, long size)
    {
        var text = exchange.Request.Headers.Range.ToString();
        var condition = exchange.Request.Headers.IfRange.ToString();
        if (!text.StartsWith("bytes=", StringComparison.Ordinal) || text.Contains(',', StringComparison.Ordinal) || (condition.Length > 0 && condition != etag))
            return null;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
            return null;
        var first = text[6..dash];
        var last = text[(dash + 1)..];
        if (first.Length == 0)
        {
            if (!Number(last, out var suffix))
                return null;
            var length = Math.Min(suffix, size);
            return (size - length, length);
        }

        if (!Number(first, out var start) || (last.Length > 0 && !Number(last, out _)))
            return null;
        var end = last.Length > 0 && Number(last, out var stated) ? Math.Min(stated, size - 1) : size - 1;
        return start >= size ? (0, 0) : end < start ? null : (start, end - start + 1);
    }

    private static bool Number(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
