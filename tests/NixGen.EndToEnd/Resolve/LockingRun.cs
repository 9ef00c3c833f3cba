using NixGen.Testing.Hub;

namespace NixGen.EndToEnd.Resolve;

/// <summary>A machine whose Hub is a loopback one.</summary>
internal sealed class LockingRun : LockingMachine, IAsyncDisposable
{
    private LockingRun(LoopbackHub hub)
    {
        Hub = hub;
        Set("HF_ENDPOINT", hub.Url);
    }

    public LoopbackHub Hub { get; }

    public static async Task<LockingRun> StartAsync() => new(await LoopbackHub.StartAsync());

    public async ValueTask DisposeAsync()
    {
        Dispose();
        await Hub.DisposeAsync();
    }
}
