using NixGen.Manifest;

namespace NixGen.Sources.GitLfs;

/// <summary>What is asked about; what messages need to say so.</summary>
/// <param name="Model">The model as asked for.</param>
/// <param name="Request">Its source.</param>
/// <param name="Token">The token that the manifest or the host's usual variable gives, or null.</param>
internal sealed record GitQuestion(ModelRequest Model, GitLfsRequest Request, Secret? Token)
{
    /// <summary>The repository.</summary>
    public GitRemote Remote => Request.Remote;

    /// <summary>The repository's address as messages show it.</summary>
    public string Place => Remote.Address;

    /// <summary>The address as a URL, for failures of the network.</summary>
    public Uri Url => new(Remote.Address);
}
