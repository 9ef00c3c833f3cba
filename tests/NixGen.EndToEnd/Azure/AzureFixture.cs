using NixGen.EndToEnd.Resolve;
using NixGen.Lock;
using NixGen.Testing.Azure;
using Xunit;

namespace NixGen.EndToEnd.Azure;

/// <summary>One Azurite for the tests of a class: it takes seconds to start.</summary>
public sealed class Azurite : IAsyncLifetime
{
    private AzuriteServer? started;

    public AzuriteServer Server => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await AzuriteServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

/// <summary>A machine that locks from Azurite, in containers of its own.</summary>
public abstract class AzureFixture(Azurite azurite) : IAsyncLifetime
{
    private LockingRun? machine;

    internal AzuriteServer Server => azurite.Server;

    internal LockingRun Machine => machine ?? throw new InvalidOperationException("Not started.");

    /// <summary>A name that no other test uses.</summary>
    internal string Container { get; } = "c" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>A source of that container.</summary>
    internal string Spec => $"az://{Server.Account}/{Container}";

    public async Task InitializeAsync()
    {
        machine = await LockingRun.StartAsync();
        machine.Set("AZURE_STORAGE_CONNECTION_STRING", $"AccountName={Server.Account};BlobEndpoint={Server.Url};AccountKey={Server.Key}");
    }

    public async Task DisposeAsync() => await Machine.DisposeAsync();

    internal Task UploadAsync(params (string Name, string Text)[] files) => UploadAsync(isPublic: false, files);

    internal Task UploadAsync(bool isPublic, params (string Name, string Text)[] files) => Server.RunAsync(
        "upload.mjs", ("container", Container), ("isPublic", isPublic), ("files", files.ToDictionary(file => file.Name, file => file.Text, StringComparer.Ordinal)));

    internal static LockedModel Model(LockFile locked, string name = "m") => locked.Models[name];
}
