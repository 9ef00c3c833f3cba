using NixGen.EndToEnd.Resolve;
using NixGen.Lock;
using NixGen.Testing.Gcs;
using Xunit;

namespace NixGen.EndToEnd.Gcs;

/// <summary>A loopback Cloud Storage, and a machine that locks from it: it isn't one of Google's, unless a test says so.</summary>
public abstract class GcsFixture : IAsyncLifetime
{
    private LoopbackGcs? started;
    private LockingRun? machine;

    internal LoopbackGcs Gcs => started ?? throw new InvalidOperationException("Not started.");

    internal LockingRun Machine => machine ?? throw new InvalidOperationException("Not started.");

    public virtual async Task InitializeAsync()
    {
        started = await LoopbackGcs.StartAsync();
        machine = await LockingRun.StartAsync();
        machine.Set("STORAGE_EMULATOR_HOST", Gcs.Url);
        machine.Set("NO_GCE_CHECK", "true");
    }

    public virtual async Task DisposeAsync()
    {
        await Machine.DisposeAsync();
        await Gcs.DisposeAsync();
    }

    /// <summary>A public bucket called <c>models</c>.</summary>
    internal GcsBucket AddPublic() => Gcs.Add(new GcsBucket("models") { IsPublic = true });

    /// <summary>A private bucket called <c>private</c> with one object, which one account may read.</summary>
    internal GcsBucket AddPrivate(string reader = "reader@example.com")
    {
        var bucket = Gcs.Add(new GcsBucket("private"));
        bucket.Readers.Add(reader);
        bucket.Put("v1/config.json", "{}");
        return bucket;
    }

    internal static LockedModel Model(LockFile locked, string name = "m") => locked.Models[name];
}
