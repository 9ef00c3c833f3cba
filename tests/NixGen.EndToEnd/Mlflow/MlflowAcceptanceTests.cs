using NixGen.EndToEnd.Acceptance;
using NixGen.Testing;
using NixGen.Testing.Mlflow;
using Xunit;

namespace NixGen.EndToEnd.Mlflow;

/// <summary>From manifest to store: nixgen locks and builds, real Nix fetches from an MLflow server.</summary>
public sealed class MlflowAcceptanceTests : IAsyncLifetime
{
    private readonly (string Path, byte[] Content)[] files = MlflowFixtures.Model(Guid.NewGuid().ToString("N"));
    private LoopbackMlflow? started;

    private LoopbackMlflow Server => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LoopbackMlflow.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Theory]
    [InlineData("mlflow-artifacts:/7/x/artifacts")]
    [InlineData("s3://bucket/x/artifacts")]
    public async Task A_manifest_becomes_folders_with_the_right_bytes(string root)
    {
        (string Path, byte[] Content)[] all = [.. files, .. MlflowFixtures.AwkwardNames.Select(name => (name, MlflowFixtures.Weights(files[1].Path + name + root, 50)))];
        Server.State.AddRegistered(root, all);
        Server.State.Aliases[("fraud", "champion")] = "1";
        using var bench = new Workbench();
        using var nix = NixSandbox.Create();
        bench.Write("models.yaml", $$"""
            version: 1
            defaults: { validation: none }
            sources:
              registry: { mlflow: { trackingUri: "{{Server.Url}}" } }
            models:
              fraud: { source: { from: registry, modelName: fraud, modelAlias: champion } }
              run: { source: { mlflow: { trackingUri: "{{Server.Url}}", run: {{MlflowFixtures.Run}}, artifactPath: model, files: [MLmodel] } } }

            """);
        (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        bench.Write("models.nix", (await bench.NixgenAsync("build")).ShouldEndWith(0).Output);
        (await bench.NixgenAsync("check", "--out", "flake")).ShouldEndWith(0);

        var built = await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("flake")}#fraud"));
        foreach (var (path, content) in all)
            Assert.Equal(content, await File.ReadAllBytesAsync(nix.Physical($"{built}/{path}")));
        Server.Forget();
        var other = await nix.BuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "run"));
        Assert.Equal(files[0].Content, await File.ReadAllBytesAsync(nix.Physical(other + "/MLmodel")));
        // The same bytes are one path, and were fetched once.
        Assert.Empty(Server.Log);
    }

    [Fact]
    public async Task Artifacts_that_were_overwritten_fail_the_build_and_are_locked_by_update()
    {
        Server.State.AddRegistered("mlflow-artifacts:/7/x/artifacts", files);
        using var bench = new Workbench();
        using var nix = NixSandbox.Create();
        bench.Set("MLFLOW_TRACKING_URI", Server.Url);
        bench.Write("models.yaml", "version: 1\ndefaults: { validation: none }\nmodels:\n  fraud: mlflow:models:/fraud/1\n");
        (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        Server.State.With("mlflow-artifacts:/7/x/artifacts/model", ("MLmodel", [.. files[0].Content.Reverse()]));
        var target = new NixTarget.Flake($"path:{bench.PathOf("flake")}#fraud");
        var refused = await nix.TryBuildAsync(target);
        Assert.False(refused.Succeeded);
        Assert.Contains("does not match its hash", refused.Errors, StringComparison.Ordinal);

        (await bench.NixgenAsync("update")).ShouldEndWith(0);
        (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        var built = await nix.BuildAsync(target);
        Assert.Equal(files[0].Content.Reverse(), await File.ReadAllBytesAsync(nix.Physical(built + "/MLmodel")));
    }

    [Fact]
    public async Task Prefetch_puts_a_model_where_the_build_asks_for_it()
    {
        Server.State.AddRegistered("mlflow-artifacts:/7/x/artifacts", files);
        Server.Account = ("anna", "pass:word");
        using var bench = new Workbench();
        using var nix = NixSandbox.Create();
        bench.Set("MLFLOW_TRACKING_URI", Server.Url);
        bench.Set("MLFLOW_TRACKING_USERNAME", "anna");
        bench.Set("MLFLOW_TRACKING_PASSWORD", "pass:word");
        bench.Set("NIX_REMOTE", $"local?root={nix.Root}");
        bench.Set("NIX_CONFIG", "substitute = false\nbuild-users-group =\n");
        (await bench.NixgenAsync("prefetch", "mlflow:fraud@1", "--store")).ShouldEndWith(0);
        bench.Write("models.yaml", "version: 1\ndefaults: { validation: none }\nmodels:\n  fraud: mlflow:fraud@1\n");
        (await bench.NixgenAsync("build", "--out", "flake")).ShouldEndWith(0);
        Server.Forget();
        await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("flake")}#fraud"));
        Assert.Empty(Server.Log);
    }
}
