using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>One attempt at a GET, with the redirects that it leads through.</summary>
/// <param name="http">Where requests go.</param>
/// <param name="options">Time limits and sizes.</param>
internal sealed class HttpExchange(HttpMessageInvoker http, UpstreamOptions options)
{
    /// <summary>Asks an API; follows redirects on the same server only, unless the request may leave it.</summary>
    public async Task<UpstreamResponse> SendAsync(UpstreamRequest request, string? etag, CancellationToken cancellationToken)
    {
        using var answer = await FollowAsync(new(request, request.MayLeave), etag, isContent: false, cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    /// <summary>GETs content, hashes it, and hands it on where somebody wants it.</summary>
    public async Task<HashedContent> HashAsync(
        UpstreamRequest request, long? expectedSize, ContentDigests digests, Func<PipeWriter>? begin, CancellationToken cancellationToken)
    {
        using var answer = await FollowAsync(new(request, mayLeave: true), null, isContent: true, cancellationToken);
        if (!answer.Message.IsSuccessStatusCode)
        {
            return new(await ReadAsync(answer, cancellationToken), null);
        }

        using var hasher = new BlobHasher(expectedSize, digests);
        var copy = begin?.Invoke();
        try
        {
            await CopyAsync(answer, hasher, copy, cancellationToken);
        }
        catch (Exception exception)
        {
            copy?.Complete(new IOException("The transfer broke off.", exception));
            throw;
        }

        if (expectedSize is not null && hasher.Length != expectedSize)
        {
            throw new UpstreamException(
                UpstreamFailure.WrongLength,
                request.Url,
                $"{PublicUrl.Of(request.Url)} sent {(hasher.Length > expectedSize ? "more than" : $"{hasher.Length} of")} the {expectedSize} bytes that its listing states.");
        }

        return hasher.Finish(Describe(answer, default));
    }

    private async Task CopyAsync(Answer answer, BlobHasher hasher, PipeWriter? copy, CancellationToken cancellationToken)
    {
        await foreach (var piece in BodyAsync(answer, cancellationToken))
        {
            if (!hasher.Append(piece.Span))
            {
                break;
            }

            if (copy is not null)
            {
                await copy.WriteAsync(piece, cancellationToken);
            }
        }

        copy?.Complete();
    }

    private async Task<Answer> FollowAsync(RedirectTrail trail, string? etag, bool isContent, CancellationToken cancellationToken)
    {
        ImmutableDictionary<string, string>? first = null;
        while (true)
        {
            var message = await SendAsync(trail, etag, isContent, cancellationToken);
            if (message.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return new(message, trail.Url, first);
            }

            using (message)
            {
                first ??= HeadersOf(message);
                trail.Follow(message.Headers.Location);
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(RedirectTrail trail, string? etag, bool isContent, CancellationToken cancellationToken)
    {
        using var request = NewMessage(trail);
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        if (trail.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(trail.Request.Scheme, token.Reveal());
        }

        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        if (isContent)
        {
            // A compressed transfer has no length that could be compared.
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        }

        using var limit = new TimeLimit(options.ConnectTimeout + options.AnswerTimeout, options.Time, cancellationToken);
        return await TransportFailures.TranslateAsync(
            () => http.SendAsync(request, limit.Token), trail.Url, "began no answer", limit, cancellationToken);
    }

    private static HttpRequestMessage NewMessage(RedirectTrail trail)
    {
        var message = new HttpRequestMessage(trail.Request.Method, trail.Url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (trail.Request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body.Content);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", body.MediaType);
        }

        if (trail.Request.Accept is { } accept)
        {
            message.Headers.TryAddWithoutValidation("Accept", accept);
        }

        foreach (var (name, value) in trail.Request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private async Task<UpstreamResponse> ReadAsync(Answer answer, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await foreach (var piece in BodyAsync(answer, cancellationToken))
        {
            if (body.Length + piece.Length > options.MaxAnswerBytes)
            {
                throw new UpstreamException(
                    UpstreamFailure.TooLarge, answer.Url, $"{PublicUrl.Of(answer.Url)} sent more than {options.MaxAnswerBytes} bytes where a short answer was due.");
            }

            body.Write(piece.Span);
        }

        return Describe(answer, body.ToArray());
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> BodyAsync(
        Answer answer, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(options.StallTimeout, options.Time, cancellationToken);
        await using var stream = await TransportFailures.TranslateAsync(
            () => answer.Message.Content.ReadAsStreamAsync(limit.Token), answer.Url, "stopped sending", limit, cancellationToken);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            limit.Restart();
            var length = await TransportFailures.TranslateAsync(
                () => stream.ReadAsync(buffer, limit.Token).AsTask(), answer.Url, "stopped sending", limit, cancellationToken);
            if (length == 0)
            {
                yield break;
            }

            yield return buffer.AsMemory(0, length);
        }
    }

    private static UpstreamResponse Describe(Answer answer, ReadOnlyMemory<byte> body) =>
        new((int)answer.Message.StatusCode, answer.Url, HeadersOf(answer.Message), body) { Redirect = answer.Redirect };

    private static ImmutableDictionary<string, string> HeadersOf(HttpResponseMessage message)
    {
        var headers = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in message.Headers.NonValidated.Concat(message.Content.Headers.NonValidated))
        {
            headers[name] = values.ToString();
        }

        return headers.ToImmutable();
    }

    private sealed record Answer(HttpResponseMessage Message, Uri Url, ImmutableDictionary<string, string>? Redirect) : IDisposable
    {
        public void Dispose() => Message.Dispose();
    }
}
