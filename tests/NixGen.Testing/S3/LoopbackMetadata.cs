using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace NixGen.Testing.S3;

/// <summary>The services that give credentials to machines, containers and web identities: IMDSv2, the container's endpoint, and STS.</summary>
public sealed class LoopbackMetadata : IAsyncDisposable
{
    private const string SessionToken = "imds-session";
    private readonly WebApplication app;
    private readonly S3Account account;
    private readonly ConcurrentQueue<string> log = new();

    private LoopbackMetadata(S3Account account)
    {
        this.account = account;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    public string Url { get; private set; } = "";

    /// <summary>Method and path of every request, in order.</summary>
    public IReadOnlyList<string> Log => [.. log];

    /// <summary>Starts services that give out one account's key.</summary>
    public static async Task<LoopbackMetadata> StartAsync(S3Account account)
    {
        var server = new LoopbackMetadata(account);
        await server.app.StartAsync();
        server.Url = server.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        log.Enqueue($"{request.Method} {request.Path}");
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var isImds = request.Headers["x-aws-ec2-metadata-token"] == SessionToken;
        var answer = (request.Method, request.Path.Value) switch
        {
            ("PUT", "/latest/api/token") when request.Headers.ContainsKey("x-aws-ec2-metadata-token-ttl-seconds") => SessionToken,
            ("GET", "/latest/meta-data/iam/security-credentials/") when isImds => "the-role",
            ("GET", "/latest/meta-data/iam/security-credentials/the-role") when isImds => Json(),
            ("GET", "/container") when request.Headers.Authorization == "container-secret" => Json(),
            ("POST", "/") when body.Contains("Action=AssumeRoleWithWebIdentity", StringComparison.Ordinal) && body.Contains("WebIdentityToken=web%2Btoken", StringComparison.Ordinal) => Xml(),
            _ => null,
        };
        context.Response.StatusCode = answer is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK;
        await context.Response.WriteAsync(answer ?? "no");
    }

    private string Json() =>
        $$"""{ "Code": "Success", "AccessKeyId": "{{account.KeyId}}", "SecretAccessKey": "{{account.Secret}}", "Token": "{{account.SessionToken}}", "Expiration": "2099-01-01T00:00:00Z" }""";

    private string Xml() =>
        $"<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>{account.KeyId}</AccessKeyId><SecretAccessKey>{account.Secret}</SecretAccessKey><SessionToken>{account.SessionToken}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
}
