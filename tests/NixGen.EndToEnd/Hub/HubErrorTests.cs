using System.Net.Http.Headers;
using System.Text;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Hub;

/// <summary>Who is refused what, and in which words: the map that clients go by.</summary>
public sealed class HubErrorTests : IAsyncLifetime
{
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackHub.StartAsync();
        Hub.AddToken(new HubToken("hf_alice", "alice"));
        Hub.AddToken(new HubToken("hf_bob", "bob"));
        Hub.AddToken(new HubToken("hf_narrow", "alice", HubTokenRole.FineGrained));
        Hub.Add(HubFixtures.TinyModel("example/open"));
        Hub.Add(HubFixtures.TinyModel("example/gated")).Gate = HubGate.Manual;
        Hub.Find("example/gated").GateGranted.Add("alice");
        Hub.Add(HubFixtures.TinyModel("example/private")).IsPrivate = true;
        Hub.Find("example/private").Members.Add("alice");
        Hub.Add(HubFixtures.TinyModel("example/disabled")).IsDisabled = true;
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await Hub.DisposeAsync();
    }

    [Theory]
    [InlineData("/api/models/example/missing", null, 401, null, "Invalid username or password.")]
    [InlineData("/api/models/example/missing", "hf_bob", 404, "RepoNotFound", "Repository not found")]
    [InlineData("/api/models/example/private", null, 401, null, "Invalid username or password.")]
    [InlineData("/api/models/example/private", "hf_bob", 404, "RepoNotFound", "Repository not found")]
    [InlineData("/api/models/example/private", "hf_alice", 200, null, null)]
    [InlineData("/api/models/example/private", "hf_narrow", 404, "RepoNotFound", "Repository not found")]
    [InlineData("/api/models/example/open/revision/nope", null, 404, "RevisionNotFound", "Invalid rev id: nope")]
    [InlineData("/api/models/example/open/tree/nope", null, 404, "RevisionNotFound", "Invalid rev id: nope")]
    [InlineData("/example/open/resolve/main/nope", null, 404, "EntryNotFound", "Entry not found")]
    [InlineData("/api/models/example/gated/tree/main", null, 200, null, null)]
    [InlineData("/api/models/example/gated", null, 200, null, null)]
    [InlineData("/example/gated/resolve/main/config.json", null, 401, "GatedRepo", "Access to model example/gated is restricted.")]
    [InlineData("/example/gated/resolve/main/config.json", "hf_bob", 403, "GatedRepo", "Access to model example/gated is restricted and you are not in the authorized list.")]
    [InlineData("/example/gated/resolve/main/config.json", "hf_narrow", 403, "GatedRepo", "Please enable access to public gated repositories")]
    [InlineData("/example/gated/resolve/main/config.json", "hf_alice", 307, null, null)]
    [InlineData("/api/models/example/gated/auth-check", null, 401, "GatedRepo", "Access to model example/gated is restricted.")]
    [InlineData("/api/models/example/gated/auth-check", "hf_bob", 403, "GatedRepo", "Access to model")]
    [InlineData("/api/models/example/gated/auth-check", "hf_alice", 200, null, null)]
    [InlineData("/api/models/example/open/auth-check", null, 200, null, null)]
    [InlineData("/api/models/example/disabled", null, 403, null, "Access to this resource is disabled.")]
    [InlineData("/example/disabled/resolve/main/config.json", null, 403, null, "Access to this resource is disabled.")]
    [InlineData("/api/models/example/open", "hf_stale", 401, null, "Invalid credentials in Authorization header")]
    [InlineData("/example/open/resolve/main/config.json", "hf_stale", 401, null, "Invalid credentials in Authorization header")]
    [InlineData("/api/whoami-v2", null, 401, null, "Invalid username or password.")]
    public async Task Errors_have_the_hubs_status_code_and_words(string target, string? token, int status, string? code, string? message)
    {
        using var response = await GetAsync(target, token is null ? null : new AuthenticationHeaderValue("Bearer", token));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, Header(response, "X-Error-Code"));
        if (message is null)
            Assert.Null(Header(response, "X-Error-Message"));
        else
            Assert.StartsWith(message, Header(response, "X-Error-Message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_entry_still_names_the_commit()
    {
        using var response = await GetAsync("/example/open/resolve/main/nope", null);
        Assert.Equal(Hub.Find("example/open").Head.Id, Header(response, "X-Repo-Commit"));
    }

    [Fact]
    public async Task A_token_also_works_as_basic_password()
    {
        var basic = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("x:hf_alice")));
        using var response = await GetAsync("/example/gated/resolve/main/config.json", basic);
        Assert.Equal(307, (int)response.StatusCode);
        Assert.Equal("hf_alice", Hub.Log.Snapshot()[^1].Token);
    }

    [Fact]
    public async Task The_cdn_refuses_a_request_that_brings_a_token()
    {
        using var first = await GetAsync("/example/gated/resolve/main/model.safetensors", new AuthenticationHeaderValue("Bearer", "hf_alice"));
        using var request = new HttpRequestMessage(HttpMethod.Get, first.Headers.Location);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "hf_alice");
        using var second = await client.SendAsync(request);
        Assert.Equal(400, (int)second.StatusCode);
        var logged = Hub.Log.Of(HubRequestKind.Cdn).Single();
        Assert.Equal("hf_alice", logged.Token);
        Assert.Equal("model.safetensors", logged.Path);
    }

    [Fact]
    public async Task Hashes_can_be_kept_back_from_those_who_may_not_download()
    {
        Hub.Find("example/gated").RedactsHashes = true;
        var anonymous = await (await GetAsync("/api/models/example/gated/tree/main", null)).Content.ReadAsStringAsync();
        Assert.Contains($"\"oid\":\"{LoopbackHub.Redacted}\"", anonymous, StringComparison.Ordinal);
        var alice = await (await GetAsync("/api/models/example/gated/tree/main", new AuthenticationHeaderValue("Bearer", "hf_alice"))).Content.ReadAsStringAsync();
        Assert.DoesNotContain(LoopbackHub.Redacted, alice, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> GetAsync(string target, AuthenticationHeaderValue? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Hub.Url + target);
        request.Headers.Authorization = authorization;
        return await client.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
