using System.Net;

namespace NixGen.Sources.Url;

/// <summary>The address of a file on a web server, in the one spelling that the lock and the build have (RFC 3986 §6.2.2: escapes where they are needed, names of hosts in ASCII).</summary>
public sealed record FileAddress
{
    private const int MaxLength = 1024;

    private FileAddress(Uri url, string text) => (Url, Text) = (url, text);

    /// <summary>Where to ask.</summary>
    public Uri Url { get; }

    /// <summary>The address; it holds no user and no signature.</summary>
    public string Text { get; }

    /// <summary>Scheme, host and port: whom a token is sent to.</summary>
    public string Origin => Text[..Text.IndexOf('/', Text.IndexOf("://", StringComparison.Ordinal) + 3)];

    /// <summary>The last segment of the path as the address has it; empty where the path ends with a slash.</summary>
    public string LastSegment => Url.AbsolutePath[(Url.AbsolutePath.LastIndexOf('/') + 1)..];

    /// <summary>What the last segment says, without escapes. It is not checked.</summary>
    public string LastName => Uri.UnescapeDataString(LastSegment);

    /// <summary>Understands an address; says what is wrong with it, as the end of a sentence that begins with it, and shows nothing of it.</summary>
    public static (FileAddress? Address, string? Problem) Parse(string text)
    {
        if (text.Any(char.IsControl) || !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0)
        {
            return (null, "is not an http(s) URL");
        }

        if (url.UserInfo.Length > 0)
        {
            return (null, "holds a user name or password; put the password into a netrc file and name it in 'auth.netrcFile'");
        }

        if (url.Fragment.Length > 0)
        {
            return (null, "has a fragment, which no server is told of; write '%23' where a name has a '#'");
        }

        if (SignedQuery.Find(url) is { } parameter)
        {
            return (null, $"holds a signature or a token, in '{parameter}'; it would end up in the lock and in the Nix store, and it expires. Give the address without it, and name the token's variable in 'auth.tokenEnvVar'");
        }

        if (url.Scheme == "http" && !IsLoopback(url))
        {
            return (null, "is not protected by TLS; 'http' is only for this machine itself");
        }

        var host = url.HostNameType == UriHostNameType.Dns ? url.IdnHost : url.Host;
        var canonical = $"{url.Scheme}://{host}{(url.IsDefaultPort ? "" : $":{url.Port}")}{url.PathAndQuery}";
        return canonical.Length > MaxLength ? (null, $"is longer than {MaxLength} characters") : (new(new Uri(canonical), canonical), null);
    }

    /// <inheritdoc/>
    public bool Equals(FileAddress? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool IsLoopback(Uri url) =>
        url.IsLoopback || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
