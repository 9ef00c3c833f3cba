using System.Collections.Concurrent;

namespace NixGen.Testing.Git;

/// <summary>How a <see cref="GitServer"/>'s Git LFS part behaves, and misbehaves.</summary>
public sealed class LfsFaults
{
    /// <summary>What is said of single objects instead of where they are: status and message by OID.</summary>
    public ConcurrentDictionary<string, (int Code, string Message)> ObjectErrors { get; } = new(StringComparer.Ordinal);

    /// <summary>What is sent instead of objects, by OID.</summary>
    public ConcurrentDictionary<string, byte[]> Replacements { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers to the next batch requests, in order: a status, and the seconds of its <c>Retry-After</c> or null.</summary>
    public ConcurrentQueue<(int Status, int? RetryAfter)> BatchStatuses { get; } = new();

    /// <summary>A batch of more is refused with 413.</summary>
    public int MostObjects { get; set; } = 1000;

    /// <summary>How long links work.</summary>
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many links have to expire after their first use.</summary>
    public int LinksOfOneUse { get; set; }

    /// <summary>Whether what a link needs stands in a header that the API states, and not in its query.</summary>
    public bool LinksHaveHeaders { get; set; } = true;

    /// <summary>Whether the API states when links expire as a time and not as a count of seconds.</summary>
    public bool StatesTimes { get; set; }

    /// <summary>Whether the storage answers a plain GET without a range with 400, as the bridge of Xet does for huge files.</summary>
    public bool NeedsRanges { get; set; }

    /// <summary>Whether the storage redirects once more, to a second path of its own.</summary>
    public bool StorageMoved { get; set; }

    /// <summary>What answers a batch instead, or null.</summary>
    public string? BatchBody { get; set; }

    /// <summary>The link that the API gives for every object, or null for the storage's own.</summary>
    public string? Link { get; set; }
}
