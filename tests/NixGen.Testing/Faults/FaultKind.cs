namespace NixGen.Testing.Faults;

/// <summary>Everything that a server does wrong in seeded runs.</summary>
public enum FaultKind
{
    Truncated,
    Stalled,
    Reset,
    Slow,
    OtherRange,
    MislabelledRange,
    ShortRange,
    Overrun,
    WrongBytes,
    RangesIgnored,
    RangeRefused,
    GarbledContentRange,
    SecondContentRange,
    OtherTotal,
    Replaced,
    Resized,
    LinkExpired,
    RateLimited,
    Unavailable,
    Denied,
    OddStatus,
    Empty,
    HtmlPage,
    RedirectChain,
    LongRedirectChain,
    RedirectLoop,
    RedirectElsewhere,
    LengthOverstated,
    LengthUnderstated,
    NoLength,
    Compressed,
    ListGarbled,
}

/// <summary>Which request of a download goes wrong.</summary>
public enum FaultHop
{
    /// <summary>The list of a repository's files.</summary>
    List,

    /// <summary>The first request of a file, at the Hub.</summary>
    Resolve,

    /// <summary>The same, of a file that the Hub leads to the CDN for.</summary>
    Link,

    /// <summary>The request that is answered with the file's bytes.</summary>
    Content,
}

/// <summary>How a download ends that a fault is part of.</summary>
public enum FaultEnd
{
    /// <summary>With the right bytes: a fetcher that gives up here is too weak.</summary>
    Done,

    /// <summary>With an error: there is no way to the right bytes.</summary>
    Failed,

    /// <summary>With either: a fetcher may find a way, and it may say what is wrong instead.</summary>
    Either,
}
