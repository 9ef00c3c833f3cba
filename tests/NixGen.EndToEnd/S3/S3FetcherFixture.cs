using System.Globalization;
using NixGen.Emit;
using NixGen.Nix.Hashing;
using NixGen.Testing;
using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.S3;

/// <summary>A loopback S3, and the S3 fetcher run by bash as a build would run it.</summary>
public abstract class S3FetcherFixture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string folder = Directory.CreateTempSubdirectory("nixgen-s3-fetcher-").FullName;
    private LoopbackS3? started;

    protected LoopbackS3 Store => started ?? throw new InvalidOperationException("Not started.");

    protected string Out => Path.Combine(folder, "out");

    /// <summary>The variables; a test changes what it is about.</summary>
    protected IDictionary<string, string?> Variables { get; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    public async Task InitializeAsync()
    {
        started = await LoopbackS3.StartAsync();
        Store.Add(S3Account.Example);
        await File.WriteAllTextAsync(Path.Combine(folder, "common.sh"), FetchScripts.Read(FetchScripts.Common));
        foreach (var (name, value) in new (string, string?)[]
        {
            ("PATH", Environment.GetEnvironmentVariable("PATH")),
            ("HOME", "/homeless-shelter"),
            ("TMPDIR", folder),
            ("out", Out),
            ("fetch_common", Path.Combine(folder, "common.sh")),
            ("fetch_connect_timeout", "5"),
            ("fetch_read_timeout", "5"),
            ("fetch_max_attempts", "3"),
            ("fetch_base_delay", "0"),
            ("fetch_endpoint", Store.Url),
            ("fetch_bucket", "models"),
            ("fetch_prefix", ""),
            ("fetch_region", "us-east-1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_ACCESS_KEY_ID", S3Account.Example.KeyId),
            ("AWS_SECRET_ACCESS_KEY", S3Account.Example.Secret),
        })
            Variables[name] = value;
    }

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Writes a file beside the run; returns its path.</summary>
    protected string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    protected void SignAs(S3Account account)
    {
        Variables["AWS_ACCESS_KEY_ID"] = account.KeyId;
        Variables["AWS_SECRET_ACCESS_KEY"] = account.Secret;
        Variables["AWS_SESSION_TOKEN"] = account.SessionToken;
    }

    protected void SignAsNobody()
    {
        Variables.Remove("AWS_ACCESS_KEY_ID");
        Variables.Remove("AWS_SECRET_ACCESS_KEY");
    }

    /// <summary>Lets the run fetch one object as it is now.</summary>
    protected void Ask(S3Version version, bool pinned = false)
    {
        Variables["fetch_path"] = version.Key;
        Variables["fetch_size"] = version.Size.ToString(CultureInfo.InvariantCulture);
        Variables["fetch_sha256"] = Sri(version);
        Variables["fetch_version"] = pinned ? version.VersionId : "";
    }

    protected static string Sri(S3Version version) =>
        SriHash.TryFromHex(version.Content?.Sha256 ?? "", out var hash) ? hash.Text : throw new InvalidOperationException($"{version.Key} has no content.");

    protected async Task<ProcessResult> RunAsync()
    {
        if (File.Exists(Out))
            File.Delete(Out);
        var result = await ProcessRunner.RunAsync("bash", [Path.Combine(Checkout.Templates, "fetchers", "s3.sh")], Variables, folder: folder, timeout: Patience, clean: true);
        foreach (var name in (ReadOnlySpan<string>)["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
        {
            if (Variables.TryGetValue(name, out var secret) && secret is { Length: > 0 })
                Assert.DoesNotContain(secret, result.Output + result.Errors, StringComparison.Ordinal);
        }

        return result;
    }

    /// <summary>Fetches what is asked for and compares.</summary>
    protected async Task FetchAsync(S3Version version, bool pinned = false)
    {
        Ask(version, pinned);
        (await RunAsync()).OrThrow($"Fetching {version.Key}");
        Assert.Equal(version.Content?.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(Out))));
    }

    /// <summary>Fetches in vain; returns what is said.</summary>
    protected async Task<string> FailAsync(S3Version version, bool pinned = false)
    {
        Ask(version, pinned);
        var result = await RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains("To fix this", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Signature=", result.Errors, StringComparison.Ordinal);
        return result.Errors;
    }
}
