using NixGen.Diagnostics;
using NixGen.Testing.Mlflow;
using Xunit;

namespace NixGen.EndToEnd.Mlflow;

/// <summary>What keeps a model of an MLflow server from being locked, and what is said of it.</summary>
public sealed class MlflowRefusalTests : IAsyncLifetime
{
    private const string Root = "mlflow-artifacts:/7/x/artifacts";
    private MlflowLocking? started;

    private MlflowLocking Run => started ?? throw new InvalidOperationException("Not started.");

    private LoopbackMlflow Server => Run.Server;

    public async Task InitializeAsync()
    {
        started = await MlflowLocking.StartAsync();
        Run.State.AddRegistered(Root, MlflowFixtures.Model("refused"));
    }

    public async Task DisposeAsync() => await Run.DisposeAsync();

    [Theory]
    [InlineData("mlflow:fraud@2", "Model Version (name=fraud, version=2) not found")]
    [InlineData("mlflow:freud@1", "not found")]
    [InlineData("mlflow:fraud@winner", "alias winner not found")]
    [InlineData("mlflow:models:/freud/latest", "Registered Model with name=freud not found")]
    [InlineData("mlflow:runs:/abc/model", "Run with id=abc not found")]
    [InlineData("mlflow:models:/m-ffffffffffffffffffffffffffffffff", "Logged model with ID")]
    public async Task What_is_not_there_is_told_in_the_servers_words(string spec, string words)
    {
        var error = await Run.FailAsync("NG3476", spec);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(Server.Url, error.Message, StringComparison.Ordinal);
        Assert.Contains("'m'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_without_versions_is_told() =>
        Assert.Contains("'Staging'", (await Run.FailAsync("NG3477", "mlflow:models:/fraud/staging")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("PENDING_REGISTRATION")]
    [InlineData("FAILED_REGISTRATION")]
    public async Task A_version_that_is_not_ready_is_not_locked(string status)
    {
        Run.State.Versions[("fraud", "1")] = Run.State.Versions[("fraud", "1")] with { Status = status };
        Assert.Equal(status, (await Run.FailAsync("NG3478", "mlflow:fraud@1")).Actual);
        Assert.DoesNotContain(Server.Log, request => request.IsDownload);
    }

    [Fact]
    public async Task A_store_that_belongs_to_no_run_is_told_with_what_to_do()
    {
        Run.State.Versions[("fraud", "1")] = new("s3://elsewhere/model?X-Amz-Signature=geheim");
        var error = await Run.FailAsync("NG3479", "mlflow:fraud@1");
        Assert.Contains("s3://elsewhere/model", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", error.Message + error.Help, StringComparison.Ordinal);
        Assert.Contains("'artifacts: store'", error.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mlflow:runs:/" + MlflowFixtures.Run + "/modell")]
    [InlineData("mlflow:runs:/" + MlflowFixtures.Run + "/model/MLmodel2")]
    public async Task A_folder_that_is_not_there_is_told(string spec) => await Run.FailAsync("NG3480", spec);

    [Fact]
    public async Task Nobody_has_to_name_a_server_but_somebody()
    {
        Run.Unset("MLFLOW_TRACKING_URI");
        Assert.Contains("trackingUri", (await Run.FailAsync("NG3471", "mlflow:fraud@1")).Help, StringComparison.Ordinal);
        Run.Set("MLFLOW_TRACKING_URI", "databricks");
        Assert.Contains("Databricks", (await Run.FailAsync("NG3471", "mlflow:fraud@1")).Message, StringComparison.Ordinal);
        Run.Set("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db");
        Assert.Contains("mlflow server", (await Run.FailAsync("NG3471", "mlflow:fraud@1")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "PERMISSION_DENIED", "NG3475")]
    [InlineData(404, "ENDPOINT_NOT_FOUND", "NG3481")]
    [InlineData(429, "REQUEST_LIMIT_EXCEEDED", "NG3482")]
    [InlineData(500, "INTERNAL_ERROR", "NG3483")]
    [InlineData(503, "TEMPORARILY_UNAVAILABLE", "NG3483")]
    public async Task Errors_of_the_server_are_told(int status, string code, string expected)
    {
        Server.Gate = _ => new MlflowException(status, code, "So \u001b[31mnot\u0007.");
        await Run.FailAsync(expected, "mlflow:fraud@1");
    }

    [Fact]
    public async Task A_server_that_proxies_nothing_says_so()
    {
        Server.ServesArtifacts = false;
        Assert.Contains("--no-serve-artifacts", (await Run.FailAsync("NG3483", "mlflow:fraud@1")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_proxy_that_ends_early_is_noticed_by_the_size(bool quietly)
    {
        (Server.CutsAfter, Server.CutsQuietly) = (100_000, quietly);
        var error = Assert.Single((await Run.LockAsync("m: mlflow:fraud@1")).Diagnostics, item => item.Severity == Severity.Error);
        Assert.Equal(quietly ? FailureKind.ContentMismatch : FailureKind.Upstream, error.Descriptor.Kind);
        Assert.Contains("model.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc/passwd", "NG3484")]
    [InlineData("/etc/passwd", "NG3484")]
    [InlineData("other/place.bin", "NG3484")]
    [InlineData("", "NG3484")]
    [InlineData("..", "NG3127")]
    [InlineData(".git", "NG3127")]
    [InlineData("a\\b", "NG3127")]
    [InlineData("a\nb", "NG3127")]
    public async Task Names_that_lead_elsewhere_are_refused(string name, string code)
    {
        Server.Listed = (folder, entries) => folder.EndsWith("model", StringComparison.Ordinal) ? [.. entries, (name, 3)] : entries;
        await Run.FailAsync(code, "mlflow:fraud@1");
        Assert.DoesNotContain(Server.Log, request => request.IsDownload);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".git")]
    public async Task Folders_with_such_names_are_not_gone_into(string name)
    {
        Server.Listed = (folder, entries) => folder.EndsWith("model", StringComparison.Ordinal) ? [.. entries, (name, null)] : entries;
        await Run.FailAsync("NG3127", "mlflow:fraud@1");
        Assert.DoesNotContain(Server.Log, request => request.Target.Contains("model%2F" + name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Listings_without_an_end_are_left()
    {
        Server.Listed = (_, _) => [("deeper", null)];
        await Run.FailAsync("NG3127", "mlflow:fraud@1");

        Server.Listed = (_, entries) => entries;
        (Server.PageSize, Server.TurnsInCircles) = (1, true);
        await Run.FailAsync("NG3484", "mlflow:fraud@1");
    }

    [Fact]
    public async Task A_negative_size_is_none()
    {
        Server.Listed = (_, entries) => [.. entries.Select(entry => (entry.Path, entry.Size is null ? null : (long?)-1))];
        await Run.FailAsync("NG3484", "mlflow:fraud@1");
    }
}
