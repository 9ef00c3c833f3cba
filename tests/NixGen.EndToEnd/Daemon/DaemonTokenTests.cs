using NixGen.Testing;
using Xunit;
using Xunit.Abstractions;

namespace NixGen.EndToEnd.Daemon;

/// <summary>Which tokens reach a build that a daemon runs for somebody else: what the page on authentication tells.</summary>
public sealed class DaemonTokenTests(DaemonModels models, ITestOutputHelper output) : IClassFixture<DaemonModels>
{
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

    // The setting came with Nix 2.20; older ones say that they don't know it, and go on without it.
    [Theory]
    [MemberData(nameof(DaemonModels.Daemons), MemberType = typeof(DaemonModels))]
    public async Task Impure_env_of_a_file_that_only_the_daemon_reads_does_since_Nix_2_20(string nix, string user)
    {
        await using var daemon = await DaemonModels.CreateAsync(nix, user);
        daemon.Configure("extra-experimental-features = configurable-impure-env");
        daemon.ConfigureSecretly($"impure-env = MY_TOKEN={DaemonModels.Token}");
        await daemon.StartAsync();
        if (await daemon.VersionAsync() >= new Version(2, 20))
        {
            await BuildAsync(daemon, "impure-env");
            return;
        }

        output.WriteLine($"LEFT OUT: {nix} is too old for impure-env; that it ignores it is what is tested.");
        var built = await daemon.TryBuildAsync(models.Target("impure-env"));
        Assert.False(built.Succeeded);
        Assert.Contains("gated repository", built.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(DaemonModels.Token, built.Output + built.Errors, StringComparison.Ordinal);
    }

    // The last build of a daemon. A client's own variables don't matter, and the token is neither told nor kept.
    private async Task BuildAsync(NixDaemon daemon, string model)
    {
        var built = await daemon.TryBuildAsync(models.Target(model), new Dictionary<string, string>(StringComparer.Ordinal) { ["MY_TOKEN"] = "hf_another", ["HF_TOKEN"] = "hf_another" });
        Assert.True(built.Succeeded, built.Errors);
        Assert.DoesNotContain(DaemonModels.Token, built.Output + built.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(DaemonModels.Token, await daemon.StopAsync(), StringComparison.Ordinal);
        Assert.False(daemon.Keeps(DaemonModels.Token));
        Assert.False(daemon.Keeps("hf_another"));
    }
}
