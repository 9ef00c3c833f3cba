using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Resolve;
using NixGen.Sources;
using NixGen.Testing.Hub;

namespace NixGen.EndToEnd.Resolve;

/// <summary>Locks manifests against a loopback Hub, as the command line does: a machine with its own home, cache and variables.</summary>
internal sealed class LockingRun : IResolveProgress, IManifestFiles, IAsyncDisposable
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private string _manifest = "";

    private LockingRun(LoopbackHub hub)
    {
        Hub = hub;
        Home = Directory.CreateTempSubdirectory("nixgen-locking-").FullName;
        Set("HOME", Home);
        Set("HF_ENDPOINT", hub.Url);
    }

    public LoopbackHub Hub { get; }

    /// <summary>The home folder; its cache is <c>.cache</c>.</summary>
    public string Home { get; }

    public LockReading Existing { get; set; } = LockReading.Missing;

    public LockOptions Options { get; set; } = new();

    /// <summary>Fast retries: tests of long pauses say so.</summary>
    public UpstreamOptions Upstream { get; set; } = new() { UserAgent = "nixgen/test", BaseDelay = TimeSpan.FromMilliseconds(5) };

    public ConcurrentQueue<string> Steps { get; } = new();

    public static async Task<LockingRun> StartAsync() => new(await LoopbackHub.StartAsync());

    public void Set(string name, string value) => _variables[name] = value;

    public void Write(string relativePath, string text)
    {
        var path = Path.Combine(Home, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? Home);
        File.WriteAllText(path, text);
    }

    /// <summary>Locks models given as lines under <c>models:</c>.</summary>
    public async Task<LockOutcome> LockAsync(params string[] models)
    {
        _manifest = "version: 1\nmodels:\n" + string.Concat(models.Select(model => $"  {model}\n"));
        var diagnostics = new DiagnosticBag();
        var manifest = ManifestLoader.Load(["models.yaml"], this, null, diagnostics)
            ?? throw new InvalidOperationException(string.Join('\n', diagnostics.Items.Select(item => item.Message)));
        using var upstream = new UpstreamClient(Upstream with { CacheFolder = Path.Combine(Home, ".cache", "nixgen") });
        var locker = new Locker(upstream, new HostEnvironment(_variables.ToImmutableDictionary(StringComparer.Ordinal)));
        return await locker.LockAsync(manifest, Existing, Options, this, CancellationToken.None);
    }

    /// <summary>Locks one model and expects that one error keeps it from being locked.</summary>
    public async Task<Diagnostic> FailAsync(string code, params string[] models)
    {
        var outcome = await LockAsync(models);
        var error = Xunit.Assert.Single(outcome.Diagnostics, item => item.Severity == Severity.Error);
        Xunit.Assert.True(error.Code == code, $"{error.Code} instead of {code}: {error.Message}");
        Xunit.Assert.False(string.IsNullOrEmpty(error.Help));
        Xunit.Assert.Empty(outcome.Lock.Models);
        return error;
    }

    /// <summary>Locks and expects success.</summary>
    public async Task<LockFile> SucceedAsync(params string[] models)
    {
        var outcome = await LockAsync(models);
        Xunit.Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics.Select(item => $"{item.Code} {item.Message} {item.Expected} {item.Actual}")));
        return outcome.Lock;
    }

    public void Keep(LockFile lockFile) => Existing = new(lockFile, [], true);

    void IResolveProgress.Step(string model, string step) => Steps.Enqueue($"{model}: {step}");

    void IResolveProgress.Files(string model, int done, int total) => Steps.Enqueue($"{model}: {done}/{total}");

    ManifestFile IManifestFiles.Read(string path) => new ManifestFile.Content(Encoding.UTF8.GetBytes(_manifest));

    string IManifestFiles.Identity(string path) => path;

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(Home, recursive: true);
        await Hub.DisposeAsync();
    }
}
