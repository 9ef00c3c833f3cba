using System.Collections.Immutable;

namespace NixGen.Sources.GitLfs;

/// <summary>A repository's address. It holds no password.</summary>
public sealed record GitRemote
{
    // Hosts that people reach by SSH under a name that HTTPS doesn't answer to.
    private static readonly ImmutableDictionary<string, string> _webHosts = ImmutableDictionary.CreateRange(
        StringComparer.Ordinal,
        [
            KeyValuePair.Create("ssh.github.com", "github.com"),
            KeyValuePair.Create("altssh.gitlab.com", "gitlab.com"),
            KeyValuePair.Create("altssh.bitbucket.org", "bitbucket.org"),
            KeyValuePair.Create("hf.co", "huggingface.co"),
        ]);

    private GitRemote(string address, string scheme, string host, string path)
    {
        Address = address;
        Scheme = scheme;
        Host = host;
        Path = path;
    }

    /// <summary>What git is given: a URL without a slash at its end.</summary>
    public string Address { get; }

    /// <summary><c>https</c>, <c>http</c> (this machine only), <c>ssh</c> or <c>file</c>.</summary>
    public string Scheme { get; }

    /// <summary>Host, in lower case, and port where one is stated; empty for files.</summary>
    public string Host { get; }

    /// <summary>The path as the URL has it, without slashes at its ends.</summary>
    public string Path { get; }

    /// <summary>Whether the repository lies on this machine's disk.</summary>
    public bool IsFile => Scheme == "file";

    /// <summary>Whether it is on this machine, by whatever protocol.</summary>
    public bool IsHere => IsFile || new Uri(Address).IsLoopback;

    /// <summary>Whether SSH leads there.</summary>
    public bool IsSsh => Scheme == "ssh";

    /// <summary>The address that builds use, which have no SSH keys: the same repository by HTTPS where it is by SSH here.</summary>
    public string WebAddress => IsSsh ? $"https://{WebHost}/{Path}" : Address;

    /// <summary>Where its Git LFS API is unless the repository says otherwise (git-lfs, docs/api/server-discovery.md); for files, where the objects lie.</summary>
    public string LfsAddress =>
        IsFile ? Address : WebAddress.EndsWith(".git", StringComparison.Ordinal) ? WebAddress + "/info/lfs" : WebAddress + ".git/info/lfs";

    /// <summary>Host and path without <c>.git</c>: what the repository is called.</summary>
    public string Id
    {
        get
        {
            var path = Path.EndsWith(".git", StringComparison.Ordinal) && Path.Length > 4 ? Path[..^4].TrimEnd('/') : Path;
            return IsFile ? path : $"{WebHost}/{path}";
        }
    }

    // The port of SSH says nothing of that of HTTPS.
    private string WebHost
    {
        get
        {
            if (!IsSsh)
            {
                return Host;
            }

            var name = Host.EndsWith(']') ? Host : Host.Split(':')[0];
            return _webHosts.GetValueOrDefault(name, name);
        }
    }

    /// <summary>Understands an address; says what is wrong with it, as the end of a sentence that begins with it.</summary>
    public static (GitRemote? Remote, string? Problem) Parse(string text)
    {
        var spelling = text.Trim();
        if (spelling.Any(character => char.IsControl(character) || character == ' '))
        {
            return (null, "holds a space or a control character; write '%20' for a space");
        }

        if (!spelling.Contains("://", StringComparison.Ordinal))
        {
            return FromScp(spelling) is { } scp ? Parse(scp) : (null, "is no URL: it begins with https://, ssh:// or file://");
        }

        if (!Uri.TryCreate(spelling, UriKind.Absolute, out var url))
        {
            return (null, "is no URL");
        }

        return Of(url, spelling);
    }

    private static (GitRemote? Remote, string? Problem) Of(Uri url, string spelling)
    {
        var path = PathOf(spelling);
        if (Problem(url, path) is { } problem)
        {
            return (null, problem);
        }

        if (url.Scheme == "file")
        {
            return (new($"file:///{path}", "file", "", path), null);
        }

        var host = url.IsDefaultPort || url.Port < 0 ? url.Host : $"{url.Host}:{url.Port}";
        host = host.ToLowerInvariant();
        var user = url.UserInfo.Length > 0 ? url.UserInfo + "@" : "";
        return (new($"{url.Scheme}://{user}{host}/{path}", url.Scheme, host, path), null);
    }

    private static string? Problem(Uri url, string path)
    {
        switch (url.Scheme)
        {
            case "xet":
                return "is of a protocol that no server speaks any more";
            case "git":
                return "is of git's own protocol, which nothing protects; use https";
            case not ("https" or "http" or "ssh" or "file"):
                return "is neither https nor ssh nor file";
        }

        if (url.Scheme == "http" && !url.IsLoopback)
        {
            return "is not protected by TLS; 'http' is only for this machine itself";
        }

        if (url.Scheme == "ssh" ? url.UserInfo.Contains(':', StringComparison.Ordinal) : url.UserInfo.Length > 0)
        {
            return "holds a user name or password; leave it to git's credential helpers, or put a token into an environment variable and name it in 'auth.tokenEnvVar'";
        }

        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            return "has a query or a fragment";
        }

        if (url.Scheme == "file" ? url.Host.Length > 0 : url.Host.Length == 0)
        {
            return url.Scheme == "file" ? "names a host; a path begins with three slashes, as in file:///srv/git/model.git" : "names no host";
        }

        // An option, to the programs that get it.
        return path.Length == 0 || url.Host.StartsWith('-') || url.UserInfo.StartsWith('-') ? "names no repository" : null;
    }

    // As it was written: Uri resolves '..' and changes escapes.
    private static string PathOf(string spelling)
    {
        var start = spelling.IndexOf("://", StringComparison.Ordinal) + 3;
        var slash = spelling.IndexOf('/', start);
        return slash < 0 ? "" : spelling[slash..].Trim('/');
    }

    // git's short form for SSH: [user@]host:path. Two colons are git's form for programs that speak to a remote.
    private static string? FromScp(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && !text[..colon].Contains('/', StringComparison.Ordinal) && colon + 1 < text.Length && text[colon + 1] != ':'
            ? $"ssh://{text[..colon]}/{text[(colon + 1)..].TrimStart('/')}"
            : null;
    }
}
