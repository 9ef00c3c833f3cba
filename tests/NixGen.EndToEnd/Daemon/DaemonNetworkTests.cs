using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Daemon;

/// <summary>How a daemon's certificates and proxies reach the builds that it runs.</summary>
public sealed class DaemonNetworkTests(DaemonModels models) : IClassFixture<DaemonModels>
{
    [Theory]
    [MemberData(nameof(DaemonModels.Daemons), MemberType = typeof(DaemonModels))]
    public async Task Certificates_that_the_daemon_names_are_trusted_where_builds_see_them(string nix, string user)
    {
        await using var strict = await DaemonModels.CreateAsync(nix, user);
        strict.Set("NIX_SSL_CERT_FILE", await strict.WriteAsync("authority.pem", models.Authority));
        await strict.StartAsync();
        var refused = await strict.TryBuildAsync(models.Target("secure"));
        Assert.False(refused.Succeeded);
        Assert.Contains("TLS: the server's identity could not be verified", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("authority.pem, which NIX_SSL_CERT_FILE names", refused.Errors, StringComparison.Ordinal);

        await using var daemon = await DaemonModels.CreateAsync(nix, user);
        await TrustAsync(daemon);
        await daemon.StartAsync();
        var built = await daemon.TryBuildAsync(models.Target("secure"), new Dictionary<string, string>(StringComparer.Ordinal) { ["NIX_SSL_CERT_FILE"] = "/of/the/client" });
        Assert.True(built.Succeeded, built.Errors);
    }

    [Theory]
    [MemberData(nameof(DaemonModels.Daemons), MemberType = typeof(DaemonModels))]
    public async Task The_daemons_proxy_is_asked_for_hosts_that_only_it_knows(string nix, string user)
    {
        await using var daemon = await DaemonModels.CreateAsync(nix, user);
        await TrustAsync(daemon);
        daemon.Set("https_proxy", models.Proxy.Url);
        await daemon.StartAsync();
        models.Proxy.Forget();
        var built = await daemon.TryBuildAsync(models.Target("proxied"), new Dictionary<string, string>(StringComparer.Ordinal) { ["https_proxy"] = "http://127.0.0.1:1" });
        Assert.True(built.Succeeded, built.Errors);
        Assert.Contains("hub.invalid:443", models.Proxy.Asked);
    }

    private async Task TrustAsync(NixDaemon daemon)
    {
        var bundle = await daemon.WriteAsync("authority.pem", models.Authority);
        daemon.Set("NIX_SSL_CERT_FILE", bundle);
        daemon.ShowToBuilds(bundle);
    }
}
