using NixGen.Sources.Registries;
using Xunit;

namespace NixGen.Tests.Sources;

public sealed class RegistryTests
{
    private static readonly RegistryEndpoint Secure = new("https://registry.example.com");

    [Theory]
    [InlineData("Bearer realm=\"https://auth.example.com/token\",service=\"registry.example.com\",scope=\"x\"", "https://auth.example.com/token?service=registry.example.com&scope=repository%3Aorg%2Fmodel%3Apull")]
    [InlineData("bearer service=a, realm=\"https://auth.example.com/token?x=1\"", "https://auth.example.com/token?x=1&service=a&scope=repository%3Aorg%2Fmodel%3Apull")]
    [InlineData("Basic realm=\"r\", Bearer realm=\"https://auth.example.com/token\"", "https://auth.example.com/token?scope=repository%3Aorg%2Fmodel%3Apull")]
    [InlineData("Bearer realm=\"https://auth.example.com/token\", Basic realm=\"Bearer realm=x\"", "https://auth.example.com/token?scope=repository%3Aorg%2Fmodel%3Apull")]
    [InlineData("Bearer realm=\"http://auth.example.com/token\"", null)]
    [InlineData("Bearer realm=\"http://127.0.0.1:1/token\"", null)]
    [InlineData("Bearer realm=\"https://user:word@auth.example.com/token\"", null)]
    [InlineData("Bearer realm=\"file:///etc/passwd\"", null)]
    [InlineData("Bearer realm=\"token\"", null)]
    public void A_challenge_names_where_tokens_are(string header, string? url)
    {
        var challenge = RegistryChallenge.Parse(header);
        Assert.True(challenge?.IsBearer);
        Assert.Equal(url, challenge?.TokenUrl(Secure, "org/model")?.AbsoluteUri);
    }

    [Theory]
    [InlineData("Basic realm=\"models\"", true)]
    [InlineData("Basic", true)]
    [InlineData("Negotiate", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_challenge_may_want_a_password(string? header, bool isBasic) =>
        Assert.Equal(isBasic, RegistryChallenge.Parse(header) is { IsBearer: false });

    [Theory]
    [InlineData("registry.example.com", "https://registry.example.com")]
    [InlineData("https://registry.example.com/", "https://registry.example.com")]
    [InlineData("localhost:5000", "http://localhost:5000")]
    [InlineData("localhost", "https://localhost")]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000")]
    [InlineData("https://127.0.0.1:5000", "https://127.0.0.1:5000")]
    [InlineData("http://registry.example.com", null)]
    [InlineData("user@registry.example.com", null)]
    [InlineData("registry.example.com/path", null)]
    [InlineData("registry.example.com:999999", null)]
    [InlineData("", null)]
    public void A_registry_is_a_host(string text, string? url)
    {
        var (endpoint, problem) = RegistryEndpoint.Parse(text);
        Assert.Equal(url, endpoint?.BaseUrl);
        Assert.Equal(url is null, problem is not null);
    }
}
