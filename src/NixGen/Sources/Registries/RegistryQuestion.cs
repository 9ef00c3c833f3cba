using NixGen.Manifest;

namespace NixGen.Sources.Registries;

/// <summary>What is asked of a registry, for requests and for messages.</summary>
/// <param name="Model">The model as asked for.</param>
/// <param name="Endpoint">The registry.</param>
/// <param name="Repository">The repository's name in it, such as <c>library/llama2</c>.</param>
/// <param name="Reference">A tag, or a digest <c>sha256:…</c>.</param>
/// <param name="Credentials">Who asks.</param>
internal sealed record RegistryQuestion(
    ModelRequest Model, RegistryEndpoint Endpoint, string Repository, string Reference, RegistryCredentials Credentials)
{
    /// <summary>Whether the reference is a digest.</summary>
    public bool IsByDigest => RegistryDescriptor.HashOf(Reference) is not null;

    /// <summary>What is asked for, as people write it.</summary>
    public string Name => $"{Endpoint.Name}/{Repository}{(IsByDigest ? '@' : ':')}{Reference}";

    /// <summary>The address of the manifest.</summary>
    public Uri ManifestUrl => Url("manifests/" + Reference);

    /// <summary>An address below the repository.</summary>
    public Uri Url(string path) => new($"{Endpoint.BaseUrl}/v2/{Repository}/{path}");
}
