using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Resolve;
using NixGen.Sources;
using NixGen.Testing;
using NixGen.Testing.Mlflow;
using Xunit;

namespace NixGen.EndToEnd.Mlflow;

/// <summary>Locks manifests as the command line does, against a loopback MLflow: a machine with its own home, cache and variables.</summary>
internal sealed class MlflowLocking : IResolveProgress, IManifestFiles, IAsyncDisposable
{
    private readonly TemporaryFolder home = new();
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    private string manifest = "";

    private MlflowLocking(LoopbackMlflow server)
    {
        Server = server;
        Set("HOME", home.Path);
        Set("MLFLOW_TRACKING_URI", server.Url + "/");
    }

    public LoopbackMlflow Server { get; }

    public MlflowState State => Server.State;

    public LockReading Existing { get; set; } = LockReading.Missing;

    public LockOptions Options { get; set; } = new();

    public UpstreamOptions Upstream { get; set; } = new() { UserAgent = "nixgen/test", BaseDelay = TimeSpan.FromMilliseconds(5), MaxRetries = 1 };

    public ConcurrentQueue<string> Steps { get; } = new();

    public static async Task<MlflowLocking> StartAsync() => new(await LoopbackMlflow.StartAsync());

    public void Set(string name, string value) => variables[name] = value;

    public void Unset(string name) => variables.Remove(name);

    /// <summary>Writes a file into the home folder; gives its path.</summary>
    public string Write(string relativePath, string text)
    {
        var path = home.At(relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? home.Path);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Locks the models given as lines under <c>models:</c>.</summary>
    public async Task<LockOutcome> LockAsync(params string[] models)
    {
        manifest = "version: 1\nmodels:\n" + string.Concat(models.Select(model => $"  {model}\n"));
        var diagnostics = new DiagnosticBag();
        var loaded = ManifestLoader.Load(["models.yaml"], this, null, diagnostics)
            ?? throw new InvalidOperationException(string.Join('\n', diagnostics.Items.Select(item => $"{item.Code} {item.Message} {item.Help}")));
        using var upstream = new UpstreamClient(Upstream with { CacheFolder = home.At(".cache/nixgen") });
        var locker = new Locker(upstream, new HostEnvironment(variables.ToImmutableDictionary(StringComparer.Ordinal)));
        return await locker.LockAsync(loaded, Existing, Options, this, CancellationToken.None);
    }

    /// <summary>Locks one model called <c>m</c> and expects success.</summary>
    public async Task<LockedModel> SucceedAsync(string model)
    {
        var outcome = await LockAsync("m: " + model);
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics.Select(item => $"{item.Code} {item.Message} {item.Expected} {item.Actual} {item.Help}")));
        return outcome.Lock.Models["m"];
    }

    /// <summary>Locks one model and expects that one error keeps it from being locked.</summary>
    public async Task<Diagnostic> FailAsync(string code, string model)
    {
        var outcome = await LockAsync("m: " + model);
        var error = Assert.Single(outcome.Diagnostics, item => item.Severity == Severity.Error);
        Assert.True(error.Code == code, $"{error.Code} instead of {code}: {error.Message}");
        Assert.False(string.IsNullOrEmpty(error.Help));
        Assert.Empty(outcome.Lock.Models);
        Assert.DoesNotContain(error.Message + error.Help, character => char.IsControl(character) && character != '\n');
        return error;
    }

    void IResolveProgress.Step(string model, string step) => Steps.Enqueue($"{model}: {step}");

    void IResolveProgress.Files(string model, int done, int total) => Steps.Enqueue($"{model}: {done}/{total}");

    ManifestFile IManifestFiles.Read(string path) => new ManifestFile.Content(Encoding.UTF8.GetBytes(manifest));

    string IManifestFiles.Identity(string path) => path;

    public async ValueTask DisposeAsync()
    {
        home.Dispose();
        await Server.DisposeAsync();
    }
}
