namespace NixGen.Testing.Hub;

/// <summary>What a token may do.</summary>
public enum HubTokenRole
{
    Read,
    Write,
    FineGrained,
}

/// <summary>An access token that the Hub knows.</summary>
/// <param name="Value">Its text, such as <c>hf_test</c>.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Role">What it may do.</param>
public sealed record HubToken(string Value, string User, HubTokenRole Role = HubTokenRole.Read)
{
    /// <summary>Of a fine-grained token: whether it opens gated repositories that its user may open.</summary>
    public bool CanReadGatedRepositories { get; init; }

    /// <summary>Of a fine-grained token: permissions that belong to no place.</summary>
    public IReadOnlyList<string> Everywhere { get; init; } = [];

    /// <summary>Of a fine-grained token: what it may do for single owners and repositories.</summary>
    public IReadOnlyList<HubTokenScope> Scopes { get; init; } = [];

    /// <summary>What the user called it.</summary>
    public string DisplayName { get; init; } = "test";
}

/// <summary>What a fine-grained token may do in one place.</summary>
/// <param name="Type"><c>user</c>, <c>org</c>, <c>model</c>, <c>dataset</c>, <c>space</c> and others.</param>
/// <param name="Name">An owner, or a repository's id.</param>
/// <param name="Permissions">Such as <c>repo.content.read</c>.</param>
public sealed record HubTokenScope(string Type, string Name, params string[] Permissions)
{
    private static readonly string[] Reading = ["repo.content.read", "repo.write"];

    /// <summary>Whether the files of a repository may be read by it.</summary>
    internal bool Reads(HubRepository repository) =>
        Permissions.Intersect(Reading, StringComparer.Ordinal).Any()
        && (Type is "user" or "org" ? repository.Id.StartsWith(Name + "/", StringComparison.OrdinalIgnoreCase)
            : HubJson.Plural(repository.Kind) == Type + "s" && string.Equals(repository.Id, Name, StringComparison.OrdinalIgnoreCase));
}
