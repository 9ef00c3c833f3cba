using System.Text;
using Microsoft.AspNetCore.Http;

namespace NixGen.Testing.Hub;

/// <summary>Who may see and who may download what.</summary>
internal static class HubAccess
{
    /// <summary>The token in a request's <c>Authorization</c>: Bearer, or Basic with the token as password.</summary>
    public static string? TokenIn(IHeaderDictionary headers)
    {
        var value = headers.Authorization.ToString();
        if (value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return value[7..].Trim();
        if (!value.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        var buffer = new byte[value.Length];
        if (!Convert.TryFromBase64String(value[6..].Trim(), buffer, out var length))
            return null;
        var pair = Encoding.UTF8.GetString(buffer, 0, length);
        return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    /// <summary>Whether the repository shows itself; where it doesn't, it is as if it weren't there.</summary>
    public static bool MayView(HubRepository repository, HubToken? token) => !repository.IsPrivate || MaySeePrivate(repository, token);

    /// <summary>Null where files may be downloaded; the repository may be seen already.</summary>
    public static HubError? ToDownload(HubRepository repository, HubToken? token, string page)
    {
        if (repository.Gate == HubGate.Open)
            return null;
        if (token is null)
            return HubError.Gated(repository, anonymous: true, page);
        if (!repository.Members.Contains(token.User) && !repository.GateGranted.Contains(token.User))
            return HubError.Gated(repository, anonymous: false, page);
        return token.Role == HubTokenRole.FineGrained && !token.CanReadGatedRepositories ? HubError.GatedForToken : null;
    }

    private static bool MaySeePrivate(HubRepository repository, HubToken? token) =>
        token is not null
        && repository.Members.Contains(token.User)
        && (token.Role != HubTokenRole.FineGrained || token.Scopes.Any(scope => scope.Reads(repository)));
}
