using System.Globalization;
using System.Security.Cryptography;
using NixGen.Emit;
using NixGen.Nix.Hashing;
using NixGen.Testing;
using NixGen.Testing.Azure;
using Xunit;

namespace NixGen.EndToEnd.Azure;

/// <summary>The fetcher for Azure Storage, run by bash as a build would run it: keys and signatures against Azurite, versions and tokens against the loopback server.</summary>
public sealed class AzureFetchTests(Azurite azurite) : IClassFixture<Azurite>, IAsyncLifetime
{
    private const string Awkward = "dir/50%2F a+b=c&d #1 模型.bin";
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string?> variables = new(StringComparer.Ordinal);
    private readonly string container = "f" + Guid.NewGuid().ToString("N")[..12];
    private LoopbackAzure? started;

    private AzuriteServer Server => azurite.Server;

    private LoopbackAzure Loopback => started ?? throw new InvalidOperationException("Not started.");

    private string Out => folder.At("out");

    public async Task InitializeAsync()
    {
        started = await LoopbackAzure.StartAsync();
        await File.WriteAllTextAsync(folder.At("common.sh"), FetchScripts.Read(FetchScripts.Common));
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH"),
            ["HOME"] = "/homeless-shelter",
            ["TMPDIR"] = folder.Path,
            ["out"] = Out,
            ["fetch_common"] = folder.At("common.sh"),
            ["fetch_own_server"] = "1",
            ["fetch_read_timeout"] = "3",
            ["fetch_base_delay"] = "0",
        })
        {
            variables[name] = value;
        }
    }

    public async Task DisposeAsync()
    {
        await Loopback.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_key_opens_a_private_container()
    {
        await UploadAsync("v 1/" + Awkward, "secret content");
        variables["AZURE_STORAGE_ACCOUNT"] = Server.Account;
        variables["AZURE_STORAGE_KEY"] = Server.Key;
        await FetchAsync(Server.Url, $"{Server.Account}/{container}/v 1", Awkward, "secret content");
        variables["AZURE_STORAGE_KEY"] = "";
        variables["AZURE_STORAGE_CONNECTION_STRING"] = Server.ConnectionString;
        await FetchAsync(Server.Url, $"{Server.Account}/{container}/v 1", Awkward, "secret content");
    }

    [Fact]
    public async Task A_signature_opens_a_private_container_and_is_said_nowhere()
    {
        await UploadAsync("v1/w", "secret content");
        var signature = (await Server.RunAsync("sign.mjs", ("container", container), ("permissions", "r"))).GetString() ?? "";
        variables["AZURE_STORAGE_ACCOUNT"] = Server.Account;
        variables["AZURE_STORAGE_SAS_TOKEN"] = "?" + signature;
        await FetchAsync(Server.Url, $"{Server.Account}/{container}/v1", "w", "secret content");
        variables["AZURE_STORAGE_SAS_TOKEN"] = signature.Replace("sig=", "sig=A", StringComparison.Ordinal);
        var errors = await FailAsync(Server.Url, $"{Server.Account}/{container}/v1", "w", "secret content");
        Assert.Contains("HTTP 403: the credentials", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_blob_comes_in_parts_with_a_signature_each()
    {
        var text = new string('x', 100_000);
        await UploadAsync("v1/w", text);
        variables["AZURE_STORAGE_ACCOUNT"] = Server.Account;
        variables["AZURE_STORAGE_KEY"] = Server.Key;
        variables["fetch_parallel_from"] = "20000";
        variables["fetch_least_slice"] = "4096";
        variables["fetch_fast"] = "0";
        await FetchAsync(Server.Url, $"{Server.Account}/{container}/v1", "w", text);
    }

    [Fact]
    public async Task Credentials_of_another_account_are_not_used()
    {
        await UploadAsync("v1/w", "secret content");
        variables["AZURE_STORAGE_ACCOUNT"] = "another";
        variables["AZURE_STORAGE_KEY"] = Server.Key;
        var errors = await FailAsync(Server.Url, $"{Server.Account}/{container}/v1", "w", "secret content");
        Assert.Contains("✗ Error: HTTP 40", errors, StringComparison.Ordinal);
        Assert.Contains("AZURE_STORAGE_SAS_TOKEN", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_version_is_fetched_by_its_name()
    {
        var stored = Loopback.Add(new AzureContainer("models") { IsPublic = true }).Put("v1/w", "old");
        var newer = Loopback.Add(new AzureContainer("other") { IsPublic = true });
        newer.Put("v1/w", "new");
        variables["fetch_version"] = stored.Version;
        await FetchAsync(Loopback.Url, $"{Loopback.Account}/models/v1", "w", "old");
        Assert.Contains($"versionid={Uri.EscapeDataString(stored.Version)}", Loopback.Log[^1].Target, StringComparison.Ordinal);
        variables["fetch_version"] = "2020-01-01T00:00:00.0000000Z";
        Assert.Contains("HTTP 404: this version of the blob does not exist any more", await FailAsync(Loopback.Url, $"{Loopback.Account}/models/v1", "w", "old"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("federated")]
    [InlineData("machine")]
    public async Task An_identity_of_Entra_opens_a_private_container(string kind)
    {
        Loopback.Add(new AzureContainer("private")).Put("v1/w", "w");
        variables["AZURE_TENANT_ID"] = "tenant";
        variables["AZURE_CLIENT_ID"] = kind == "machine" ? "" : "app";
        variables["AZURE_AUTHORITY_HOST"] = Loopback.Origin;
        variables["AZURE_CLIENT_SECRET"] = kind == "secret" ? Loopback.ClientSecret : "";
        await File.WriteAllTextAsync(folder.At("federated"), "federated-token");
        variables["AZURE_FEDERATED_TOKEN_FILE"] = kind == "federated" ? folder.At("federated") : "";
        variables["IDENTITY_ENDPOINT"] = kind == "machine" ? Loopback.IdentityEndpoint : "";
        variables["IDENTITY_HEADER"] = kind == "machine" ? Loopback.IdentityHeader : "";
        var result = await FetchAsync(Loopback.Url, $"{Loopback.Account}/private/v1", "w", "w");
        Assert.DoesNotContain("eyJ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Loopback.ClientSecret, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_only_the_manifest_names_gets_nothing_of_the_machines()
    {
        Loopback.Add(new AzureContainer("private")).Put("v1/w", "w");
        variables["fetch_own_server"] = "";
        variables["AZURE_TENANT_ID"] = "tenant";
        variables["AZURE_CLIENT_ID"] = "app";
        variables["AZURE_AUTHORITY_HOST"] = Loopback.Origin;
        variables["AZURE_CLIENT_SECRET"] = Loopback.ClientSecret;
        variables["AZURE_STORAGE_ACCOUNT"] = Loopback.Account;
        variables["AZURE_STORAGE_KEY"] = Server.Key;
        var errors = await FailAsync(Loopback.Url, $"{Loopback.Account}/private/v1", "w", "w");
        Assert.Contains("this container is not public, or does not exist", errors, StringComparison.Ordinal);
        Assert.All(Loopback.Log, call => Assert.True(call.Authorization is null && !call.Target.Contains("sig=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Content_that_changed_is_refused()
    {
        var models = Loopback.Add(new AzureContainer("models") { IsPublic = true });
        models.Put("v1/w", "fake"u8.ToArray());
        Assert.Contains("The content does not match its hash", await FailAsync(Loopback.Url, $"{Loopback.Account}/models/v1", "w", "true"), StringComparison.Ordinal);
    }

    private Task UploadAsync(string name, string text) => Server.RunAsync(
        "upload.mjs", ("container", container), ("files", new Dictionary<string, string>(StringComparer.Ordinal) { [name] = text }));

    private async Task<ProcessResult> FetchAsync(string endpoint, string repository, string path, string text)
    {
        var result = (await RunAsync(endpoint, repository, path, text)).OrThrow("fetch");
        Assert.Equal(text, await File.ReadAllTextAsync(Out));
        File.Delete(Out);
        return result;
    }

    private async Task<string> FailAsync(string endpoint, string repository, string path, string text)
    {
        var result = await RunAsync(endpoint, repository, path, text);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("✗ Error: ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(".sh: line", result.Errors, StringComparison.Ordinal);
        return result.Errors;
    }

    private Task<ProcessResult> RunAsync(string endpoint, string repository, string path, string text)
    {
        var content = System.Text.Encoding.UTF8.GetBytes(text);
        variables["fetch_endpoint"] = endpoint;
        variables["fetch_repo"] = repository;
        variables["fetch_path"] = path;
        variables["fetch_size"] = content.Length.ToString(CultureInfo.InvariantCulture);
        variables["fetch_sha256"] = SriHash.FromBytes(SHA256.HashData(content)).Text;
        return ProcessRunner.RunAsync(
            "bash", [Path.Combine(Checkout.Templates, "fetchers", "azure.sh")], variables, folder: folder.Path, timeout: TimeSpan.FromMinutes(1), clean: true);
    }
}
