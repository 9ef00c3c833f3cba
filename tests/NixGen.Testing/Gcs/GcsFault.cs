namespace NixGen.Testing.Gcs;

/// <summary>What goes wrong with an answer.</summary>
public sealed record GcsFault
{
    /// <summary>A status in place of the answer's.</summary>
    public int? Status { get; init; }

    /// <summary>The value of <c>Retry-After</c>, or null for none.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>A body in place of the answer's, sent as JSON.</summary>
    public string? Body { get; init; }

    /// <summary>After how many bytes of content the connection breaks.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Runs before the request is answered.</summary>
    public Action? Before { get; init; }
}

/// <summary>Faults that wait for a matching request; the first that matches is taken.</summary>
public sealed class GcsFaults
{
    private readonly Lock gate = new();
    private readonly List<(Func<GcsRequest, bool> Match, GcsFault Fault, int Left)> waiting = [];

    /// <summary>Lets matching requests fail, a number of times (for ever by default).</summary>
    public void On(Func<GcsRequest, bool> match, GcsFault fault, int times = int.MaxValue)
    {
        lock (gate)
            waiting.Add((match, fault, times));
    }

    internal GcsFault? Take(GcsRequest request)
    {
        lock (gate)
        {
            var index = waiting.FindIndex(candidate => candidate.Match(request));
            if (index < 0)
                return null;
            var (match, fault, left) = waiting[index];
            if (left == 1)
                waiting.RemoveAt(index);
            else
                waiting[index] = (match, fault, left - 1);
            return fault;
        }
    }
}
