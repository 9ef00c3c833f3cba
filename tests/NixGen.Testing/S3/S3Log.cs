using System.Collections.Immutable;

namespace NixGen.Testing.S3;

/// <summary>Every request that the store and the other host had. Safe to read while they run.</summary>
public sealed class S3Log
{
    private readonly Lock gate = new();
    private readonly List<S3Request> requests = [];
    private int generation;

    /// <summary>All requests since the start or the last <see cref="Clear"/>, in order of arrival.</summary>
    public ImmutableArray<S3Request> Snapshot()
    {
        lock (gate)
            return [.. requests];
    }

    public void Clear()
    {
        lock (gate)
        {
            generation++;
            requests.Clear();
        }
    }

    internal Entry Begin(S3Request request)
    {
        lock (gate)
        {
            requests.Add(request);
            return new Entry(this, requests.Count - 1, generation);
        }
    }

    /// <summary>One request that is under way.</summary>
    internal sealed class Entry(S3Log log, int index, int generation)
    {
        public void Answered(int status) => Update(request => request with { Status = status });

        public void Sent(long bytes) => Update(request => request with { BytesSent = request.BytesSent + bytes });

        private void Update(Func<S3Request, S3Request> change)
        {
            lock (log.gate)
            {
                if (log.generation == generation)
                    log.requests[index] = change(log.requests[index]);
            }
        }
    }
}
