using System.Collections.Immutable;

namespace NixGen.Testing.Gcs;

/// <summary>A request to a loopback service, and what was answered.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query, as sent.</param>
/// <param name="Bearer">The access token that it carried, or null.</param>
/// <param name="Range">The <c>Range</c> header, or null.</param>
public sealed record GcsRequest(string Method, string Target, string? Bearer, string? Range)
{
    /// <summary>Whether content was asked for.</summary>
    public bool IsMedia => Target.Contains("alt=media", StringComparison.Ordinal);

    /// <summary>Whether a page of a bucket's objects was asked for.</summary>
    public bool IsListing => Method == "GET" && Target.Split('?')[0].EndsWith("/o", StringComparison.Ordinal);

    /// <summary>The answer's status; 0 while there is none.</summary>
    public int Status { get; init; }

    /// <summary>Bytes of body that were sent.</summary>
    public long BytesSent { get; init; }
}

/// <summary>Every request, in the order of arrival.</summary>
public sealed class GcsRequestLog
{
    private readonly Lock gate = new();
    private readonly List<GcsRequest> requests = [];

    public ImmutableArray<GcsRequest> Snapshot()
    {
        lock (gate)
            return [.. requests];
    }

    /// <summary>Requests for content, in the order of arrival.</summary>
    public ImmutableArray<GcsRequest> Media => [.. Snapshot().Where(request => request.IsMedia)];

    public void Clear()
    {
        lock (gate)
            requests.Clear();
    }

    internal void Add(GcsRequest request)
    {
        lock (gate)
            requests.Add(request);
    }

    internal void Update(GcsRequest old, GcsRequest changed)
    {
        lock (gate)
        {
            var index = requests.FindIndex(item => ReferenceEquals(item, old));
            if (index >= 0)
                requests[index] = changed;
        }
    }
}
