using System.Globalization;
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
        var (offset, count) = (0L, content.Size);
        if (RangeAsked(exchange, etag, content.Size) is { } range)
        {
            if (range.Count == 0)
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = $"bytes */{content.Size}";
                await exchange.SendTextAsync("Range Not Satisfiable", "text/plain; charset=utf-8");
                return;
            }

            (offset, count) = range;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {offset}-{offset + count - 1}/{content.Size}";
        }

        response.ContentLength = count;
        if (exchange.IsHead)
            return;
        if (count == 0)
            await ((HubBody)response.Body).StopHereAsync();
        else
            await content.CopyAsync(response.Body, offset, count, exchange.Context.RequestAborted);
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
