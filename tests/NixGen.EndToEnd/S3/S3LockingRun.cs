using System.Collections.Immutable;
using System.Text;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Resolve;
using NixGen.Sources;
using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.S3;

/// <summary>Locks manifests against a loopback S3, as the command line does: a machine with its own home, cache and variables.</summary>
internal sealed class S3LockingRun : IResolveProgress, IManifestFiles, IDisposable
{
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    private string manifest = "";

    public S3LockingRun(string endpoint, S3Account? account = null)
    {
        Home = Directory.CreateTempSubdirectory("nixgen-s3-locking-").FullName;
        Set("HOME", Home);
        Set("AWS_ENDPOINT_URL_S3", endpoint);
        // The machine that tests run on may have a role of its own.
        Set("AWS_EC2_METADATA_DISABLED", "true");
        if (account is not null)
            SignAs(account);
    }

    public string Home { get; }

    public LockReading Existing { get; set; } = LockReading.Missing;

    public LockOptions Options { get; set; } = new();

    public bool IsOffline { get; set; }

    public void Set(string name, string value) => variables[name] = value;

    public void SignAs(S3Account account)
    {
        Set("AWS_ACCESS_KEY_ID", account.KeyId);
        Set("AWS_SECRET_ACCESS_KEY", account.Secret);
        if (account.SessionToken is { } session)
            Set("AWS_SESSION_TOKEN", session);
    }

    public void Write(string relativePath, string text)
    {
        var path = Path.Combine(Home, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? Home);
        File.WriteAllText(path, text);
    }

    /// <summary>Locks models given as lines under <c>models:</c>.</summary>
    public async Task<LockOutcome> LockAsync(params string[] models)
    {
        manifest = "version: 1\nmodels:\n" + string.Concat(models.Select(model => $"  {model}\n"));
        var diagnostics = new DiagnosticBag();
        var loaded = ManifestLoader.Load(["models.yaml"], this, null, diagnostics)
            ?? throw new InvalidOperationException(string.Join('\n', diagnostics.Items.Select(item => item.Message)));
        using var upstream = new UpstreamClient(new()
        {
            UserAgent = "nixgen/test",
            BaseDelay = TimeSpan.FromMilliseconds(5),
            CacheFolder = Path.Combine(Home, ".cache", "nixgen"),
            Offline = IsOffline,
        });
        var locker = new Locker(upstream, new HostEnvironment(variables.ToImmutableDictionary(StringComparer.Ordinal)));
        return await locker.LockAsync(loaded, Existing, Options, this, CancellationToken.None);
    }

    /// <summary>Locks one model, keeps the lock, and returns the entry.</summary>
    public async Task<LockedModel> SucceedAsync(string source, string settings = "")
    {
        var outcome = await LockAsync($"m: {{ source: {source}{settings} }}");
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics.Select(item => $"{item.Code} {item.Message} {item.Expected} {item.Actual} {item.Help}")));
        Existing = new(outcome.Lock, [], true);
        return outcome.Lock.Models["m"];
    }

    /// <summary>Locks one model and expects that one error keeps it from being locked, which names it and says what to do, and holds no secret.</summary>
    public async Task<Diagnostic> FailAsync(string code, string source, string settings = "")
    {
        var outcome = await LockAsync($"m: {{ source: {source}{settings} }}");
        var error = Assert.Single(outcome.Diagnostics, item => item.Severity == Severity.Error);
        Assert.True(error.Code == code, $"{error.Code} instead of {code}: {error.Message} {error.Help}");
        Assert.Contains("'m'", error.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(error.Help));
        Assert.Equal(FailureKind.Upstream, error.Descriptor.Kind);
        foreach (var secret in (ReadOnlySpan<string>)["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
        {
            if (variables.TryGetValue(secret, out var value))
                Assert.DoesNotContain(value, $"{error.Message} {error.Help} {error.Expected} {error.Actual}", StringComparison.Ordinal);
        }

        Assert.DoesNotContain("X-Amz-Signature", $"{error.Message} {error.Help}", StringComparison.Ordinal);
        return error;
    }

    void IResolveProgress.Step(string model, string step)
    {
    }

    void IResolveProgress.Files(string model, int done, int total)
    {
    }

    ManifestFile IManifestFiles.Read(string path) => new ManifestFile.Content(Encoding.UTF8.GetBytes(manifest));

    string IManifestFiles.Identity(string path) => path;

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
