using NixGen.Manifest;

namespace NixGen.Sources.HuggingFace;

/// <summary>Whom is asked about what; what messages need to say so.</summary>
/// <param name="Model">The model as asked for.</param>
/// <param name="Endpoint">The Hub.</param>
/// <param name="Type">What the repository holds.</param>
/// <param name="Repository">Its id.</param>
/// <param name="Revision">The revision as asked for.</param>
/// <param name="Credentials">The token that is sent, or where one was looked for.</param>
internal sealed record HubQuestion(
    ModelRequest Model,
    HubEndpoint Endpoint,
    RepositoryType Type,
    string Repository,
    string Revision,
    HubCredentials Credentials)
{
    /// <summary>The token that is sent, or null.</summary>
    public Secret? Token => Credentials.Token;

    /// <summary>The repository's page, for people.</summary>
    public string Page => Endpoint.Page(Type, Repository);

    /// <summary>Where tokens are made.</summary>
    public string TokensPage => $"{Endpoint.BaseUrl}/settings/tokens";

    /// <summary>What the repository holds, in words.</summary>
    public string Kind => Type.Name();

    /// <summary>A request to the API about this repository.</summary>
    /// <param name="rest">What follows the id; escaped.</param>
    public UpstreamRequest Api(string rest) =>
        new(Endpoint.Url($"api/{Type.Plural()}/{HubEndpoint.EscapePath(Repository)}/{rest}"), Token);

    /// <summary>A request for the content of a file at a commit.</summary>
    public UpstreamRequest Content(string commit, string path) =>
        new(Endpoint.Url($"{Type.UrlPrefix()}{HubEndpoint.EscapePath(Repository)}/resolve/{commit}/{HubEndpoint.EscapePath(path)}"), Token);
}
