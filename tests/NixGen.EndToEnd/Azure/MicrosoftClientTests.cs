using System.Net;
using System.Security.Cryptography;
using System.Text;
using NixGen.Testing.Azure;
using Xunit;

namespace NixGen.EndToEnd.Azure;

/// <summary>Azurite and Microsoft's own client agree, and a server of ours can be put in Azurite's place where it lacks something.</summary>
public sealed class MicrosoftClientTests : IAsyncLifetime
{
    private static readonly string[] Names = ["a b.txt", "a+b=c&d.txt", "dir/50%2Fdone.txt", "grüße/模型.bin", "#frag?query"];
    private AzuriteServer? started;

    private AzuriteServer Azurite => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await AzuriteServer.StartAsync();

    public async Task DisposeAsync() => await Azurite.DisposeAsync();

    [Fact]
    public async Task Names_of_any_kind_come_back_as_they_were_written()
    {
        var files = Names.ToDictionary(name => name, name => "content of " + name, StringComparer.Ordinal);
        await Azurite.RunAsync("upload.mjs", ("container", "models"), ("files", files));
        var listed = await Azurite.RunAsync("list.mjs", ("container", "models"));
        Assert.Equal(Names.Order(StringComparer.Ordinal), listed.EnumerateArray().Select(item => item.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
        foreach (var (name, text) in files)
        {
            var content = await Azurite.RunAsync("download.mjs", ("container", "models"), ("name", name));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), content.GetProperty("sha256").GetString());
        }
    }

    [Fact]
    public async Task A_private_container_wants_a_signature_and_a_public_one_none()
    {
        await Azurite.RunAsync("upload.mjs", ("container", "secret"), ("files", new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "a" }));
        await Azurite.RunAsync("upload.mjs", ("container", "open"), ("isPublic", true), ("files", new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "a" }));
        var query = (await Azurite.RunAsync("sign.mjs", ("container", "secret"), ("permissions", "rl"))).GetString();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/open/a"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/open?restype=container&comp=list"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/secret/a?" + query));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/secret?restype=container&comp=list&" + query));
        Assert.NotEqual(HttpStatusCode.OK, await StatusAsync("/secret/a"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/secret/a?" + query?.Replace("sig=", "sig=A", StringComparison.Ordinal)));
    }

    private async Task<HttpStatusCode> StatusAsync(string target)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, Azurite.Url + target);
        request.Headers.Add("x-ms-version", "2021-12-02");
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
