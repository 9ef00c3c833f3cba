using NixGen.EndToEnd.Acceptance;
using NixGen.Testing;
using NixGen.Testing.Azure;
using Xunit;

namespace NixGen.EndToEnd.Azure;

/// <summary>From manifest to store: nixgen as a process, real Nix with its sandbox, Azurite, and the loopback server for what Azurite lacks.</summary>
public sealed class AzureBuiltTests(Azurite azurite) : IClassFixture<Azurite>, IAsyncLifetime
{
    private readonly NixSandbox nix = NixSandbox.Create();
    private readonly Workbench bench = new();
    private readonly string unique = Guid.NewGuid().ToString("N");
    private LoopbackAzure? started;

    private LoopbackAzure Loopback => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LoopbackAzure.StartAsync();

    public async Task DisposeAsync()
    {
        nix.Dispose();
        bench.Dispose();
        await Loopback.DisposeAsync();
    }

    [Fact]
    public async Task A_private_model_is_locked_emitted_and_built_with_a_key_and_with_a_signature()
    {
        var server = azurite.Server;
        var container = "b" + unique[..12];
        await server.RunAsync("upload.mjs", ("container", container), ("files", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["v1/config.json"] = "{}" + unique,
            ["v1/sp ace/50%2F a+b=c 模型.bin"] = unique,
        }));
        bench.Set("AZURE_STORAGE_CONNECTION_STRING", server.ConnectionString);
        bench.Write("models.yaml", $"version: 1\nmodels:\n  private: az://{server.Account}/{container}/v1\n");
        var outcome = (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        foreach (var text in new[] { bench.Read("models.lock.json"), bench.Read("flake/models/private.nix"), outcome.Output, outcome.Errors })
            Assert.False(text.Contains("sig=", StringComparison.Ordinal) || text.Contains(server.Key, StringComparison.Ordinal));

        var target = new NixTarget.Flake($"path:{bench.PathOf("flake")}#private");
        Assert.False((await nix.TryBuildAsync(target, Variables())).Succeeded);
        var signature = (await server.RunAsync("sign.mjs", ("container", container), ("permissions", "r"))).GetString() ?? "";
        var path = await nix.BuildAsync(target, Variables(("AZURE_STORAGE_ACCOUNT", server.Account), ("AZURE_STORAGE_SAS_TOKEN", signature)));
        Assert.Equal(unique, await File.ReadAllTextAsync(nix.Physical($"{path}/sp ace/50%2F a+b=c 模型.bin")));
        Assert.Equal("{}" + unique, await File.ReadAllTextAsync(nix.Physical($"{path}/config.json")));
    }

    [Fact]
    public async Task The_version_that_was_locked_is_built_after_it_was_written_anew()
    {
        var container = Loopback.Add(new AzureContainer("models") { IsPublic = true });
        var old = container.Put("v1/w", unique);
        bench.Set("AZURE_STORAGE_CONNECTION_STRING", $"AccountName={Loopback.Account};BlobEndpoint={Loopback.Url}");
        bench.Write("models.yaml", $"version: 1\nmodels:\n  m: az://{Loopback.Account}/models/v1\n");
        (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        Assert.Contains(old.Version, bench.Read("models.lock.json"), StringComparison.Ordinal);
        container.Put("v1/w", "new content");
        var path = await nix.BuildAsync(
            new NixTarget.Flake($"path:{bench.PathOf("flake")}#m"),
            Variables());
        Assert.Equal(unique, await File.ReadAllTextAsync(nix.Physical($"{path}/w")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_identity_of_a_machine_locks_and_builds(bool isAppService)
    {
        var container = Loopback.Add(new AzureContainer("models"));
        container.Put("v1/w", unique);
        (string Name, string Value)[] machine = isAppService
            ? [("IDENTITY_ENDPOINT", Loopback.IdentityEndpoint), ("IDENTITY_HEADER", Loopback.IdentityHeader)]
            : [("AZURE_POD_IDENTITY_AUTHORITY_HOST", Loopback.Origin)];
        bench.Set("AZURE_STORAGE_CONNECTION_STRING", $"AccountName={Loopback.Account};BlobEndpoint={Loopback.Url}");
        bench.Write("models.yaml", $"version: 1\nmodels:\n  m: az://{Loopback.Account}/models/v1\n");
        Assert.Contains("NG3382", (await bench.NixgenAsync("lock")).ShouldEndWith(4).Errors, StringComparison.Ordinal);
        foreach (var (name, value) in machine)
            bench.Set(name, value);
        (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);

        var target = new NixTarget.Flake($"path:{bench.PathOf("flake")}#m");
        Assert.False((await nix.TryBuildAsync(target, Variables())).Succeeded);
        var path = await nix.BuildAsync(target, Variables(machine));
        Assert.Equal(unique, await File.ReadAllTextAsync(nix.Physical($"{path}/w")));
        Assert.All(Loopback.Log.Where(call => call.Target.Contains("/models/v1/", StringComparison.Ordinal)).TakeLast(1), call => Assert.StartsWith("Bearer ", call.Authorization, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_login_of_the_Azure_CLI_locks()
    {
        Loopback.Add(new AzureContainer("models")).Put("v1/w", unique);
        // What `az account get-access-token` prints.
        bench.WriteProgram("az", $$"""
            #!/bin/sh
            [ "$*" = "account get-access-token --output json --resource https://storage.azure.com" ] || exit 64
            cat <<'END'
            {
              "accessToken": "{{Loopback.Issue()}}",
              "expiresOn": "2099-01-01 00:00:00.000000",
              "expires_on": 4070908800,
              "subscription": "00000000-0000-0000-0000-000000000002",
              "tenant": "00000000-0000-0000-0000-000000000003",
              "tokenType": "Bearer"
            }
            END
            """);
        bench.Set("AZURE_STORAGE_CONNECTION_STRING", $"AccountName={Loopback.Account};BlobEndpoint={Loopback.Url}");
        bench.Write("models.yaml", $"version: 1\nmodels:\n  m: az://{Loopback.Account}/models/v1\n");
        (await bench.NixgenAsync("lock")).ShouldEndWith(0);
        Assert.Contains(Loopback.Log, call => call.Target.EndsWith("/models/v1/w", StringComparison.Ordinal) && call.Authorization is not null);
    }

    private static Dictionary<string, string> Variables(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(item => item.Name, item => item.Value, StringComparer.Ordinal);
}
