using System.Collections.Immutable;

namespace NixGen.Testing.Nginx;

/// <summary>What a <see cref="NginxServer"/> serves. Paths are decoded and begin with a slash.</summary>
public sealed record NginxSite
{
    /// <summary>Contents by path. They can be exchanged while the server runs.</summary>
    public ImmutableSortedDictionary<string, byte[]> Files { get; init; } = ImmutableSortedDictionary.Create<string, byte[]>(StringComparer.Ordinal);

    /// <summary>Headers that answers for exactly this path have.</summary>
    public ImmutableArray<NginxHeader> Headers { get; init; } = [];

    /// <summary>Paths that lead elsewhere.</summary>
    public ImmutableArray<NginxRedirect> Redirects { get; init; } = [];

    /// <summary>Further lines of the server's configuration, such as a <c>location</c> of its own. <c>@CDN@</c> stands for the other host's address.</summary>
    public string Extra { get; init; } = "";

    public NginxSite With(string path, byte[] content) => this with { Files = Files.SetItem(path, content) };

    public NginxSite With(string path, string header, string value) => this with { Headers = Headers.Add(new(path, header, value)) };

    /// <summary>Lets a path lead to a URL, or to a path of this site; <c>@CDN@</c> stands for the other host's address.</summary>
    public NginxSite Redirect(string path, string target, int status = 302) => this with { Redirects = Redirects.Add(new(path, target, status)) };
}

/// <summary>A header of the answers for one path.</summary>
/// <param name="Path">Decoded, with a slash before it.</param>
/// <param name="Name">Such as <c>Repr-Digest</c>.</param>
/// <param name="Value">Its value.</param>
public sealed record NginxHeader(string Path, string Name, string Value);

/// <summary>A path that leads elsewhere.</summary>
/// <param name="Path">Decoded, with a slash before it.</param>
/// <param name="Target">Where to.</param>
/// <param name="Status">301, 302, 303, 307 or 308.</param>
public sealed record NginxRedirect(string Path, string Target, int Status);

/// <summary>A request as nginx wrote it down when it had answered.</summary>
/// <param name="Host">The address that was asked: <c>127.0.0.1</c>, or <c>127.0.0.2</c> for the other host.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query, as sent.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="BytesSent">Bytes of the answer's body.</param>
/// <param name="Range">The header <c>Range</c>, or empty.</param>
/// <param name="Authorization">The header <c>Authorization</c>, or empty.</param>
public sealed record NginxRequest(string Host, string Method, string Target, int Status, long BytesSent, string Range, string Authorization);
