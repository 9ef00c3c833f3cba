using System.Collections.Immutable;
using System.Text.Json;

namespace NixGen.Sources.GitLfs;

/// <summary>Where the Git LFS API of a repository is, and who asks it.</summary>
/// <param name="Address">Base URL without a slash at its end; for repositories on this machine's disk, the <c>file</c> URL of the folder with the objects.</param>
/// <param name="Authorization">What <c>Authorization</c> says after the scheme, or null.</param>
/// <param name="Scheme">The scheme.</param>
internal sealed record LfsServer(string Address, Secret? Authorization = null, string Scheme = "Basic")
{
    /// <summary>Whether it is a folder of this machine.</summary>
    public bool IsFile => Address.StartsWith("file:", StringComparison.Ordinal);

    /// <summary>What is wrong with an address, as the end of a sentence that begins with it; or null.</summary>
    /// <param name="address">The address.</param>
    /// <param name="remote">The repository that it is for.</param>
    public static string? Problem(string address, GitRemote remote)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || address.Any(character => char.IsControl(character) || character == ' '))
        {
            return "is no URL";
        }

        // A repository that comes from elsewhere mustn't make builds read this machine's files, or talk to its services.
        if (url.Scheme is not "https" && !(url.Scheme == "http" && url.IsLoopback && remote.IsHere))
        {
            return "is not https";
        }

        return url.UserInfo.Length > 0 ? "holds a user name or password"
            : url.Query.Length > 0 || url.Fragment.Length > 0 ? "has a query or a fragment" : null;
    }

    /// <summary>The folder of the objects of a repository on this machine's disk (git-lfs, <c>lfs-standalone-file</c>), or null where there is no repository.</summary>
    public static string? FolderOf(GitRemote remote)
    {
        var path = "/" + Uri.UnescapeDataString(remote.Path);
        var git = new[] { $"{path}/.git", path, $"{path}.git/.git", $"{path}.git" }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "HEAD")));
        return git is null ? null : Path.Combine(git, "lfs", "objects");
    }

    /// <summary>A folder as a <c>file</c> URL.</summary>
    public static string UrlOf(string folder) => "file://" + string.Join('/', folder.Split('/').Select(Uri.EscapeDataString));

    /// <summary>What <c>git-lfs-authenticate</c> answers over SSH: <c>href</c>, and a header that lets in; null where it is something else.</summary>
    public static LfsServer? FromSsh(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("href", out var href) || href.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            var address = (href.GetString() ?? "").TrimEnd('/');
            return HeaderOf(root) is [var scheme, var value]
                ? new(address, new(value, "git-lfs-authenticate"), scheme)
                : new(address);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ImmutableArray<string> HeaderOf(JsonElement root)
    {
        if (!root.TryGetProperty("header", out var headers) || headers.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        foreach (var header in headers.EnumerateObject())
        {
            if (header.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && header.Value.ValueKind == JsonValueKind.String)
            {
                return [.. (header.Value.GetString() ?? "").Split(' ', 2)];
            }
        }

        return [];
    }
}
