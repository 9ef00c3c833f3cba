using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace NixGen.Testing.Oci;

/// <summary>Makes the tokens that a registry wants (distribution's token authentication: signed JSON Web Tokens with the certificate inside).</summary>
public sealed class TokenServer : IAsyncDisposable
{
    public const string Service = "registry.test";

    public const string Issuer = "tokens.test";

    private readonly WebApplication app;
    private readonly RSA key = RSA.Create(2048);
    private readonly X509Certificate2 certificate;
    private readonly ConcurrentQueue<TokenRequest> log = new();

    private TokenServer()
    {
        var request = new CertificateRequest("CN=tokens.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapGet("/token", AnswerAsync);
    }

    /// <summary>Where tokens are to be had.</summary>
    public string Realm { get; private set; } = "";

    /// <summary>The certificate that a registry has to trust, as PEM.</summary>
    public string Certificate => certificate.ExportCertificatePem();

    /// <summary>Whether who shows no name and password gets a token that lets read.</summary>
    public bool KnowsAnybody { get; set; } = true;

    /// <summary>The member of the answer that has the token; some servers have the other one.</summary>
    public string TokenMember { get; set; } = "token";

    /// <summary>A status to answer with instead, or null.</summary>
    public int? Fails { get; set; }

    public IReadOnlyList<TokenRequest> Log => [.. log];

    public static async Task<TokenServer> StartAsync()
    {
        var server = new TokenServer();
        await server.app.StartAsync();
        server.Realm = server.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First() + "/token";
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        certificate.Dispose();
        key.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var scope = context.Request.Query["scope"].ToString();
        var authorization = context.Request.Headers.Authorization.ToString();
        var isReader = authorization == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{DockerRegistry.User}:{DockerRegistry.Password}"));
        log.Enqueue(new(context.Request.Query["service"].ToString(), scope, authorization.Length > 0));
        context.Response.StatusCode = Fails ?? (isReader || (KnowsAnybody && authorization.Length == 0) ? 200 : 401);
        if (context.Response.StatusCode != 200)
        {
            await context.Response.WriteAsJsonAsync(new { errors = new[] { new { code = "UNAUTHORIZED", message = "authentication required" } } });
            return;
        }

        // Who may only read gets less than was asked for, without a word.
        var parts = scope.Split(':');
        var actions = parts.Length == 3 ? parts[2].Split(',').Where(action => isReader || action == "pull").ToArray() : [];
        var access = parts.Length == 3 ? [new { type = parts[0], name = parts[1], actions }] : Array.Empty<object>();
        await context.Response.WriteAsJsonAsync(new Dictionary<string, object>(StringComparer.Ordinal) { [TokenMember] = Sign(access), ["expires_in"] = 300 });
    }

    private string Sign(object access)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = JsonSerializer.SerializeToUtf8Bytes(new { typ = "JWT", alg = "RS256", x5c = new[] { Convert.ToBase64String(certificate.RawData) } });
        var claims = JsonSerializer.SerializeToUtf8Bytes(new { iss = Issuer, sub = "", aud = Service, exp = now + 300, nbf = now - 60, iat = now - 60, jti = "1", access });
        var text = Encode(header) + "." + Encode(claims);
        return text + "." + Encode(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}

/// <summary>A request for a token.</summary>
/// <param name="Service">Which registry it is for.</param>
/// <param name="Scope">What it is to allow.</param>
/// <param name="HasCredentials">Whether a name and a password came along.</param>
public sealed record TokenRequest(string Service, string Scope, bool HasCredentials);
