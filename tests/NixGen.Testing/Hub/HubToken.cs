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

    /// <summary>Of a fine-grained token: the private repositories that it sees.</summary>
    public IReadOnlyList<string> ScopedTo { get; init; } = [];

    /// <summary>What the user called it.</summary>
    public string DisplayName { get; init; } = "test";
}
