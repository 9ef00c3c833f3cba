using System.Collections.Immutable;

namespace NixGen.Testing.Git;

/// <summary>What a request was for.</summary>
public enum GitRequestKind
{
    /// <summary>The repository itself, by <c>git http-backend</c>.</summary>
    Git,

    /// <summary>The Git LFS batch API.</summary>
    Batch,

    /// <summary>Others of the Git LFS API: locks, for one.</summary>
    Lfs,

    /// <summary>The storage, on another host.</summary>
    Storage,
}

/// <summary>A request as the log holds it. A snapshot: it doesn't change later.</summary>
public sealed record GitRequest
{
    public required GitRequestKind Kind { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query as sent, still percent-encoded.</summary>
    public required string Target { get; init; }

    /// <summary>The <c>Range</c> header, or null.</summary>
    public string? Range { get; init; }

    /// <summary>The <c>Authorization</c> header, or null.</summary>
    public string? Authorization { get; init; }

    /// <summary>Status sent, or 0 while there is none.</summary>
    public int Status { get; init; }

    /// <summary>Bytes of body handed to the network.</summary>
    public long BytesSent { get; init; }

    public override string ToString() => $"{Kind}: {Method} {Target} -> {Status}, {BytesSent} bytes{(Range is null ? "" : ", " + Range)}{(Authorization is null ? "" : ", authorized")}";
}

/// <summary>Every request that a <see cref="GitServer"/> had. Safe to read while it runs.</summary>
public sealed class GitRequestLog
{
    private readonly Lock gate = new();
    private readonly List<GitRequest> requests = [];
    private int generation;

    /// <summary>All requests since the start or the last <see cref="Clear"/>, in order of arrival.</summary>
    public ImmutableArray<GitRequest> Snapshot()
    {
        lock (gate)
            return [.. requests];
    }

    /// <summary>The requests of one kind.</summary>
    public ImmutableArray<GitRequest> Of(GitRequestKind kind) => [.. Snapshot().Where(request => request.Kind == kind)];

    /// <summary>Bytes of all answers together.</summary>
    public long BytesSent => Snapshot().Sum(request => request.BytesSent);

    public void Clear()
    {
        lock (gate)
        {
            generation++;
            requests.Clear();
        }
    }

    internal Entry Begin(GitRequest request)
    {
        lock (gate)
        {
            requests.Add(request);
            return new Entry(this, requests.Count - 1, generation);
        }
    }

    /// <summary>One request that is under way. What it has sent is in the log before the client can see it.</summary>
    internal sealed class Entry(GitRequestLog log, int index, int generation)
    {
        public void Answered(int status) => Update(request => request with { Status = status });

        public void Sent(long bytes) => Update(request => request with { BytesSent = request.BytesSent + bytes });

        private void Update(Func<GitRequest, GitRequest> change)
        {
            lock (log.gate)
            {
                if (log.generation == generation)
                    log.requests[index] = change(log.requests[index]);
            }
        }
    }
}
