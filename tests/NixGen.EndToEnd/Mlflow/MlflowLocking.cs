using NixGen.Diagnostics;
using NixGen.EndToEnd.Resolve;
using NixGen.Lock;
using NixGen.Testing.Mlflow;

namespace NixGen.EndToEnd.Mlflow;

/// <summary>A machine whose MLflow is a loopback one.</summary>
internal sealed class MlflowLocking : LockingMachine, IAsyncDisposable
{
    private MlflowLocking(LoopbackMlflow server)
    {
        Server = server;
        Set("MLFLOW_TRACKING_URI", server.Url + "/");
        Upstream = Upstream with { MaxRetries = 1 };
    }

    public LoopbackMlflow Server { get; }

    public MlflowState State => Server.State;

    public static async Task<MlflowLocking> StartAsync() => new(await LoopbackMlflow.StartAsync());

    /// <summary>Locks one model called <c>m</c> and expects success.</summary>
    public async Task<LockedModel> SucceedAsync(string model) => (await base.SucceedAsync("m: " + model)).Models["m"];

    /// <summary>Locks one model and expects that one error keeps it from being locked.</summary>
    public Task<Diagnostic> FailAsync(string code, string model) => base.FailAsync(code, "m: " + model);

    public async ValueTask DisposeAsync()
    {
        Dispose();
        await Server.DisposeAsync();
    }
}
