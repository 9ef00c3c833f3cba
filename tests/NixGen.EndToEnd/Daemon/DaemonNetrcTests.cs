using Xunit;

namespace NixGen.EndToEnd.Daemon;

/// <summary>A netrc file of the daemon's machine, as far as builds see it.</summary>
public sealed class DaemonNetrcTests(DaemonModels models) : IClassFixture<DaemonModels>
{
    [Theory]
    [MemberData(nameof(DaemonModels.Daemons), MemberType = typeof(DaemonModels))]
    public async Task An_entry_of_a_netrc_file_opens_the_model_where_builds_see_it(string nix, string user)
    {
        await using var blind = await DaemonModels.CreateAsync(nix, user);
        await blind.StartAsync();
        var unseen = await blind.TryBuildAsync(models.Target("netrc-file"));
        Assert.False(unseen.Succeeded);
        Assert.Contains($"{DaemonModels.NetrcFile} can't be read in this build", unseen.Errors, StringComparison.Ordinal);

        await using var daemon = await DaemonModels.CreateAsync(nix, user);
        var host = new Uri(models.Hub.Url).Host;
        daemon.ShowToBuilds(
            await daemon.WriteAsync("netrc", $"machine elsewhere.invalid login x password hf_another\nmachine {host}\n  login x\n  password {DaemonModels.Token}\n"),
            DaemonModels.NetrcFile);
        await daemon.StartAsync();
        var built = await daemon.TryBuildAsync(models.Target("netrc-file"));
        Assert.True(built.Succeeded, built.Errors);
        Assert.DoesNotContain(DaemonModels.Token, built.Output + built.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(DaemonModels.Token, await daemon.StopAsync(), StringComparison.Ordinal);
        Assert.False(daemon.Keeps(DaemonModels.Token));
        Assert.All(
            models.Hub.Log.Snapshot().Where(request => request.Repository == "example/netrc-file" && request.OnCdn),
            request => Assert.False(request.HasAuthorization));
    }
}
