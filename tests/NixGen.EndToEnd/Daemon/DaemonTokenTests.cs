using NixGen.Testing;
using Xunit;
using Xunit.Abstractions;

namespace NixGen.EndToEnd.Daemon;

/// <summary>Which tokens reach a build that a daemon runs for somebody else: what the page on authentication tells.</summary>
public sealed class DaemonTokenTests(DaemonModels models, ITestOutputHelper output) : IClassFixture<DaemonModels>
{
    private const string ImpureEnvironment = "extra-experimental-features = configurable-impure-env";

    private static readonly Dictionary<string, string> ClientsImpureEnvironment =
        new(StringComparer.Ordinal) { ["NIX_CONFIG"] = $"impure-env = MY_TOKEN={DaemonModels.Token}" };

    private static readonly Dictionary<string, string> ClientsTokens =
        new(StringComparer.Ordinal) { ["MY_TOKEN"] = DaemonModels.Token, ["HF_TOKEN"] = DaemonModels.Token };

    [Theory]
    [MemberData(nameof(DaemonModels.Daemons), MemberType = typeof(DaemonModels))]
    public async Task A_variable_of_the_client_reaches_no_build(string nix, string user)
    {
        await using var daemon = await DaemonModels.CreateAsync(nix, user);
        await daemon.StartAsync();
        foreach (var model in new[] { "own-variable", "usual-variable" })
        {
            var built = await daemon.TryBuildAsync(models.Target(model), ClientsTokens);
            Assert.False(built.Succeeded);
            Assert.Contains("gated repository", built.Errors, StringComparison.Ordinal);
            Assert.Contains("With a Nix daemon: builds see its environment and not yours", built.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain(DaemonModels.Token, built.Output + built.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(DaemonModels.Daemons), MemberType = typeof(DaemonModels))]
    public async Task A_variable_of_the_daemon_does(string nix, string user)
    {
        await using var daemon = await DaemonModels.CreateAsync(nix, user);
        daemon.Set("MY_TOKEN", DaemonModels.Token);
        await daemon.StartAsync();
        Assert.False((await daemon.TryBuildAsync(models.Target("usual-variable"))).Succeeded);
        await BuildAsync(daemon, "own-variable");
    }

    [Theory]
    [MemberData(nameof(DaemonModels.Daemons), MemberType = typeof(DaemonModels))]
    public async Task So_does_HF_TOKEN_without_being_named(string nix, string user)
    {
        await using var daemon = await DaemonModels.CreateAsync(nix, user);
        daemon.Set("HF_TOKEN", DaemonModels.Token);
        await daemon.StartAsync();
        await BuildAsync(daemon, "usual-variable");
    }

    [Theory]
    [MemberData(nameof(DaemonModels.Daemons), MemberType = typeof(DaemonModels))]
    public async Task A_token_file_does_where_builds_see_it(string nix, string user)
    {
        await using var blind = await DaemonModels.CreateAsync(nix, user);
        await blind.StartAsync();
        var unseen = await blind.TryBuildAsync(models.Target("token-file"));
        Assert.False(unseen.Succeeded);
        Assert.Contains($"{DaemonModels.TokenFile} can't be read in this build", unseen.Errors, StringComparison.Ordinal);
        Assert.Contains("extra-sandbox-paths", unseen.Errors, StringComparison.Ordinal);

        await using var daemon = await DaemonModels.CreateAsync(nix, user);
        daemon.ShowToBuilds(await daemon.WriteAsync("token", DaemonModels.Token + "\n"), DaemonModels.TokenFile);
        await daemon.StartAsync();
        await BuildAsync(daemon, "token-file");
    }

    [Theory]
    [MemberData(nameof(DaemonModels.Daemons), MemberType = typeof(DaemonModels))]
    public async Task Impure_env_of_a_file_that_only_the_daemon_reads_does_since_Nix_2_20(string nix, string user)
    {
        await using var daemon = await DaemonModels.CreateAsync(nix, user);
        daemon.Configure(ImpureEnvironment);
        daemon.ConfigureSecretly($"impure-env = MY_TOKEN={DaemonModels.Token}");
        await daemon.StartAsync();
        await BuildSinceNix220Async(daemon, []);
    }

    [Theory]
    [MemberData(nameof(DaemonModels.Daemons), MemberType = typeof(DaemonModels))]
    public async Task Impure_env_of_a_trusted_client_does_since_Nix_2_20(string nix, string user)
    {
        await using var daemon = await DaemonModels.CreateAsync(nix, user);
        daemon.Configure(ImpureEnvironment);
        daemon.Configure("trusted-users = *");
        await daemon.StartAsync();
        await BuildSinceNix220Async(daemon, ClientsImpureEnvironment);
    }

    [Theory]
    [MemberData(nameof(DaemonModels.Daemons), MemberType = typeof(DaemonModels))]
    public async Task Impure_env_of_another_client_reaches_no_build(string nix, string user)
    {
        await using var daemon = await DaemonModels.CreateAsync(nix, user);
        daemon.Configure(ImpureEnvironment);
        daemon.Configure("trusted-users =");
        await daemon.StartAsync();
        await RefuseAsync(daemon, ClientsImpureEnvironment);
    }

    private async Task BuildSinceNix220Async(NixDaemon daemon, Dictionary<string, string> variables)
    {
        if (await daemon.VersionAsync() is var version && version >= new Version(2, 20))
        {
            await BuildAsync(daemon, "impure-env", variables);
            return;
        }

        // Older ones say that they don't know the setting, and go on without it.
        output.WriteLine($"LEFT OUT: Nix {version} is too old for impure-env; that it goes on without is what was tested.");
        await RefuseAsync(daemon, variables);
    }

    private async Task RefuseAsync(NixDaemon daemon, Dictionary<string, string> variables)
    {
        var built = await daemon.TryBuildAsync(models.Target("impure-env"), variables);
        Assert.False(built.Succeeded);
        Assert.Contains("gated repository", built.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(DaemonModels.Token, built.Output + built.Errors, StringComparison.Ordinal);
    }

    // The last build of a daemon. A client's own variables don't matter, and the token is neither told nor kept.
    private async Task BuildAsync(NixDaemon daemon, string model, Dictionary<string, string>? variables = null)
    {
        variables = new Dictionary<string, string>(variables ?? [], StringComparer.Ordinal) { ["MY_TOKEN"] = "hf_another", ["HF_TOKEN"] = "hf_another" };
        var built = await daemon.TryBuildAsync(models.Target(model), variables);
        Assert.True(built.Succeeded, built.Errors);
        Assert.DoesNotContain(DaemonModels.Token, built.Output + built.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(DaemonModels.Token, await daemon.StopAsync(), StringComparison.Ordinal);
        Assert.False(daemon.Keeps(DaemonModels.Token));
        Assert.False(daemon.Keeps("hf_another"));
    }
}
