using System.Text;

namespace NixGen.Testing.Git;

/// <summary>The one login of a <see cref="GitServer"/>.</summary>
/// <param name="User">The user's name; null takes any, as hosts do that know people by their tokens.</param>
/// <param name="Password">The password or token.</param>
public sealed record GitLogin(string? User, string Password)
{
    /// <summary>Whether an <c>Authorization</c> header (Basic, RFC 7617) is this login.</summary>
    public bool Allows(string authorization)
    {
        if (!authorization.StartsWith("Basic ", StringComparison.Ordinal))
            return false;
        var parts = Encoding.UTF8.GetString(Convert.FromBase64String(authorization["Basic ".Length..])).Split(':', 2);
        return parts is [var user, var password] && (User is null || user == User) && password == Password;
    }
}
