namespace NixGen.Testing.Hub;

/// <summary>What a request was for.</summary>
public enum HubRequestKind
{
    /// <summary>JSON under <c>/api/</c>.</summary>
    Api,

    /// <summary>The first hop of a download: <c>/resolve/</c>.</summary>
    Resolve,

    /// <summary>The second hop for a file that git stores whole.</summary>
    ResolveCache,

    /// <summary>The second hop for an LFS file, on another host.</summary>
    Cdn,

    /// <summary>What git stores: pointer text for LFS files.</summary>
    Raw,

    /// <summary>Anything else.</summary>
    Page,
}

/// <summary>A request as the log holds it. A snapshot: it doesn't change later.</summary>
public sealed record HubRequest
{
    public required HubRequestKind Kind { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query as sent, still percent-encoded.</summary>
    public required string Target { get; init; }

    /// <summary>Status sent, or 0 while there is none (or where the connection was reset before one).</summary>
    public int Status { get; init; }

    /// <summary>Bytes of body handed to the network.</summary>
    public long BytesSent { get; init; }

    /// <summary>The <c>Range</c> header, or null.</summary>
    public string? Range { get; init; }

    /// <summary>The <c>If-None-Match</c> header, or null.</summary>
    public string? IfNoneMatch { get; init; }

    public string? UserAgent { get; init; }

    public bool HasAuthorization { get; init; }

    /// <summary>The token presented, as Bearer or as Basic password, or null.</summary>
    public string? Token { get; init; }

    /// <summary>The repository named, as named, or null.</summary>
    public string? Repository { get; init; }

    /// <summary>What of the repository: <c>tree</c>, <c>revision</c>, <c>resolve</c> …; empty for its plain API page.</summary>
    public string Action { get; init; } = "";

    /// <summary>The revision named, decoded, or null.</summary>
    public string? Revision { get; init; }

    /// <summary>The file or folder named, decoded; empty where none is.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether it came to the CDN's listener.</summary>
    public bool OnCdn => Kind == HubRequestKind.Cdn;

    public override string ToString() => $"{Method} {Target} -> {Status}, {BytesSent} bytes{(Range is null ? "" : ", " + Range)}{(HasAuthorization ? ", authorized" : "")}";
}
