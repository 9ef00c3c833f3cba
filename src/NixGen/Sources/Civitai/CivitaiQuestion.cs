using NixGen.Manifest;

namespace NixGen.Sources.Civitai;

/// <summary>Whom is asked about what; what messages need to say so.</summary>
/// <param name="Model">The model as asked for.</param>
/// <param name="Endpoint">The site's base URL, without a trailing slash.</param>
/// <param name="VersionId">The version's number.</param>
/// <param name="Credentials">The token that is sent, or where one was looked for.</param>
internal sealed record CivitaiQuestion(ModelRequest Model, string Endpoint, long VersionId, CivitaiCredentials Credentials)
{
    /// <summary>The page of the version, for people.</summary>
    public string Page => $"{Endpoint}/model-versions/{VersionId}";

    /// <summary>Where tokens are made.</summary>
    public string TokensPage => $"{Endpoint}/user/account";

    /// <summary>Asks what the version is.</summary>
    public UpstreamRequest Description => new(new($"{Endpoint}/api/v1/model-versions/{VersionId}"), Credentials.Token);

    /// <summary>Asks for a file. Without its number the site would choose by the preferences of who asks.</summary>
    public UpstreamRequest Content(long fileId) =>
        new(new($"{Endpoint}/api/download/models/{VersionId}?fileId={fileId}"), Credentials.Token) { MayLeave = true };
}
