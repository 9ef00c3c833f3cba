using NixGen.Sources.Azure;
using Xunit;

namespace NixGen.Tests.Sources;

/// <summary>What a short spec of Azure Storage means.</summary>
public sealed class AzureSpecTests
{
    [Theory]
    [InlineData("az://account/models", "account", "models", "", null)]
    [InlineData("az://account/models/llama/v1/", "account", "models", "llama/v1", null)]
    [InlineData("AZ://account/$root/a b+%2F#x", "account", "$root", "a b+%2F#x", null)]
    [InlineData("abfss://models@account.dfs.core.windows.net/llama/v1", "account", "models", "llama/v1", null)]
    [InlineData("abfs://models@account.dfs.core.windows.net", "account", "models", "", null)]
    [InlineData("wasbs://models@account.blob.core.windows.net/v1", "account", "models", "v1", null)]
    [InlineData("wasbs://models@account.blob.core.chinacloudapi.cn/v1", "account", "models", "v1", "https://account.blob.core.chinacloudapi.cn")]
    public void It_names_account_container_and_prefix(string text, string account, string container, string prefix, string? endpoint)
    {
        var (bound, diagnostics) = Declarations.Bind($"m: '{text}'");
        Assert.Empty(diagnostics);
        var request = Assert.IsType<AzureRequest>(bound);
        Assert.Equal((account, container, prefix, endpoint), (request.Account, request.Container, request.Prefix, request.Endpoint));
    }

    [Theory]
    [InlineData("az://account", "doesn't name an account and a container")]
    [InlineData("az://Account/models", "isn't 3 to 24")]
    [InlineData("az://account/a--b", "isn't 3 to 63")]
    [InlineData("az://account/models//x", "begins with a slash")]
    [InlineData("az://account/models/a/../b", "is '.' or '..'")]
    [InlineData("abfss://models@evil.example.com/x", "doesn't name an account and a container")]
    [InlineData("abfss://models@account.dfs.core.windows.net.example.com/x", "doesn't name an account and a container")]
    public void What_is_none_is_refused(string text, string problem)
    {
        var (bound, diagnostics) = Declarations.Bind($"m: '{text}'");
        Assert.Null(bound);
        var error = Assert.Single(diagnostics);
        Assert.Equal("NG3012", error.Code);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5==;EndpointSuffix=core.windows.net", "a", "https://a.blob.core.windows.net", "a2V5==")]
    [InlineData("accountname=a;BlobEndpoint=https://b.example.com/;", "a", "https://b.example.com", null)]
    [InlineData("UseDevelopmentStorage=true", "devstoreaccount1", "http://127.0.0.1:10000/devstoreaccount1", "Eby8")]
    public void A_connection_string_states_an_account(string text, string name, string endpoint, string? key)
    {
        var account = AzureAccount.Parse(text);
        Assert.Equal((name, endpoint), (account?.Name, account?.Endpoint));
        Assert.StartsWith(key ?? "", account?.Key ?? "", StringComparison.Ordinal);
    }
}
