using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Resolve;
using NixGen.Sources;
using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Url;

/// <summary>Locks manifests as the command line does, against whatever servers they name: a machine with its own home, cache and variables.</summary>
internal sealed class UrlLocking : IResolveProgress, IManifestFiles, IDisposable
{
    private readonly TemporaryFolder home = new();
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    private string manifest = "";

    public UrlLocking() => Set("HOME", home.Path);

    public LockReading Existing { get; set; } = LockReading.Missing;

    public LockOptions Options { get; set; } = new();

    public UpstreamOptions Upstream { get; set; } = new() { UserAgent = "nixgen/test", BaseDelay = TimeSpan.FromMilliseconds(5), MaxRetries = 1 };

    public ConcurrentQueue<string> Steps { get; } = new();

    public void Set(string name, string value) => variables[name] = value;

    /// <summary>Writes a file into the home folder; gives its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(home.At(name), text);
        return home.At(name);
    }

    /// <summary>Locks models given as lines under <c>models:</c>.</summary>
    public async Task<LockOutcome> LockAsync(params string[] models)
    {
        manifest = "version: 1\nmodels:\n" + string.Concat(models.Select(model => $"  {model}\n"));
        var diagnostics = new DiagnosticBag();
        var loaded = ManifestLoader.Load(["models.yaml"], this, null, diagnostics)
            ?? throw new InvalidOperationException(string.Join('\n', diagnostics.Items.Select(item => $"{item.Message} {item.Expected}")));
        using var upstream = new UpstreamClient(Upstream with { CacheFolder = home.At("cache") });
        var locker = new Locker(upstream, new HostEnvironment(variables.ToImmutableDictionary(StringComparer.Ordinal)));
        return await locker.LockAsync(loaded, Existing, Options, this, CancellationToken.None);
    }

    /// <summary>Locks one model and expects that one error keeps it from being locked.</summary>
    public async Task<Diagnostic> FailAsync(string code, params string[] models)
    {
        var outcome = await LockAsync(models);
        var error = Assert.Single(outcome.Diagnostics, item => item.Severity == Severity.Error);
        Assert.True(error.Code == code, $"{error.Code} instead of {code}: {error.Message}");
        Assert.False(string.IsNullOrEmpty(error.Help));
        return error;
    }

    /// <summary>Locks one model and expects success; gives its entry.</summary>
    public async Task<LockedModel> SucceedAsync(params string[] models)
    {
        var outcome = await LockAsync(models);
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics.Select(item => $"{item.Code} {item.Message} {item.Expected} {item.Actual}")));
        return Assert.Single(outcome.Lock.Models).Value;
    }

    public void Keep(LockFile lockFile) => Existing = new(lockFile, [], true);

    void IResolveProgress.Step(string model, string step) => Steps.Enqueue($"{model}: {step}");

    void IResolveProgress.Files(string model, int done, int total) => Steps.Enqueue($"{model}: {done}/{total}");

    ManifestFile IManifestFiles.Read(string path) => new ManifestFile.Content(Encoding.UTF8.GetBytes(manifest));

    string IManifestFiles.Identity(string path) => path;

    public void Dispose() => home.Dispose();
}
