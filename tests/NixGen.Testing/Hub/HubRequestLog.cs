using System.Collections.Immutable;

namespace NixGen.Testing.Hub;

/// <summary>Every request that the Hub and its CDN had. Safe to read while they run.</summary>
public sealed class HubRequestLog
{
    private readonly Lock gate = new();
    private readonly List<HubRequest> requests = [];

    /// <summary>All requests since the start or the last <see cref="Clear"/>, in order of arrival.</summary>
    public ImmutableArray<HubRequest> Snapshot()
    {
        lock (gate)
            return [.. requests];
    }

    /// <summary>The requests of one kind.</summary>
    public ImmutableArray<HubRequest> Of(HubRequestKind kind) => [.. Snapshot().Where(request => request.Kind == kind)];

    public void Clear()
    {
        lock (gate)
        {
            generation++;
            requests.Clear();
        }
    }

    private int generation;

    internal Entry Begin(HubRequest request)
    {
        lock (gate)
        {
            requests.Add(request);
            return new Entry(this, requests.Count - 1, generation);
        }
    }

    /// <summary>One request that is under way. What it has sent is in the log before the client can see it.</summary>
    internal sealed class Entry(HubRequestLog log, int index, int generation)
    {
        public void Answered(int status) => Update(request => request with { Status = status });

        public void Sent(long bytes) => Update(request => request with { BytesSent = request.BytesSent + bytes });

        private void Update(Func<HubRequest, HubRequest> change)
        {
            lock (log.gate)
            {
                if (log.generation == generation)
                    log.requests[index] = change(log.requests[index]);
            }
        }
    }
}
