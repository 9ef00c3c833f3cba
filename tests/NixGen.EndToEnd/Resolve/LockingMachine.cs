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

namespace NixGen.EndToEnd.Resolve;

/// <summary>Locks manifests as the command line does, against whatever servers they name: a machine with its own home, cache and variables.</summary>
internal class LockingMachine : IResolveProgress, IManifestFiles, IDisposable
{
    private readonly TemporaryFolder home = new();
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    private string manifest = "";

    public LockingMachine() => Set("HOME", Home);

    /// <summary>The home folder; its cache is <c>.cache</c>.</summary>
    public string Home => home.Path;

    public LockReading Existing { get; set; } = LockReading.Missing;

    public LockOptions Options { get; set; } = new();

    /// <summary>Fast retries: tests of long pauses say so.</summary>
    public UpstreamOptions Upstream { get; set; } = new() { UserAgent = "nixgen/test", BaseDelay = TimeSpan.FromMilliseconds(5) };

    public ConcurrentQueue<string> Steps { get; } = new();

    public void Set(string name, string value) => variables[name] = value;

    public void Unset(string name) => variables.Remove(name);

    public string Variable(string name) => variables.GetValueOrDefault(name, "");

    /// <summary>Writes a file into the home folder; gives its path.</summary>
    public string Write(string relativePath, string text)
    {
        var path = home.At(relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? Home);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Locks models given as lines under <c>models:</c>.</summary>
    public async Task<LockOutcome> LockAsync(params string[] models)
    {
        manifest = "version: 1\nmodels:\n" + string.Concat(models.Select(model => $"  {model}\n"));
        var diagnostics = new DiagnosticBag();
        var loaded = ManifestLoader.Load(["models.yaml"], this, null, diagnostics)
            ?? throw new InvalidOperationException(string.Join('\n', diagnostics.Items.Select(item => $"{item.Code} {item.Message} {item.Expected} {item.Help}")));
        using var upstream = new UpstreamClient(Upstream with { CacheFolder = home.At(".cache/nixgen") });
        var locker = new Locker(upstream, new HostEnvironment(variables.ToImmutableDictionary(StringComparer.Ordinal)));
        return await locker.LockAsync(loaded, Existing, Options, this, CancellationToken.None);
    }

    /// <summary>Locks one model and expects that one error keeps it from being locked, which says what to do and can't drive a terminal.</summary>
    public async Task<Diagnostic> FailAsync(string code, params string[] models)
    {
        var outcome = await LockAsync(models);
        var error = Assert.Single(outcome.Diagnostics, item => item.Severity == Severity.Error);
        Assert.True(error.Code == code, $"{error.Code} instead of {code}: {error.Message} {error.Help}");
        Assert.False(string.IsNullOrEmpty(error.Help));
        Assert.Empty(outcome.Lock.Models);
        Assert.DoesNotContain(error.Message + error.Help, character => char.IsControl(character) && character != '\n');
        return error;
    }

    /// <summary>Locks and expects success.</summary>
    public async Task<LockFile> SucceedAsync(params string[] models)
    {
        var outcome = await LockAsync(models);
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics.Select(item => $"{item.Code} {item.Message} {item.Expected} {item.Actual} {item.Help}")));
        return outcome.Lock;
    }

    public void Keep(LockFile lockFile) => Existing = new(lockFile, [], true);

    void IResolveProgress.Step(string model, string step) => Steps.Enqueue($"{model}: {step}");

    void IResolveProgress.Files(string model, int done, int total) => Steps.Enqueue($"{model}: {done}/{total}");

    ManifestFile IManifestFiles.Read(string path) => new ManifestFile.Content(Encoding.UTF8.GetBytes(manifest));

    string IManifestFiles.Identity(string path) => path;

    public void Dispose() => home.Dispose();
}
