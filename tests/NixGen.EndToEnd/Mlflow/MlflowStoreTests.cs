using NixGen.EndToEnd.Acceptance;
using NixGen.Testing;
using NixGen.Testing.Azure;
using NixGen.Testing.Gcs;
using NixGen.Testing.Mlflow;
using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.Mlflow;

/// <summary>
/// <c>artifacts: store</c>: the tracking server says where a version is, and its files come from there, with the store's own
/// credentials; neither server sees the other's.
/// </summary>
public sealed class MlflowStoreTests : IAsyncLifetime
{
    private const string Token = "mlflow-token-0815";
    private readonly NixSandbox nix = NixSandbox.Create();
    private readonly Workbench bench = new();
    private readonly string mark = Guid.NewGuid().ToString("N");
    private LoopbackMlflow? started;

    private LoopbackMlflow Server => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackMlflow.StartAsync();
        Server.Token = Token;
        Server.ServesArtifacts = false;
        bench.Set("MY_TOKEN", Token);
        bench.Set("AWS_EC2_METADATA_DISABLED", "true");
        bench.Set("NO_GCE_CHECK", "true");
    }

    public async Task DisposeAsync()
    {
        nix.Dispose();
        bench.Dispose();
        await Server.DisposeAsync();
    }

    [Theory]
    [InlineData("s3", "MLFLOW_S3_ENDPOINT_URL")]
    [InlineData("s3a", "AWS_ENDPOINT_URL_S3")]
    public async Task A_version_in_S3_is_locked_and_built_past_the_server(string scheme, string variable)
    {
        await using var store = await LoopbackS3.StartAsync();
        store.Add(S3Account.Example);
        var bucket = store.Add(new S3Bucket("artifacts") { IsVersioned = true });
        bucket.PutWithSha256("7/model/weights +=.bin", S3Fixtures.Text("weights " + mark));
        bucket.Put("7/model/MLmodel", S3Fixtures.Text("flavors: {}" + mark));
        bucket.Put("7/model-2/MLmodel", S3Fixtures.Text("another"));
        // Registered from a bare URI: it belongs to no run, so that the server couldn't hand it out.
        Server.State.Versions[("fraud", "1")] = new MlflowVersion($"{scheme}://artifacts/7/model");
        bench.Set(variable, store.Url);
        var secrets = Sign();
        Write();
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        bench.Write("one.nix", (await bench.NixgenAsync("build", "--locked", "--offline")).ShouldEndWith(0).Output);
        // What has its SHA-256 is not transferred.
        Assert.DoesNotContain(store.Log.Snapshot(), request => request.IsDownload && request.Key.Contains("weights", StringComparison.Ordinal));
        Assert.DoesNotContain(Server.Log, request => request.IsDownload);
        bucket.Put("7/model/MLmodel", S3Fixtures.Text("written anew"));

        var refused = await nix.TryBuildAsync(Output("m"));
        Assert.False(refused.Succeeded);
        await AssertBuiltAsync(await nix.BuildAsync(Output("m"), secrets));
        store.Log.Clear();
        await AssertBuiltAsync(await nix.BuildAsync(new NixTarget.File(bench.PathOf("one.nix"), "m")));
        Assert.Empty(store.Log.Snapshot());
        AssertApart(store.Log.Snapshot().SelectMany(request => request.Headers.Values));

        async Task AssertBuiltAsync(string path)
        {
            Assert.Equal("weights " + mark, await File.ReadAllTextAsync(nix.Physical($"{path}/weights +=.bin")));
            Assert.Equal("flavors: {}" + mark, await File.ReadAllTextAsync(nix.Physical($"{path}/MLmodel")));
        }
    }

    [Fact]
    public async Task A_version_in_Cloud_Storage_is_locked_and_built_past_the_server()
    {
        await using var store = await LoopbackGcs.StartAsync();
        store.Add(new GcsBucket("artifacts") { IsPublic = true }).Put("7/model/MLmodel", "cloud " + mark);
        Server.State.Versions[("fraud", "1")] = new MlflowVersion("gs://artifacts/7/model");
        bench.Set("STORAGE_EMULATOR_HOST", store.Url);
        Write();
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        var path = await nix.BuildAsync(Output("m"));
        Assert.Equal("cloud " + mark, await File.ReadAllTextAsync(nix.Physical($"{path}/MLmodel")));
        Assert.All(store.Log.Snapshot(), request => Assert.Null(request.Bearer));
    }

    [Fact]
    public async Task A_version_in_Azure_is_locked_and_built_past_the_server()
    {
        await using var store = await LoopbackAzure.StartAsync();
        store.Add(new AzureContainer("artifacts") { IsPublic = true }).Put("7/model/MLmodel", "blob " + mark);
        Server.State.Versions[("fraud", "1")] = new MlflowVersion($"wasbs://artifacts@{store.Account}.blob.core.windows.net/7/model");
        bench.Set("AZURE_STORAGE_CONNECTION_STRING", $"AccountName={store.Account};BlobEndpoint={store.Url}");
        Write();
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        var path = await nix.BuildAsync(Output("m"));
        Assert.Equal("blob " + mark, await File.ReadAllTextAsync(nix.Physical($"{path}/MLmodel")));
        Assert.All(store.Log, call => Assert.Null(call.Authorization));
    }

    [Theory]
    [InlineData("dbfs:/model", "NG3485")]
    [InlineData("file:///srv/model", "NG3485")]
    [InlineData("mlflow-artifacts:/7/model", "NG3485")]
    [InlineData("s3:///model", "NG3485")]
    [InlineData("s3://artifacts/model?endpoint=https://evil.example.com", "NG3485")]
    [InlineData("wasbs://artifacts@account.evil.example.com/model", "NG3485")]
    [InlineData("s3://user:s3cr3t@artifacts/model", "NG3485")]
    public async Task What_is_in_no_bucket_is_said(string uri, string code)
    {
        Server.State.Versions[("fraud", "1")] = new MlflowVersion(uri);
        Sign();
        Write();
        var outcome = (await bench.NixgenAsync("lock")).ShouldEndWith(4);
        Assert.Contains($"[{code}]", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vanished_version_and_wrong_credentials_are_told_as_the_store_tells_them()
    {
        await using var store = await LoopbackS3.StartAsync();
        store.Add(S3Account.Example);
        var bucket = store.Add(new S3Bucket("artifacts") { IsVersioned = true });
        var version = bucket.Put("7/model/MLmodel", S3Fixtures.Text("gone " + mark));
        Server.State.Versions[("fraud", "1")] = new MlflowVersion("s3://artifacts/7/model");
        bench.Set("MLFLOW_S3_ENDPOINT_URL", store.Url);
        Write();
        bench.Set("AWS_ACCESS_KEY_ID", "AKIAWRONG");
        bench.Set("AWS_SECRET_ACCESS_KEY", "wrong");
        (await bench.NixgenAsync("lock")).ShouldEndWith(4);
        var secrets = Sign();
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        bucket.DeleteVersion("7/model/MLmodel", version.VersionId ?? "");
        var result = await nix.TryBuildAsync(Output("m"), secrets);
        Assert.False(result.Succeeded);
        Assert.Contains("s3", result.Errors, StringComparison.Ordinal);
        Assert.Contains("HTTP 404", result.Errors, StringComparison.Ordinal);
    }

    private Dictionary<string, string> Sign()
    {
        bench.Set("AWS_ACCESS_KEY_ID", S3Account.Example.KeyId);
        bench.Set("AWS_SECRET_ACCESS_KEY", S3Account.Example.Secret);
        return new(StringComparer.Ordinal) { ["AWS_ACCESS_KEY_ID"] = S3Account.Example.KeyId, ["AWS_SECRET_ACCESS_KEY"] = S3Account.Example.Secret, ["AWS_EC2_METADATA_DISABLED"] = "true" };
    }

    private void Write() => bench.Write(
        "models.yaml",
        $"version: 1\nmodels:\n  m:\n    source: {{ mlflow: {{ trackingUri: \"{Server.Url}\", modelName: fraud, modelVersion: 1, artifacts: store }} }}\n    auth: {{ tokenEnvVar: MY_TOKEN }}\n");

    private NixTarget.Flake Output(string name) => new($"path:{bench.PathOf("out")}#{name}");

    private static void AssertApart(IEnumerable<string> headers) => Assert.DoesNotContain(headers, value => value.Contains(Token, StringComparison.Ordinal));
}
