using System.Globalization;
using System.Security.Cryptography;
using NixGen.EndToEnd.Runtime;
using NixGen.Nix.Hashing;
using NixGen.Testing;
using NixGen.Testing.Oci;
using Xunit;

namespace NixGen.EndToEnd.Oci;

/// <summary>The fetchers of registries, run by bash as a build would run them.</summary>
public sealed class RegistryFetcherTests : IAsyncLifetime
{
    private const string Login = $"{DockerRegistry.User}:{DockerRegistry.Password}";
    private readonly byte[] content = RandomNumberGenerator.GetBytes(3_000_000);
    private DockerRegistry? registry;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (registry is not null)
            await registry.DisposeAsync();
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("ollama")]
    public async Task A_blob_is_fetched_in_parts_from_the_other_host(string kind)
    {
        await using var front = await FrontAsync();
        var result = await FetchAsync(kind, front.Url, run =>
        {
            run.Variables["fetch_parallel_from"] = "1000000";
            run.Variables["fetch_least_slice"] = "65536";
            run.Variables["fetch_fast"] = "0";
        });
        result.OrThrow("fetch");
        Assert.True(front.Log.Count(request => request.IsStore) > 1);
        Assert.All(front.Log.Where(request => request.IsStore), request => Assert.Null(request.Authorization));
        Assert.DoesNotContain("X-Signature", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("ollama")]
    public async Task Links_that_expire_are_asked_for_again(string kind)
    {
        await using var front = await FrontAsync();
        front.RejectsSome = 2;
        (await FetchAsync(kind, front.Url)).OrThrow("fetch");
        Assert.Contains(front.Log, request => request is { IsStore: true, Status: 403 });
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("ollama")]
    public async Task Content_that_changed_is_refused(string kind)
    {
        await using var front = await FrontAsync();
        var other = content.ToArray();
        other[7]++;
        front.Replaced[RegistryClient.DigestOf(content)] = other;
        var result = await FetchAsync(kind, front.Url);
        Assert.Contains("✗ Error: The content does not match its hash", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("ollama")]
    public async Task A_blob_that_is_gone_is_named(string kind)
    {
        await using var front = await FrontAsync();
        using (var client = new RegistryClient(front.InnerUrl))
            await client.DeleteBlobAsync("org/tiny", RegistryClient.DigestOf(content));
        var result = await FetchAsync(kind, front.Url);
        Assert.Contains("✗ Error: HTTP 404: the registry has this content no longer", result.Errors, StringComparison.Ordinal);
        Assert.Contains("File:     model.gguf", result.Errors, StringComparison.Ordinal);
        Assert.Contains("nixgen update", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("ollama")]
    public async Task A_password_is_shown_and_never_said(string kind)
    {
        registry = await DockerRegistry.StartWithPasswordAsync();
        using (var client = new RegistryClient(registry.Url, RegistryClient.Basic(DockerRegistry.User, DockerRegistry.Password)))
            await client.PushBlobAsync("org/tiny", content);
        await using var front = await RegistryFront.StartAsync(registry);

        var refused = await FetchAsync(kind, front.Url);
        Assert.Contains("✗ Error: HTTP 401: the registry does not let anybody in", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("auth.tokenEnvVar", refused.Errors, StringComparison.Ordinal);
        var wrong = await FetchAsync(kind, front.Url, run => LogIn(run, "reader:wrong-password"));
        Assert.Contains("✗ Error: HTTP 401: the registry does not accept name and password", wrong.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password", wrong.Errors, StringComparison.Ordinal);

        (await FetchAsync(kind, front.Url, run => LogIn(run, Login))).OrThrow("fetch");
        Assert.All(front.Log.Where(request => request.IsStore), request => Assert.Null(request.Authorization));
        (await FetchAsync(kind, front.Url, run =>
        {
            var netrc = Path.Combine(run.Folder, "netrc");
            File.WriteAllText(netrc, $"machine 127.0.0.1 login {DockerRegistry.User} password {DockerRegistry.Password}\n");
            run.Variables["fetch_netrc_file"] = netrc;
        })).OrThrow("fetch");
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("ollama")]
    public async Task A_token_is_had_from_the_server_that_the_registry_names(string kind)
    {
        await using var tokens = await TokenServer.StartAsync();
        registry = await DockerRegistry.StartWithTokensAsync(tokens);
        var artifact = OciArtifact.Oci("application/vnd.oci.empty.v1+json", "{}", [new OciLayer("application/octet-stream", content)]);
        await DockerRegistryTests.PushWithTokenAsync(registry, tokens, "org/tiny", "v1", artifact);
        await using var front = await RegistryFront.StartAsync(registry);
        var asked = tokens.Log.Count;

        var result = (await FetchAsync(kind, front.Url)).OrThrow("fetch");
        Assert.All(tokens.Log.Skip(asked), request => Assert.Equal(new TokenRequest(TokenServer.Service, "repository:org/tiny:pull", false), request));
        Assert.DoesNotContain("eyJ", result.Errors, StringComparison.Ordinal);

        tokens.KnowsAnybody = false;
        tokens.TokenMember = "access_token";
        var refused = await FetchAsync(kind, front.Url);
        Assert.Contains("server of tokens gives nothing to anybody", refused.Errors, StringComparison.Ordinal);
        refused = await FetchAsync(kind, front.Url, run => LogIn(run, "reader:wrong-password"));
        Assert.Contains("server of tokens does not accept name and password", refused.Errors, StringComparison.Ordinal);
        (await FetchAsync(kind, front.Url, run => LogIn(run, Login))).OrThrow("fetch");
    }

    [Fact]
    public async Task A_server_of_tokens_that_others_could_listen_to_is_not_asked()
    {
        await using var front = await FrontAsync();
        front.Answers["/v2/"] = new(401, "") { Headers = [("WWW-Authenticate", "Bearer realm=\"http://registry.example.com/token\",service=\"x\"")] };
        var result = await FetchAsync("ollama", front.Url, run => LogIn(run, Login));
        Assert.Contains("protected by TLS", result.Errors, StringComparison.Ordinal);
    }

    private static void LogIn(FetcherRun run, string login)
    {
        run.Variables["fetch_token_variable"] = "REGISTRY_LOGIN";
        run.Variables["REGISTRY_LOGIN"] = login;
    }

    private async Task<RegistryFront> FrontAsync()
    {
        registry = await DockerRegistry.StartAsync();
        using var client = new RegistryClient(registry.Url);
        await client.PushBlobAsync("org/tiny", content);
        return await RegistryFront.StartAsync(registry);
    }

    private async Task<ProcessResult> FetchAsync(string kind, string endpoint, Action<FetcherRun>? change = null)
    {
        using var run = FetcherRun.Of(kind);
        run.Variables["fetch_endpoint"] = endpoint;
        run.Variables["fetch_repo"] = "org/tiny";
        run.Variables["fetch_usual_token"] = "";
        run.Variables["fetch_path"] = "model.gguf";
        run.Variables["fetch_size"] = content.Length.ToString(CultureInfo.InvariantCulture);
        run.Variables["fetch_sha256"] = SriHash.FromBytes(SHA256.HashData(content)).Text;
        run.Variables["fetch_blob"] = Convert.ToHexStringLower(SHA256.HashData(content));
        change?.Invoke(run);
        var result = await run.RunAsync();
        Assert.DoesNotContain(".sh: line", result.Errors, StringComparison.Ordinal);
        if (result.Succeeded)
            Assert.Equal(content, await File.ReadAllBytesAsync(run.Out));
        return result;
    }
}
