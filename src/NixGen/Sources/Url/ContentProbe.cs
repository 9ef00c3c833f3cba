namespace NixGen.Sources.Url;

/// <summary>Asks for the head of content, and for one byte of it where a server doesn't answer that.</summary>
internal static class ContentProbe
{
    /// <summary>The head, of a success or not; null where only the whole content can be had, whose head comes with it.</summary>
    /// <exception cref="UpstreamException">As for <see cref="IUpstream.SendAsync"/>.</exception>
    public static async Task<UpstreamResponse?> AskAsync(IUpstream http, UpstreamRequest request, CancellationToken cancellationToken)
    {
        var head = await http.SendAsync(request with { Method = HttpMethod.Head }, cancellationToken);
        if (head.IsSuccess || head.Status is 404 or 410 or 429 or 500 or >= 502)
        {
            return head;
        }

        try
        {
            // Links that are signed for GET refuse HEAD.
            var part = await http.SendAsync(request with { Headers = request.Headers.SetItem("Range", "bytes=0-0") }, cancellationToken);
            return part.Status == 416 ? null : part;
        }
        catch (UpstreamException exception) when (exception.Failure == UpstreamFailure.TooLarge)
        {
            return null;
        }
    }

    /// <summary>Whether an answer that is a success is a web page.</summary>
    public static bool IsPage(UpstreamResponse answer) =>
        answer.IsSuccess && (answer.Header("Content-Type") ?? "").TrimStart().StartsWith("text/html", StringComparison.OrdinalIgnoreCase);
}
