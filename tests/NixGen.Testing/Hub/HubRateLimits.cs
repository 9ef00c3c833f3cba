using System.Collections.Concurrent;

namespace NixGen.Testing.Hub;

/// <summary>The Hub's limits over fixed windows of five minutes. They are stated on every answer; they bite only where <see cref="Enforced"/> is set.</summary>
public sealed class HubRateLimits
{
    private readonly ConcurrentDictionary<(string Bucket, string Who), int> used = new();

    public bool Enforced { get; set; }

    /// <summary>Whether 429 has <c>Retry-After</c>; the Hub doesn't promise it.</summary>
    public bool SendsRetryAfter { get; set; } = true;

    /// <summary>Seconds left in the window, as stated.</summary>
    public int SecondsLeft { get; set; } = 1;

    public int AnonymousApi { get; set; } = 500;

    public int AnonymousResolvers { get; set; } = 3000;

    public int UserApi { get; set; } = 1000;

    public int UserResolvers { get; set; } = 5000;

    /// <summary>Begins a new window.</summary>
    public void Reset() => used.Clear();

    /// <summary>Counts a request; returns the bucket, the quota and what is left of it (below zero: refuse).</summary>
    internal (string Bucket, int Quota, int Left) Count(HubRequestKind kind, HubToken? token)
    {
        var (bucket, quota) = kind switch
        {
            HubRequestKind.Api => ("api", token is null ? AnonymousApi : UserApi),
            HubRequestKind.Resolve or HubRequestKind.ResolveCache or HubRequestKind.Raw => ("resolvers", token is null ? AnonymousResolvers : UserResolvers),
            _ => ("pages", 100),
        };
        // The second hop is served by a cache in front of the Hub: it isn't counted.
        var cost = kind == HubRequestKind.ResolveCache ? 0 : 1;
        var count = used.AddOrUpdate((bucket, token?.User ?? ""), cost, (_, before) => before + cost);
        var left = quota - count;
        return (bucket, quota, Enforced ? left : Math.Max(1, left));
    }
}
