using System.Security.Cryptography;
using NixGen.Lock;
using NixGen.Testing.Mlflow;
using Xunit;

namespace NixGen.EndToEnd.Mlflow;

/// <summary>What a lock holds after it was made against an MLflow server.</summary>
public sealed class MlflowLockingTests : IAsyncLifetime
{
    private const string Proxied = "mlflow-artifacts:/7/" + MlflowFixtures.Run + "/artifacts";
    private MlflowLocking? started;

    private MlflowLocking Run => started ?? throw new InvalidOperationException("Not started.");

    private LoopbackMlflow Server => Run.Server;

    public async Task InitializeAsync() => started = await MlflowLocking.StartAsync();

    public async Task DisposeAsync() => await Run.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_version_behind_the_proxy_is_locked_with_what_was_streamed(bool writesNumbersAsText)
    {
        Server.WritesNumbersAsText = writesNumbersAsText;
        var files = MlflowFixtures.Model("proxied");
        Run.State.AddRegistered(Proxied, files);
        var locked = await Run.SucceedAsync("{ source: { mlflow: { modelName: fraud, modelVersion: 1 } } }");

        Assert.Equal("models:/fraud", locked.Resolved.Id);
        Assert.Equal("1", locked.Resolved.Version);
        Assert.Equal(Server.Url, locked.Resolved.Endpoint);
        Assert.Equal($"{Server.Url}/api/2.0/mlflow-artifacts/artifacts/7/{MlflowFixtures.Run}/artifacts/model", locked.Resolved.Storage);
        Assert.Equal(ContentRevision.Of(locked.Files), locked.Resolved.Revision);
        AssertFiles(files, locked);
        Assert.All(locked.Files, file => Assert.Null(file.Url));
        // Each content once, and the lock is what a second run keeps without a question.
        Assert.Equal(files.Length, Server.Log.Count(request => request.IsDownload));
    }

    [Theory]
    [InlineData("s3://bucket/7/" + MlflowFixtures.Run + "/artifacts", "s3://bucket/7/" + MlflowFixtures.Run + "/artifacts/model")]
    [InlineData("gs://bucket/artifacts/", "gs://bucket/artifacts/model")]
    [InlineData("wasbs://container@account.blob.core.windows.net/a", "wasbs://container@account.blob.core.windows.net/a/model")]
    [InlineData("file:///srv/mlruns/7/artifacts", "file:///srv/mlruns/7/artifacts/model")]
    [InlineData("/srv/mlruns/7/artifacts", "/srv/mlruns/7/artifacts/model")]
    [InlineData("ftp://user:geheim@files.example.com/a", "ftp://files.example.com/a/model")]
    public async Task What_lies_in_another_store_comes_through_the_server(string root, string storage)
    {
        var files = MlflowFixtures.Model("stores");
        Run.State.AddRegistered(root.TrimEnd('/'), files);
        Run.State.Runs[MlflowFixtures.Run] = root;
        var locked = await Run.SucceedAsync("mlflow:fraud@1");

        Assert.Equal(storage, locked.Resolved.Storage);
        AssertFiles(files, locked);
        Assert.All(locked.Files, file => Assert.StartsWith($"{Server.Url}/get-artifact?run_id={MlflowFixtures.Run}&path=model%2F", file.Url, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mlflow-artifacts:/7/models/" + MlflowFixtures.LoggedModel + "/artifacts", "mlflow:models:/fraud/1")]
    [InlineData("mlflow-artifacts:/7/models/" + MlflowFixtures.LoggedModel + "/artifacts", "mlflow:models:/" + MlflowFixtures.LoggedModel)]
    [InlineData("s3://bucket/7/models/" + MlflowFixtures.LoggedModel + "/artifacts", "mlflow:models:/fraud/1")]
    [InlineData("s3://bucket/7/models/" + MlflowFixtures.LoggedModel + "/artifacts", "mlflow:models:/" + MlflowFixtures.LoggedModel)]
    public async Task Logged_models_are_found_by_version_and_by_id(string artifactUri, string spec)
    {
        var files = MlflowFixtures.Model("logged");
        Run.State.AddLogged(artifactUri, files);
        var locked = await Run.SucceedAsync(spec);
        AssertFiles(files, locked);
        Assert.Equal(spec.EndsWith("/1", StringComparison.Ordinal) ? "1" : null, locked.Resolved.Version);
    }

    [Theory]
    [InlineData(Proxied, "mlflow:runs:/" + MlflowFixtures.Run + "/model/data", "model.safetensors")]
    [InlineData(Proxied, "mlflow:runs:/" + MlflowFixtures.Run + "/model/data/model.safetensors", "model.safetensors")]
    [InlineData("s3://bucket/x", "mlflow:runs:/" + MlflowFixtures.Run + "/model/data/model.safetensors", "model.safetensors")]
    [InlineData("s3://bucket/x", "{ source: { mlflow: { run: " + MlflowFixtures.Run + ", artifactPath: model/ } } }", "data/model.safetensors")]
    [InlineData(Proxied, "{ source: { mlflow: { run: " + MlflowFixtures.Run + " } } }", "model/data/model.safetensors")]
    public async Task Runs_give_a_folder_a_file_or_all_they_have(string root, string model, string path)
    {
        var files = MlflowFixtures.Model("runs");
        Run.State.AddRegistered(root, files);
        var locked = await Run.SucceedAsync(model);
        Assert.Equal(Hex(files[2].Content), Assert.Single(locked.Files, file => file.Path == path).Sha256.Hex);
    }

    [Fact]
    public async Task Moving_names_are_pinned_to_a_version_and_moved_by_update()
    {
        var (old, young) = (MlflowFixtures.Model("old"), MlflowFixtures.Model("young"));
        Run.State.AddRegistered(Proxied, old);
        Run.State.Versions[("fraud", "1")] = Run.State.Versions[("fraud", "1")] with { Stage = "Production" };
        Run.State.Versions[("fraud", "10")] = new(Proxied + "/ten") { RunId = MlflowFixtures.Run };
        Run.State.With(Proxied + "/ten", young);
        Run.State.Aliases[("fraud", "champion")] = "1";
        string[] models =
        [
            "stage: { source: { mlflow: { modelName: fraud, stage: production } } }", "alias: mlflow:models:/fraud@champion",
            "latest: mlflow:fraud@latest", "other: mlflow:models:/fraud/Production",
        ];
        var first = await Run.LockAsync(models);
        Assert.True(first.Succeeded);
        Assert.Equal(["1", "10", "1", "1"], first.Lock.Models.Values.Select(model => model.Resolved.Version));

        Run.State.Aliases[("fraud", "champion")] = "10";
        Run.State.Versions[("fraud", "10")] = Run.State.Versions[("fraud", "10")] with { Stage = "Production" };
        Run.Existing = new(first.Lock, [], true);
        Server.Forget();
        Assert.Equal(first.Lock, (await Run.LockAsync(models)).Lock);
        Assert.Empty(Server.Log);

        Run.Options = new() { Update = true };
        var second = await Run.LockAsync(models);
        Assert.Equal(["10", "10", "10", "10"], second.Lock.Models.Values.Select(model => model.Resolved.Version));
        AssertFiles(young, second.Lock.Models["alias"]);
    }

    [Theory]
    [InlineData(Proxied)]
    [InlineData("s3://bucket/x")]
    public async Task Awkward_names_are_asked_for_as_they_are(string root)
    {
        var files = MlflowFixtures.AwkwardNames.Select(name => (name, MlflowFixtures.Weights(name, 100))).ToArray();
        Run.State.AddRegistered(root, files);
        AssertFiles(files, await Run.SucceedAsync("mlflow:fraud@1"));
    }

    [Theory]
    [InlineData(Proxied)]
    [InlineData("s3://bucket/x")]
    public async Task Names_that_the_server_can_not_hand_out_are_told(string root)
    {
        Run.State.AddRegistered(root, ("100%2Fsure.bin", [1, 2, 3]));
        var error = await Run.FailAsync("NG3483", "mlflow:fraud@1");
        Assert.Contains("100%2Fsure.bin", error.Message, StringComparison.Ordinal);
        Assert.Contains("'%'", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_models_are_escaped_in_questions()
    {
        Run.State.AddRegistered(Proxied, MlflowFixtures.Model("escaped"));
        Run.State.Versions[("Größe & Co=1+1?", "1")] = Run.State.Versions[("fraud", "1")];
        Run.State.Aliases[("Größe & Co=1+1?", "präzise")] = "1";
        Assert.Equal("1", (await Run.SucceedAsync("\"mlflow:Größe & Co=1+1?@präzise\"")).Resolved.Version);
    }

    [Fact]
    public async Task Ten_thousand_artifacts_are_listed_page_by_page()
    {
        Server.PageSize = 1000;
        Server.WritesNumbersAsText = true;
        var files = Enumerable.Range(0, 10_000).Select(i => ($"part-{i:d5}.bin", new[] { (byte)i, (byte)(i >> 8) })).ToArray();
        Run.State.AddRegistered("s3://bucket/x", files);
        var locked = await Run.SucceedAsync("{ source: { mlflow: { modelName: fraud, modelVersion: '1', files: ['part-*7.bin'] } } }");
        Assert.Equal(1000, locked.Files.Length);
        Assert.Equal(10, Server.Log.Count(request => request.Path.EndsWith("/artifacts/list", StringComparison.Ordinal)));
        Assert.Equal(1000, Server.Log.Count(request => request.IsDownload));
    }

    [Fact]
    public async Task A_proxy_of_its_own_gets_no_credentials()
    {
        var files = MlflowFixtures.Model("apart");
        var other = Server.OtherUrl["http://".Length..];
        Run.State.AddRegistered($"mlflow-artifacts://{other}/7/x", files);
        Run.Set("MLFLOW_TRACKING_TOKEN", "geheim");
        var locked = await Run.SucceedAsync("mlflow:fraud@1");
        AssertFiles(files, locked);
        Assert.Equal($"{Server.OtherUrl}/api/2.0/mlflow-artifacts/artifacts/7/x/model", locked.Resolved.Storage);
        Assert.All(Server.Log, request => Assert.Equal(request.Host == other ? null : "Bearer geheim", request.Authorization));
        Assert.Contains(Server.Log, request => request.Host == other);
    }

    [Fact]
    public async Task A_transfer_that_was_cut_off_is_made_again()
    {
        var files = MlflowFixtures.Model("cut");
        Run.State.AddRegistered(Proxied, files);
        Server.CutsAfter = 100_000;
        Server.Gate = request =>
        {
            if (request.IsDownload && Server.Log.Count(earlier => earlier.Target == request.Target) > 1)
                Server.CutsAfter = 0;
            return null;
        };
        AssertFiles(files, await Run.SucceedAsync("mlflow:fraud@1"));
    }

    internal static void AssertFiles((string Path, byte[] Content)[] files, LockedModel locked)
    {
        Assert.Equal(files.Select(file => file.Path).Order(StringComparer.Ordinal), locked.Files.Select(file => file.Path));
        Assert.All(files, file =>
        {
            var found = locked.Files.Single(candidate => candidate.Path == file.Path);
            Assert.Equal(Hex(file.Content), found.Sha256.Hex);
            Assert.Equal(found.Sha256.Hex, found.Blob);
            Assert.Equal(file.Content.Length, found.Size);
        });
    }

    private static string Hex(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
