using System.Text;
using NixGen.Diagnostics;
using NixGen.EndToEnd.Runtime;
using NixGen.Resolve;
using Xunit;

namespace NixGen.EndToEnd.Resolve;

/// <summary>Answers that no Hub gives: whatever comes, the run ends with a diagnostic of an upstream, and no exception.</summary>
public sealed class HostileAnswersTests : IAsyncLifetime
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private LockingRun? _run;

    private LockingRun Run => _run ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        _run = await LockingRun.StartAsync();
        _run.Upstream = _run.Upstream with { MaxRetries = 1, ConnectTimeout = TimeSpan.FromSeconds(5), AnswerTimeout = TimeSpan.FromSeconds(5) };
    }

    public async Task DisposeAsync() => await Run.DisposeAsync();

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("gzip, br")]
    public Task A_body_that_is_not_packed_as_stated_is_a_broken_answer(string encoding) =>
        FailAsync($"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 12\r\n\r\n\u001f\u008b\u0008rubbish!!");

    [Theory]
    [InlineData("//[")]
    [InlineData("http://[::1")]
    [InlineData("//example.com:99999/x")]
    [InlineData("https://")]
    [InlineData("https:///")]
    [InlineData("http:")]
    [InlineData(":")]
    [InlineData("%")]
    [InlineData("\\\\x\\y")]
    [InlineData("javascript:1")]
    [InlineData("https://a b/")]
    [InlineData("")]
    public Task A_redirect_to_anything_is_refused(string location) =>
        FailAsync($"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("HTTP/9.9 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 99999 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n")]
    [InlineData("HTTP/1.1 429 Slow\r\nRetry-After: 99999999999999999999\r\nRateLimit: \"a\";r=0;t=99999999999999\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 401 No\r\nX-Error-Message: \u0001\u001b[31m\u0085\r\nX-Error-Code: ?\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified\r\n\r\n")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    public Task An_answer_that_is_hardly_HTTP_is_a_failure_of_the_upstream(string answer) => FailAsync(answer);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"id\":\"\\ud800\",\"sha\":\"x\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"id\":{},\"sha\":[]}")]
    [InlineData("{\"id\":\"a/b\",\"sha\":\"" + Commit + "\",\"siblings\":[1,{\"rfilename\":\"\\udfff\"}]}")]
    [InlineData("{\"id\":\"a/b\",\"sha\":\"" + Commit + "\",\"tags\":[{}],\"cardData\":{\"license\":[{\"a\":1}]},\"lastModified\":7,\"gated\":{}}")]
    [InlineData("{\"id\":\"a/b\",\"sha\":\"" + Commit + "\"}")]
    public Task JSON_of_any_shape_is_a_failure_of_the_upstream(string body) =>
        FailAsync($"HTTP/1.1 200 OK\r\nETag: \"x\"\r\nLink: <?>; rel=\"next\"\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    [Fact]
    public async Task Mutations_of_a_good_answer_never_end_in_an_exception()
    {
        var body = $$"""{"id":"a/b","sha":"{{Commit}}","private":false,"gated":"auto","cardData":{"license":"mit"},"tags":["license:mit"],"siblings":[{"rfilename":"a"}],"lastModified":"2024-01-01T00:00:00.000Z"}""";
        var random = new Random(20260101);
        for (var i = 0; i < 300; i++)
        {
            var bytes = Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nETag: \"{i}\"\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(9, bytes.Length)] = (byte)random.Next(256);
            }

            await FailAsync(bytes);
        }
    }

    private Task FailAsync(string answer) => FailAsync(Encoding.Latin1.GetBytes(answer));

    private async Task FailAsync(byte[] answer)
    {
        using var server = new RawServer(answer);
        Run.Set("HF_ENDPOINT", server.Url);
        var outcome = await Run.LockAsync("m: hf:a/b").WaitAsync(TimeSpan.FromSeconds(60));
        var errors = outcome.Diagnostics.Where(item => item.Severity == Severity.Error).ToList();
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.Equal(FailureKind.Upstream, error.Descriptor.Kind));
        Assert.Empty(outcome.Lock.Models);
        Assert.All(outcome.Diagnostics, item => Assert.DoesNotContain(item.Message + item.Help, character => char.IsControl(character) && character is not '\n'));
        Assert.Equal(ModelOutcomeKind.Failed, Assert.Single(outcome.Models).Kind);
    }
}
