using System.Collections.Immutable;
using NixGen.Nix.Hashing;

namespace NixGen.Sources;

/// <summary>HTTP as source kinds see it. The implementation retries, caches, limits concurrency and keeps tokens to their host.</summary>
public interface IUpstream
{
    /// <summary>Sends a GET and reads a small body whole. Follows redirects on the same host only. A status that isn't success is an answer, not an exception.</summary>
    /// <exception cref="UpstreamException">No answer could be had: offline, DNS, refused, TLS, timeout, a redirect elsewhere, or a body too large.</exception>
    Task<UpstreamResponse> GetAsync(UpstreamRequest request, CancellationToken cancellationToken);

    /// <summary>As <see cref="GetAsync"/>, but the same request is sent once in a run, whoever asks; and its answer, which says something of the user, is kept nowhere.</summary>
    /// <exception cref="UpstreamException">As for <see cref="GetAsync"/>.</exception>
    Task<UpstreamResponse> GetOnceAsync(UpstreamRequest request, CancellationToken cancellationToken);

    /// <summary>Sends a GET and streams the body through SHA-256 and the git blob SHA-1, in constant memory. Follows redirects to other hosts, without the token.</summary>
    /// <param name="request">What to ask for.</param>
    /// <param name="expectedSize">Length in bytes that the listing states; the git blob hash needs it beforehand.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    /// <exception cref="UpstreamException">As for <see cref="GetAsync"/>, or the body was longer or shorter than stated.</exception>
    Task<HashedContent> HashAsync(UpstreamRequest request, long expectedSize, CancellationToken cancellationToken);
}

/// <summary>Remembers the SHA-256 of content that was once streamed, by its name upstream.</summary>
public interface IContentHashes
{
    /// <summary>The hash of a git blob, or null where it isn't known.</summary>
    /// <param name="endpoint">Base URL that the content came from.</param>
    /// <param name="gitBlobSha1">40 hexadecimal digits.</param>
    /// <param name="size">Length in bytes.</param>
    SriHash? Find(string endpoint, string gitBlobSha1, long size);

    /// <summary>Remembers a hash whose content was seen and checked. Failing to is no error.</summary>
    /// <param name="endpoint">Base URL that the content came from.</param>
    /// <param name="gitBlobSha1">40 hexadecimal digits.</param>
    /// <param name="size">Length in bytes.</param>
    /// <param name="sha256">The hash.</param>
    void Add(string endpoint, string gitBlobSha1, long size, SriHash sha256);
}

/// <summary>A GET.</summary>
/// <param name="Url">Where to; absolute.</param>
/// <param name="Token">Bearer token for that host alone, or null.</param>
public sealed record UpstreamRequest(Uri Url, Secret? Token = null);

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
    /// <summary>Whether the status is 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>A header's value, or null.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;
}

/// <summary>The answer to a streamed GET.</summary>
/// <param name="Response">The answer; its body is empty where it was a success.</param>
/// <param name="Sha256">Hash of the content, or null where the status isn't success.</param>
/// <param name="GitBlobSha1">SHA-1 of <c>blob LENGTH NUL content</c> as 40 hexadecimal digits, or null likewise.</param>
public sealed record HashedContent(UpstreamResponse Response, SriHash? Sha256, string? GitBlobSha1);

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
