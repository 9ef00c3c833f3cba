using System.Collections.Immutable;
using System.Text;
using NixGen.Manifest;

namespace NixGen.Sources.Url;

/// <summary>What a server is shown: the token that the manifest names, or the password that its netrc file has for that host. There is no standard place.</summary>
/// <param name="Token">What follows the scheme, or null.</param>
/// <param name="Scheme"><c>Bearer</c>, or <c>Basic</c>.</param>
/// <param name="Looked">The places that were looked at in vain; holds no secret.</param>
internal sealed record UrlCredentials(Secret? Token, string Scheme, ImmutableArray<string> Looked)
{
    /// <summary>Looks in every place that the manifest names.</summary>
    public static UrlCredentials Find(AuthSettings auth, HostEnvironment environment, FileAddress address)
    {
        var looked = ImmutableArray.CreateBuilder<string>();
        if (StatedToken.Find(auth, environment, looked) is { } token)
        {
            return new(token, "Bearer", looked.ToImmutable());
        }

        if (auth.NetrcFile is { } file && FromNetrc(environment.Expand(file), address.Url.Host, looked) is { } password)
        {
            return new(password, "Basic", looked.ToImmutable());
        }

        return new(null, "Bearer", looked.ToImmutable());
    }

    private static Secret? FromNetrc(string file, string host, ImmutableArray<string>.Builder looked)
    {
        if (StatedToken.FromFile(file, looked) is not { } text)
        {
            return null;
        }

        if (Netrc.Find(text.Reveal(), host) is var (login, password))
        {
            return new(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{password}")), $"the password of {host} in {file}");
        }

        looked.Add($"{file} (nothing for {host})");
        return null;
    }
}
