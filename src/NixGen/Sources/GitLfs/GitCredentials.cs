using System.Collections.Immutable;
using System.Text;
using NixGen.Manifest;
using NixGen.Sources.Url;

namespace NixGen.Sources.GitLfs;

/// <summary>Who asks a git host. Hosts of git take tokens as passwords (RFC 7617), with a user's name that few of them read.</summary>
internal static class GitCredentials
{
    /// <summary>The name beside a token that states none; GitHub's own name for it, and as good as any elsewhere.</summary>
    private const string TokenUser = "x-access-token";

    // A host's usual token goes to that host by HTTPS, and nowhere else.
    private static readonly ImmutableDictionary<string, string> _usualVariables = ImmutableDictionary.CreateRange(
        StringComparer.Ordinal,
        [
            KeyValuePair.Create("github.com", "GITHUB_TOKEN"),
            KeyValuePair.Create("gitlab.com", "GITLAB_TOKEN"),
            KeyValuePair.Create("huggingface.co", "HF_TOKEN"),
        ]);

    /// <summary>The variable that usually holds a token for a repository's host, or null.</summary>
    public static string? UsualVariable(GitRemote remote) =>
        remote.Scheme is "https" ? _usualVariables.GetValueOrDefault(remote.Host) : null;

    /// <summary>The token that the manifest names, else the host's usual one, else user and password of the netrc file that the manifest names or the user has, else null: then the user's own credential helpers are asked.</summary>
    /// <param name="auth">What the manifest states.</param>
    /// <param name="remote">The repository.</param>
    /// <param name="environment">The machine's variables.</param>
    /// <param name="looked">Gets the places that were looked at in vain.</param>
    public static Secret? Find(AuthSettings auth, GitRemote remote, HostEnvironment environment, ImmutableArray<string>.Builder looked) =>
        StatedToken.Find(auth, environment, looked)
        ?? (UsualVariable(remote) is { } variable ? StatedToken.FromVariable(variable, environment, looked) : null)
        ?? FromNetrc(auth, remote, environment, looked);

    private static Secret? FromNetrc(AuthSettings auth, GitRemote remote, HostEnvironment environment, ImmutableArray<string>.Builder looked)
    {
        var path = auth.NetrcFile is { } stated ? environment.Expand(stated) : environment.HomeFolder is { } home ? Path.Combine(home, ".netrc") : null;
        return path is not null && remote.Scheme is "https" or "http"
            && StatedToken.FromFile(path, looked) is { } file
            && Netrc.Find(file.Reveal(), new Uri(remote.Address).Host) is var (login, password)
            ? new($"{login}:{password}", $"the file {path}")
            : null;
    }

    /// <summary>User and password of a token: itself where it is <c>user:password</c>.</summary>
    public static (string User, string Password) Split(Secret token)
    {
        var text = token.Reveal();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? (text[..colon], text[(colon + 1)..]) : (TokenUser, text);
    }

    /// <summary>What <c>Authorization: Basic</c> says for a user and a password.</summary>
    public static Secret Basic(string user, string password, string origin) =>
        new(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")), origin);
}
