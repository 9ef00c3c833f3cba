using System.Text;
using NixGen.EndToEnd.Resolve;
using NixGen.Testing.Oci;
using Xunit;

namespace NixGen.EndToEnd.Oci;

/// <summary>Locking from registries that want to know who asks.</summary>
public sealed class RegistryAccessTests : IAsyncLifetime
{
    private const string Login = $"{DockerRegistry.User}:{DockerRegistry.Password}";
    private LockingRun? started;

    private LockingRun Run => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LockingRun.StartAsync();

    public async Task DisposeAsync() => await Run.DisposeAsync();

    [Fact]
    public async Task A_password_is_had_from_the_variable_that_the_manifest_names()
    {
        await using var registry = await DockerRegistry.StartWithPasswordAsync();
        var model = await PushAsync(registry);
        var error = await Run.FailAsync("NG3451", model);
        Assert.Contains("config.json (not there)", error.Help, StringComparison.Ordinal);

        Run.Set("REGISTRY_LOGIN", "reader:wrong");
        error = await Run.FailAsync("NG3451", model);
        Assert.Contains("REGISTRY_LOGIN", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", error.Message + error.Help, StringComparison.Ordinal);
        Run.Set("REGISTRY_LOGIN", Login);
        await Run.SucceedAsync(model);
    }

    [Theory]
    [InlineData(".docker/config.json", null, null)]
    [InlineData("elsewhere/config.json", "DOCKER_CONFIG", "elsewhere")]
    [InlineData("auth.json", "REGISTRY_AUTH_FILE", "auth.json")]
    [InlineData("run/containers/auth.json", "XDG_RUNTIME_DIR", "run")]
    public async Task A_password_is_had_from_what_other_clients_keep(string file, string? variable, string? value)
    {
        await using var registry = await DockerRegistry.StartWithPasswordAsync();
        var model = await PushAsync(registry);
        if (variable is not null)
            Run.Set(variable, Path.Combine(Run.Home, value ?? ""));
        Run.Write(file, $$"""{ "auths": { "other.example": { "auth": "eDp5" }, "{{registry.Host}}": { "auth": "{{Convert.ToBase64String(Encoding.UTF8.GetBytes(Login))}}" } } }""");
        await Run.SucceedAsync(model);
    }

    [Fact]
    public async Task A_token_is_had_from_the_server_that_the_registry_names()
    {
        await using var tokens = await TokenServer.StartAsync();
        await using var registry = await DockerRegistry.StartWithTokensAsync(tokens);
        await using var front = await RegistryFront.StartAsync(registry);
        await DockerRegistryTests.PushWithTokenAsync(registry, tokens, "org/tiny", "v1", OllamaModels.Chat("tokens"));
        var model = $"m: {{ source: {{ ollama: {{ model: \"http://{front.Host}/org/tiny:v1\" }} }}, auth: {{ tokenEnvVar: REGISTRY_LOGIN }} }}";
        var asked = tokens.Log.Count;
        await Run.SucceedAsync(model);
        Assert.Equal(new TokenRequest(TokenServer.Service, "repository:org/tiny:pull", false), Assert.Single(tokens.Log.Skip(asked)));
        Assert.All(front.Log, request => Assert.Equal(!request.IsStore && request != front.Log[0], request.Authorization is not null));

        tokens.KnowsAnybody = false;
        tokens.TokenMember = "access_token";
        Assert.Contains("/token", (await Run.FailAsync("NG3451", model)).Message, StringComparison.Ordinal);
        Run.Set("REGISTRY_LOGIN", "reader:wrong");
        await Run.FailAsync("NG3451", model);
        Run.Set("REGISTRY_LOGIN", Login);
        await Run.SucceedAsync(model);
    }

    [Theory]
    [InlineData("Bearer realm=\"http://registry.example.com/token\",service=\"x\"", "TLS")]
    [InlineData("Bearer service=\"x\"", "TLS")]
    public async Task A_server_of_tokens_that_others_could_listen_to_is_not_asked(string challenge, string words)
    {
        await using var registry = await DockerRegistry.StartAsync();
        await using var front = await RegistryFront.StartAsync(registry);
        front.Answers["/v2/org/tiny/manifests/v1"] = new(401, "{}") { Headers = [("WWW-Authenticate", challenge)] };
        var error = await Run.FailAsync("NG3452", $"m: \"ollama:{front.Host}/org/tiny:v1\"");
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_required_and_not_there_is_said_before_anything_is_asked()
    {
        await using var registry = await DockerRegistry.StartAsync();
        await using var front = await RegistryFront.StartAsync(registry);
        await Run.FailAsync("NG3454", $"m: {{ source: \"ollama:{front.Host}/org/tiny:v1\", auth: {{ tokenEnvVar: REGISTRY_LOGIN, required: true }} }}");
        Assert.Empty(front.Log);
    }

    private static async Task<string> PushAsync(DockerRegistry registry)
    {
        using var client = new RegistryClient(registry.Url, RegistryClient.Basic(DockerRegistry.User, DockerRegistry.Password));
        await client.PushAsync("private/tiny", "v1", OllamaModels.Chat("access"));
        return $"m: {{ source: {{ ollama: {{ model: \"http://{registry.Host}/private/tiny:v1\" }} }}, auth: {{ tokenEnvVar: REGISTRY_LOGIN }} }}";
    }
}
