using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using NixGen.Testing.Mlflow;
using Xunit;

namespace NixGen.EndToEnd.Mlflow;

/// <summary>
/// The loopback MLflow answers as MLflow does. Fields and their places were compared with MLflow's protos
/// (<c>model_registry.proto</c>, <c>service.proto</c>, <c>mlflow_artifacts.proto</c>), statuses and codes with its handlers
/// (<c>mlflow/server/handlers.py</c>, <c>mlflow/exceptions.py</c>). No client but ours and this has talked to it: MLflow's own is a
/// Python package, and there is none on npm or NuGet that reads models.
/// </summary>
public sealed class LoopbackMlflowTests : IAsyncLifetime
{
    private const string Api = "/api/2.0/mlflow/";
    private readonly HttpClient client = new();
    private LoopbackMlflow? started;

    private LoopbackMlflow Server => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackMlflow.StartAsync();
        Server.State.AddRegistered($"mlflow-artifacts:/7/{MlflowFixtures.Run}/artifacts", ("MLmodel", "flavors: {}\n"u8.ToArray()), ("data/weights.bin", new byte[200_000]));
        Server.State.Aliases[("fraud", "champion")] = "1";
        Server.State.Versions[("fraud", "2")] = new MlflowVersion($"s3://bucket/2") { Stage = "Staging", Status = "PENDING_REGISTRATION" };
        Server.State.LoggedModels[MlflowFixtures.LoggedModel] = new MlflowLoggedModel("s3://bucket/logged");
        Server.State.With("s3://bucket/logged", ("model.pkl", "pickle"u8.ToArray()));
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await Server.DisposeAsync();
    }

    [Theory]
    // GetModelVersion, GetModelVersionByAlias: ModelVersion
    [InlineData(Api + "model-versions/get?name=fraud&version=1", """{"model_version":{"name":"fraud","version":"1","current_stage":"None","source":"mlflow-artifacts:/7/RUN/artifacts/model","run_id":"RUN","status":"READY"}}""")]
    [InlineData(Api + "registered-models/alias?name=fraud&alias=champion", """{"model_version":{"name":"fraud","version":"1","current_stage":"None","source":"mlflow-artifacts:/7/RUN/artifacts/model","run_id":"RUN","status":"READY"}}""")]
    [InlineData(Api + "registered-models/get-latest-versions?name=fraud&stages=Staging", """{"model_versions":[{"name":"fraud","version":"2","current_stage":"Staging","source":"s3://bucket/2","run_id":"","status":"PENDING_REGISTRATION"}]}""")]
    // GetModelVersionDownloadUri
    [InlineData(Api + "model-versions/get-download-uri?name=fraud&version=1", """{"artifact_uri":"mlflow-artifacts:/7/RUN/artifacts/model"}""")]
    // GetRun: Run.info, with the older name of the id beside it
    [InlineData(Api + "runs/get?run_id=RUN", """{"run":{"info":{"run_id":"RUN","run_uuid":"RUN","status":"FINISHED","artifact_uri":"mlflow-artifacts:/7/RUN/artifacts"}}}""")]
    // GetLoggedModel
    [InlineData(Api + "logged-models/LOGGED", """{"model":{"info":{"model_id":"LOGGED","artifact_uri":"s3://bucket/logged","status":"LOGGED_MODEL_READY"}}}""")]
    // ListArtifacts of a run: whole paths; folders have no size
    [InlineData(Api + "artifacts/list?run_id=RUN", """{"root_uri":"mlflow-artifacts:/7/RUN/artifacts","files":[{"path":"model","is_dir":true}]}""")]
    [InlineData(Api + "artifacts/list?run_id=RUN&path=model", """{"root_uri":"mlflow-artifacts:/7/RUN/artifacts","files":[{"path":"model/MLmodel","is_dir":false,"file_size":12},{"path":"model/data","is_dir":true}]}""")]
    [InlineData(Api + "artifacts/list?run_id=RUN&path=model/MLmodel", """{"root_uri":"mlflow-artifacts:/7/RUN/artifacts"}""")]
    // ListArtifacts of the proxy: names only, and no root
    [InlineData("/api/2.0/mlflow-artifacts/artifacts?path=7/RUN/artifacts/model", """{"files":[{"path":"MLmodel","is_dir":false,"file_size":12},{"path":"data","is_dir":true}]}""")]
    [InlineData(Api + "logged-models/LOGGED/artifacts/directories", """{"root_uri":"s3://bucket/logged","files":[{"path":"model.pkl","is_dir":false,"file_size":6}]}""")]
    public async Task Routes_answer_in_the_form_of_the_protos(string target, string expected)
    {
        using var answer = await client.GetAsync(Server.Url + Named(target));
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(Named(expected), await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(Api + "model-versions/get?name=fraud&version=9", 404, "RESOURCE_DOES_NOT_EXIST")]
    [InlineData(Api + "model-versions/get?name=fraud&version=x", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData(Api + "model-versions/get?name=fraud", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData(Api + "registered-models/alias?name=fraud&alias=none", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData(Api + "registered-models/get-latest-versions?name=nobody", 404, "RESOURCE_DOES_NOT_EXIST")]
    [InlineData(Api + "registered-models/get-latest-versions?name=fraud&stages=Live", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData(Api + "runs/get?run_id=ffff", 404, "RESOURCE_DOES_NOT_EXIST")]
    [InlineData(Api + "logged-models/m-ffff", 404, "RESOURCE_DOES_NOT_EXIST")]
    [InlineData(Api + "artifacts/list?run_id=RUN&path=../up", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("/get-artifact?run_id=RUN&path=/etc/passwd", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("/api/2.0/mlflow-artifacts/artifacts/7/RUN/artifacts/model/none", 500, "INTERNAL_ERROR")]
    [InlineData(Api + "nothing/here", 404, "ENDPOINT_NOT_FOUND")]
    public async Task Errors_have_a_status_a_code_and_words(string target, int status, string code)
    {
        using var answer = await client.GetAsync(Server.Url + Named(target));
        using var error = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        Assert.Equal((status, code), ((int)answer.StatusCode, error.RootElement.GetProperty("error_code").GetString()));
        Assert.NotEqual("", error.RootElement.GetProperty("message").GetString());
    }

    [Fact]
    public async Task The_proxy_knows_no_ranges_and_no_lengths_and_the_servers_own_routes_know_both()
    {
        using var proxied = await GetAsync($"/api/2.0/mlflow-artifacts/artifacts/7/{MlflowFixtures.Run}/artifacts/model/data/weights.bin", new RangeHeaderValue(10, 19));
        Assert.Equal((HttpStatusCode.OK, null), (proxied.StatusCode, proxied.Content.Headers.ContentLength));
        Assert.Equal(200_000, (await proxied.Content.ReadAsByteArrayAsync()).Length);
        using var own = await GetAsync($"/get-artifact?run_id={MlflowFixtures.Run}&path=model%2Fdata%2Fweights.bin", new RangeHeaderValue(10, 19));
        Assert.Equal((HttpStatusCode.PartialContent, 10L), (own.StatusCode, own.Content.Headers.ContentLength));
        using var logged = await client.GetAsync($"{Server.Url}/ajax-api/2.0/mlflow/logged-models/{MlflowFixtures.LoggedModel}/artifacts/files?artifact_file_path=model.pkl");
        Assert.Equal("pickle", await logged.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Listings_come_in_pages_and_numbers_may_be_text()
    {
        Server.PageSize = 1;
        Server.WritesNumbersAsText = true;
        var list = $"{Server.Url}{Api}artifacts/list?run_id={MlflowFixtures.Run}&path=model";
        Assert.EndsWith(""","files":[{"path":"model/MLmodel","is_dir":false,"file_size":"12"}],"next_page_token":"1"}""", await client.GetStringAsync(list), StringComparison.Ordinal);
        Assert.EndsWith(""","files":[{"path":"model/data","is_dir":true}]}""", await client.GetStringAsync(list + "&page_token=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_a_proxy_says_so_and_a_closed_one_asks_who_is_there()
    {
        Server.ServesArtifacts = false;
        using var off = await client.GetAsync($"{Server.Url}/api/2.0/mlflow-artifacts/artifacts?path=7");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, off.StatusCode);
        Server.Account = ("reader", "open");
        using var closed = await client.GetAsync($"{Server.Url}{Api}runs/get?run_id={MlflowFixtures.Run}");
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic realm=\"mlflow\""), (closed.StatusCode, closed.Headers.WwwAuthenticate.ToString()));
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:open")));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"{Server.Url}{Api}runs/get?run_id={MlflowFixtures.Run}")).StatusCode);
    }

    private static string Named(string text) =>
        text.Replace("RUN", MlflowFixtures.Run, StringComparison.Ordinal).Replace("LOGGED", MlflowFixtures.LoggedModel, StringComparison.Ordinal).Replace($"\"{MlflowFixtures.LoggedModel}_MODEL_READY\"", "\"LOGGED_MODEL_READY\"", StringComparison.Ordinal);

    private async Task<HttpResponseMessage> GetAsync(string target, RangeHeaderValue range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Url + target);
        request.Headers.Range = range;
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
