namespace NixGen.Testing.Hub;

/// <summary>An error as the Hub states it: status, <c>X-Error-Code</c> where it sends one, and a text.</summary>
internal sealed record HubError(int Status, string? Code, string Message)
{
    public static HubError InvalidCredentials { get; } = new(401, null, "Invalid credentials in Authorization header");

    public static HubError LoginRequired { get; } = new(401, null, "Invalid username or password.");

    public static HubError RepositoryNotFound { get; } = new(404, "RepoNotFound", "Repository not found");

    public static HubError EntryNotFound { get; } = new(404, "EntryNotFound", "Entry not found");

    public static HubError Disabled { get; } = new(403, null, "Access to this resource is disabled.");

    public static HubError PageNotFound { get; } = new(404, null, "Sorry, we can't find the page you are looking for.");

    public static HubError RevisionNotFound(string? revision) => new(404, "RevisionNotFound", $"Invalid rev id: {revision}");

    public static HubError BadRequest(string message) => new(400, null, message);

    public static HubError Gated(HubRepository repository, bool anonymous, string page)
    {
        var what = $"Access to {repository.Kind.ToString().ToLowerInvariant()} {repository.Id} is restricted";
        return anonymous
            ? new(401, "GatedRepo", $"{what}. You must have access to it and be authenticated to access it. Please log in.")
            : new(403, "GatedRepo", $"{what} and you are not in the authorized list. Visit {page} to ask for access.");
    }

    public static HubError GatedForToken { get; } =
        new(403, "GatedRepo", "Please enable access to public gated repositories in your fine-grained token settings to view this repository.");
}
