using NixGen.EndToEnd.Resolve;
using NixGen.Testing.Oci;
using Xunit;

namespace NixGen.EndToEnd.Oci;

/// <summary>A registry behind a front, and a machine that locks from it.</summary>
public abstract class RegistryFixture : IAsyncLifetime
{
    private DockerRegistry? registry;
    private RegistryFront? front;
    private LockingRun? run;

    protected DockerRegistry Registry => registry ?? throw new InvalidOperationException("Not started.");

    protected RegistryFront Front => front ?? throw new InvalidOperationException("Not started.");

    private protected LockingRun Run => run ?? throw new InvalidOperationException("Not started.");

    public virtual async Task InitializeAsync()
    {
        registry = await StartRegistryAsync();
        front = await RegistryFront.StartAsync(registry);
        run = await LockingRun.StartAsync();
    }

    public virtual async Task DisposeAsync()
    {
        if (run is not null)
            await run.DisposeAsync();
        if (front is not null)
            await front.DisposeAsync();
        if (registry is not null)
            await registry.DisposeAsync();
    }

    protected virtual Task<DockerRegistry> StartRegistryAsync() => DockerRegistry.StartAsync();

    protected async Task<string> PushAsync(string name, string tag, OciArtifact artifact)
    {
        using var client = new RegistryClient(Registry.Url);
        return await client.PushAsync(name, tag, artifact);
    }
}
