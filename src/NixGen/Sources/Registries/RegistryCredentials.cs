using System.Collections.Immutable;
using System.Text;
using NixGen.Manifest;

namespace NixGen.Sources.Registries;

/// <summary>Finds who asks a registry: what the manifest's <c>auth</c> names, as <c>name:password</c> or as a bearer token, then what other clients keep in their configuration (<c>docker login</c>, <c>podman login</c>, <c>oras login</c>).</summary>
/// <param name="Login">Name and password, as <c>name:password</c>; or null.</param>
/// <param name="Bearer">A token for the registry itself, or null.</param>
/// <param name="Looked">The places that were looked at in vain; holds no secret.</param>
internal sealed record RegistryCredentials(Secret? Login, Secret? Bearer, ImmutableArray<string> Looked)
{
    /// <summary>What is sent as <c>Basic</c> (RFC 7617), or null.</summary>
    public Secret? Basic => Login is null ? null : new(Convert.ToBase64String(Encoding.UTF8.GetBytes(Login.Reveal())), Login.Origin);

    /// <summary>Where they were found, or null where there are none.</summary>
    public string? Origin => (Login ?? Bearer)?.Origin;

    /// <summary>Looks in every place until there are some. A client's configuration says itself which host an entry is for, so no manifest can lead one elsewhere.</summary>
    /// <param name="auth">What the manifest states.</param>
    /// <param name="environment">The machine's variables.</param>
    /// <param name="host">The registry's name: host and port.</param>
    /// <param name="repository">The repository, since entries may be for parts of a registry.</param>
    public static RegistryCredentials Find(AuthSettings auth, HostEnvironment environment, string host, string repository)
    {
        var looked = ImmutableArray.CreateBuilder<string>();
        if (StatedToken.Find(auth, environment, looked) is { } stated)
        {
            return stated.Reveal().Contains(':', StringComparison.Ordinal)
                ? new(stated, null, looked.ToImmutable())
                : new(null, stated, looked.ToImmutable());
        }

        foreach (var file in ClientConfiguration.FilesOf(environment))
        {
            if (ClientConfiguration.Login(file, host, repository, looked) is { } login)
            {
                return new(login, null, looked.ToImmutable());
            }
        }

        return new(null, null, looked.ToImmutable());
    }
}
