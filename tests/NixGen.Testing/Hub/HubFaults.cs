namespace NixGen.Testing.Hub;

/// <summary>The faults that wait for a matching request. Each is used up after its number of times; the first that matches is taken.</summary>
public sealed class HubFaults
{
    private readonly Lock gate = new();
    private readonly List<Waiting> waiting = [];
    private Func<HubRequest, HubFault?> plan = _ => null;

    /// <summary>Lets matching requests fail, a number of times (for ever by default).</summary>
    public void On(Func<HubRequest, bool> match, HubFault fault, int times = int.MaxValue)
    {
        lock (gate)
            waiting.Add(new Waiting { Match = match, Fault = fault, Left = times });
    }

    /// <summary>Lets a plan decide, which is asked once for each request in order of arrival; where it has no fault, the ones that wait are looked at.</summary>
    public void Follow(Func<HubRequest, HubFault?> next)
    {
        lock (gate)
            plan = next;
    }

    /// <summary>On the first hop of a file's download.</summary>
    public void OnResolve(string path, HubFault fault, int times = int.MaxValue) =>
        On(request => request.Kind == HubRequestKind.Resolve && request.Path == path, fault, times);

    /// <summary>On the hop that carries a file's content, be it the CDN's or the Hub's own.</summary>
    public void OnContent(string path, HubFault fault, int times = int.MaxValue) =>
        On(request => request.Kind is HubRequestKind.Cdn or HubRequestKind.ResolveCache && request.Path == path, fault, times);

    /// <summary>On an API action: <c>tree</c>, <c>revision</c>, <c>auth-check</c> …</summary>
    public void OnApi(string action, HubFault fault, int times = int.MaxValue) =>
        On(request => request.Kind == HubRequestKind.Api && request.Action == action, fault, times);

    public void Clear()
    {
        lock (gate)
            waiting.Clear();
    }

    internal HubFault? Take(HubRequest request)
    {
        lock (gate)
        {
            if (plan(request) is { } planned)
                return planned;
            var found = waiting.Find(candidate => candidate.Match(request));
            if (found is null)
                return null;
            if (--found.Left == 0)
                waiting.Remove(found);
            return found.Fault;
        }
    }

    private sealed class Waiting
    {
        public required Func<HubRequest, bool> Match { get; init; }

        public required HubFault Fault { get; init; }

        public int Left { get; set; }
    }
}
