using System.Collections.Immutable;
using System.IO.Pipelines;
using NixGen.Nix.Hashing;

namespace NixGen.Sources;

/// <summary>HTTP as source kinds see it. The implementation retries, caches, limits concurrency and keeps tokens to their host.</summary>
public interface IUpstream
{
    /// <summary>Whether no connection may be opened: what would ask for credentials over the network needn't begin.</summary>
    bool IsOffline { get; }

    /// <summary>For the vendors' own libraries, which bring their own requests: the same proxies, trust and limit of connections, and no connection where the network may not be used. It follows no redirects, decodes nothing, and outlives whoever disposes of it.</summary>
    HttpMessageHandler Transport { get; }

    /// <summary>Sends a GET and reads a small body whole; an answer that has an entity tag is kept and asked for again on condition. Follows redirects on the same host only, unless the request may leave. A status that isn't success is an answer, not an exception.</summary>
    /// <exception cref="UpstreamException">No answer could be had: offline, DNS, refused, TLS, timeout, a redirect elsewhere, or a body too large.</exception>
    Task<UpstreamResponse> GetAsync(UpstreamRequest request, CancellationToken cancellationToken);

    /// <summary>As <see cref="GetAsync"/>, but the same request is sent once in a run, whoever asks; and its answer, which says something of the user, is kept nowhere.</summary>
    /// <exception cref="UpstreamException">As for <see cref="GetAsync"/>.</exception>
    Task<UpstreamResponse> GetOnceAsync(UpstreamRequest request, CancellationToken cancellationToken);

    /// <summary>As <see cref="GetAsync"/>, with the request's own method and body, and kept nowhere. A request with a body is repeated after failures too, so it must change nothing.</summary>
    /// <exception cref="UpstreamException">As for <see cref="GetAsync"/>.</exception>
    Task<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken);

    /// <summary>Sends a GET and streams the body through SHA-256 and what else is wanted, in constant memory. Follows redirects to other hosts, without the token.</summary>
    /// <param name="request">What to ask for.</param>
    /// <param name="expectedSize">Length in bytes that the listing states, which the git blob hash needs beforehand; null where nobody states it.</param>
    /// <param name="digests">Which hashes to work out beside SHA-256.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    /// <exception cref="UpstreamException">As for <see cref="GetAsync"/>, or the body was longer or shorter than stated.</exception>
    Task<HashedContent> HashAsync(UpstreamRequest request, long? expectedSize, ContentDigests digests, CancellationToken cancellationToken) =>
        HashAsync(request, expectedSize, digests, null, cancellationToken);

    /// <summary>As the other one, and hands the body on while it comes.</summary>
    /// <param name="request">What to ask for.</param>
    /// <param name="expectedSize">As for the other one.</param>
    /// <param name="digests">As for the other one.</param>
    /// <param name="begin">Gives where the body goes, anew for each attempt: it is completed at the body's end, and with an exception where the transfer breaks off. Null for nowhere.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    /// <exception cref="UpstreamException">As for the other one.</exception>
    Task<HashedContent> HashAsync(
        UpstreamRequest request, long? expectedSize, ContentDigests digests, Func<PipeWriter>? begin, CancellationToken cancellationToken);
}

/// <summary>Remembers the SHA-256 of content that was once streamed, by its name upstream.</summary>
public interface IContentHashes
{
    /// <summary>The hash of content, or null where it isn't known.</summary>
    /// <param name="place">Base URL that the content came from, without secrets.</param>
    /// <param name="name">What can't name other content there: a git blob's SHA-1, or an object's key with its immutable version. One line of text.</param>
    /// <param name="size">Length in bytes.</param>
    SriHash? Find(string place, string name, long size);

    /// <summary>Remembers a hash whose content was seen and checked. Failing to is no error.</summary>
    /// <param name="place">Base URL that the content came from.</param>
    /// <param name="name">As for <see cref="Find"/>.</param>
    /// <param name="size">Length in bytes.</param>
    /// <param name="sha256">The hash.</param>
    void Add(string place, string name, long size, SriHash sha256);
}

/// <summary>A request.</summary>
/// <param name="Url">Where to; absolute.</param>
/// <param name="Token">What <c>Authorization</c> says after the scheme, for that host alone; or null.</param>
public sealed record UpstreamRequest(Uri Url, Secret? Token = null)
{
    /// <summary>The scheme of <c>Authorization</c>: <c>Bearer</c> (RFC 6750), or <c>Basic</c> with a token of base64 (RFC 7617).</summary>
    public string Scheme { get; init; } = "Bearer";

    /// <summary>What the answer may be: the value of <c>Accept</c>, or null.</summary>
    public string? Accept { get; init; }

    /// <summary>Further headers by name. None is a secret: they go wherever redirects lead.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The method, for <see cref="IUpstream.SendAsync"/>.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>What is sent, for <see cref="IUpstream.SendAsync"/>; or null.</summary>
    public UpstreamBody? Body { get; init; }

    /// <summary>Whether a redirect to another server is followed, without the token. Content may always lie elsewhere; an API's answer may only where this says so.</summary>
    public bool MayLeave { get; init; }
}

/// <summary>The body of a request.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="MediaType">Their <c>Content-Type</c>.</param>
public sealed record UpstreamBody(ReadOnlyMemory<byte> Content, string MediaType);

/// <summary>Hashes that are worked out beside SHA-256, to compare them with what an upstream states.</summary>
[Flags]
public enum ContentDigests
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The git blob's SHA-1; needs the size beforehand.</summary>
    GitBlob = 1,

    /// <summary>MD5 (RFC 1321), as object stores state it.</summary>
    Md5 = 2,

    /// <summary>CRC-32C (Castagnoli, RFC 9260 appendix A), as Google Cloud Storage states it.</summary>
    Crc32c = 4,
}

/// <summary>An answer with its whole body.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Url">The URL that answered, after redirects; holds no secret.</param>
/// <param name="Headers">Header values by name; names compare without case.</param>
/// <param name="Body">The body.</param>
public sealed record UpstreamResponse(
    int Status,
    Uri Url,
    ImmutableDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body)
{
    /// <summary>The headers of the first redirect that led here, which can speak of the content before another server gives it; null where none did.</summary>
    public ImmutableDictionary<string, string>? Redirect { get; init; }

    /// <summary>Whether the status is 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>A header's value, or null.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;
}

/// <summary>The answer to a streamed GET.</summary>
/// <param name="Response">The answer; its body is empty where it was a success.</param>
/// <param name="Sha256">Hash of the content, or null where the status isn't success.</param>
public sealed record HashedContent(UpstreamResponse Response, SriHash? Sha256)
{
    /// <summary>How many bytes came.</summary>
    public long Length { get; init; }

    /// <summary>SHA-1 of <c>blob LENGTH NUL content</c> as 40 hexadecimal digits, where it was wanted; else null.</summary>
    public string? GitBlobSha1 { get; init; }

    /// <summary>The MD5 in base64, as <c>Content-MD5</c> has it, where it was wanted; else null.</summary>
    public string? Md5 { get; init; }

    /// <summary>The CRC-32C as base64 of its four bytes in network order, as Google Cloud Storage writes it, where it was wanted; else null.</summary>
    public string? Crc32c { get; init; }
}

/// <summary>Text that must never be shown: it prints as asterisks, and only <see cref="Reveal"/> gives it away.</summary>
public sealed class Secret(string value, string origin)
{
    /// <summary>Where it was found, for messages: a variable's name or a file's path.</summary>
    public string Origin { get; } = origin;

    /// <summary>The text itself.</summary>
    public string Reveal() => value;

    /// <summary>Asterisks.</summary>
    public override string ToString() => "***";
}
