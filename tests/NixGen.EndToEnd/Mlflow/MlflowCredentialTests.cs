using NixGen.Testing.Mlflow;
using Xunit;

namespace NixGen.EndToEnd.Mlflow;

/// <summary>Which credentials go to which server when a model is locked.</summary>
public sealed class MlflowCredentialTests : IAsyncLifetime
{
    private const string User = "anna";
    private const string Password = "pass:wört%";
    private MlflowLocking? started;

    private MlflowLocking Run => started ?? throw new InvalidOperationException("Not started.");

    private LoopbackMlflow Server => Run.Server;

    public async Task InitializeAsync()
    {
        started = await MlflowLocking.StartAsync();
        Run.State.AddRegistered("mlflow-artifacts:/7/x/artifacts", MlflowFixtures.Model("credentials"));
    }

    public async Task DisposeAsync() => await Run.DisposeAsync();

    [Fact]
    public async Task A_user_and_a_password_win_over_a_token()
    {
        Server.Account = (User, Password);
        Run.Set("MLFLOW_TRACKING_USERNAME", User);
        Run.Set("MLFLOW_TRACKING_PASSWORD", Password);
        Run.Set("MLFLOW_TRACKING_TOKEN", "geheim");
        await Run.SucceedAsync("mlflow:fraud@1");
        Assert.All(Server.Log, request => Assert.StartsWith("Basic ", request.Authorization, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[mlflow]\nmlflow_tracking_username = anna\nmlflow_tracking_password = pass:wört%%\n")]
    [InlineData("; mine\n[other]\nmlflow_tracking_username=eve\n[mlflow]\n# me\nMLFLOW_TRACKING_USERNAME: anna\nmlflow_tracking_password:pass:wört%%\n")]
    public async Task The_file_of_credentials_is_read(string text)
    {
        Server.Account = (User, Password);
        Run.Write(".mlflow/credentials", text);
        await Run.SucceedAsync("mlflow:fraud@1");
    }

    [Fact]
    public async Task A_netrc_file_that_the_manifest_names_is_for_any_server()
    {
        Server.Account = (User, "geheim");
        Run.Unset("MLFLOW_TRACKING_URI");
        var file = Run.Write("my-netrc", $"machine other login eve password x\nmachine 127.0.0.1 login {User} password geheim\n");
        await Run.SucceedAsync($"{{ source: {{ mlflow: {{ trackingUri: '{Server.Url}', modelName: fraud, version: 1 }} }}, auth: {{ netrcFile: {file} }} }}");
    }

    [Fact]
    public async Task A_token_is_sent_as_a_bearers()
    {
        Server.Token = "geheim";
        Run.Set("MLFLOW_TRACKING_TOKEN", "geheim\n");
        await Run.SucceedAsync("mlflow:fraud@1");
    }

    [Fact]
    public async Task A_server_that_only_the_manifest_names_gets_only_what_the_manifest_names()
    {
        Server.Token = "geheim";
        Run.Unset("MLFLOW_TRACKING_URI");
        Run.Set("MLFLOW_TRACKING_TOKEN", "geheim");
        Run.Set("MY_TOKEN", "geheim");
        var source = $"source: {{ mlflow: {{ trackingUri: '{Server.Url}', modelName: fraud, version: 1 }} }}";
        var error = await Run.FailAsync("NG3474", $"{{ {source} }}");
        Assert.Contains("MLFLOW_TRACKING_TOKEN (not sent to a server that only the manifest names", error.Help, StringComparison.Ordinal);
        Assert.All(Server.Log, request => Assert.Null(request.Authorization));

        await Run.SucceedAsync($"{{ {source}, auth: {{ tokenEnvVar: MY_TOKEN }} }}");
        Run.Set("MLFLOW_TRACKING_URI", Server.Url);
        await Run.SucceedAsync($"{{ {source} }}");
    }

    [Fact]
    public async Task What_is_refused_is_told_without_the_secret()
    {
        Server.Account = (User, Password);
        Assert.Contains("Looked at:", (await Run.FailAsync("NG3474", "mlflow:fraud@1")).Help, StringComparison.Ordinal);
        Run.Set("MLFLOW_TRACKING_TOKEN", "geheimnis");
        var error = await Run.FailAsync("NG3474", "mlflow:fraud@1");
        Assert.Contains("the variable MLFLOW_TRACKING_TOKEN", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheimnis", error.Message + error.Help, StringComparison.Ordinal);
        Run.Set("MLFLOW_TRACKING_TOKEN", "two words");
        await Run.FailAsync("NG3473", "mlflow:fraud@1");
        Run.Unset("MLFLOW_TRACKING_TOKEN");
        Server.Forget();
        await Run.FailAsync("NG3472", "{ source: mlflow:fraud@1, auth: { required: true } }");
        Assert.Empty(Server.Log);
    }
}
