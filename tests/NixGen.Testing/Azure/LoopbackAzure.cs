using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using NixGen.Testing.Files;

namespace NixGen.Testing.Azure;

/// <summary>What Azurite lacks: versions of blobs, and tokens of Entra with the servers that give them. Keys and signatures are Azurite's business.</summary>
public sealed class LoopbackAzure : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, AzureContainer> containers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<AzureCall> log = new();
    private long bytesSent;

    private LoopbackAzure()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    /// <summary>The account's name.</summary>
    public string Account { get; } = "loopbackaccount";

    /// <summary>The address of the account's blobs, without a slash at its end.</summary>
    public string Url => $"{Origin}/{Account}";

    /// <summary>The server's address: what <c>AZURE_AUTHORITY_HOST</c> is set to.</summary>
    public string Origin { get; private set; } = "";

    /// <summary>Where a machine's own identity is asked for in App Service and Functions: what <c>IDENTITY_ENDPOINT</c> is set to. Virtual machines ask <see cref="Origin"/>, as <c>AZURE_POD_IDENTITY_AUTHORITY_HOST</c>.</summary>
    public string IdentityEndpoint => Origin + "/msi/token";

    /// <summary>What the machine's programs show there: <c>IDENTITY_HEADER</c>.</summary>
    public string IdentityHeader { get; } = "machine-secret";

    /// <summary>The secret of the application <c>app</c> of the tenant <c>tenant</c>.</summary>
    public string ClientSecret { get; } = "application-secret";

    /// <summary>Most blobs of a page, however many are asked for.</summary>
    public int PageSize { get; set; } = 5000;

    /// <summary>Whether each page says that it itself comes next.</summary>
    public bool TurnsInCircles { get; set; }

    public IReadOnlyList<AzureCall> Log => [.. log];

    /// <summary>Bytes of all bodies so far.</summary>
    public long BytesSent => Interlocked.Read(ref bytesSent);

    public static async Task<LoopbackAzure> StartAsync()
    {
        var server = new LoopbackAzure();
        await server.app.StartAsync();
        server.Origin = server.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return server;
    }

    public AzureContainer Add(AzureContainer container) => containers[container.Name] = container;

    /// <summary>Gives a token.</summary>
    public string Issue()
    {
        var token = "eyJ." + Guid.NewGuid().ToString("N");
        tokens[token] = "";
        return token;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Body = new CountingStream(context.Response.Body, length => Interlocked.Add(ref bytesSent, length));
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var authorization = context.Request.Headers.Authorization.ToString();
        log.Enqueue(new AzureCall(context.Request.Method, target, authorization.Length > 0 ? authorization : null));
        var words = target.Split('?')[0].TrimStart('/').Split('/', 3).Select(Uri.UnescapeDataString).ToArray();
        if (target.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal))
            await ExchangeAsync(context);
        else if (words is ["msi", "token"])
            await GrantToMachineAsync(context, context.Request.Headers["X-IDENTITY-HEADER"] == IdentityHeader && context.Request.Query["api-version"] == "2019-08-01", isAppService: true);
        else if (words is ["metadata", "identity", "oauth2/token"])
            await GrantToMachineAsync(context, context.Request.Headers["Metadata"] == "true" && context.Request.Query["api-version"] == "2018-02-01", isAppService: false);
        else if (words.Length < 2 || words[0] != Account || !containers.TryGetValue(words[1], out var container))
            await FailAsync(context, authorization.Length > 0 ? 404 : 401, authorization.Length > 0 ? "ContainerNotFound" : "NoAuthenticationInformation");
        else if (authorization.Length > 0 && (!authorization.StartsWith("Bearer ", StringComparison.Ordinal) || !tokens.ContainsKey(authorization[7..])))
            await FailAsync(context, 401, "InvalidAuthenticationInfo");
        else if (authorization.Length == 0 && !container.IsPublic)
            await FailAsync(context, 404, "ResourceNotFound");
        else if (authorization.Length > 0 && context.Request.Headers["x-ms-version"].Count == 0)
            await FailAsync(context, 403, "AuthenticationFailed");
        else if (words.Length == 2)
            await ListAsync(context, container);
        else
            await BlobAsync(context, container, words[2]);
    }

    private async Task ExchangeAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        await GrantAsync(context, form["client_id"] == "app" && form["scope"] == "https://storage.azure.com/.default"
            && (form["client_secret"] == ClientSecret || form["client_assertion"] == "federated-token"));
    }

    // App Service states when a token ends, and the service of virtual machines also how long it lasts; both as text
    // ("How to use managed identities for App Service", "… on an Azure VM to acquire an access token").
    private async Task GrantToMachineAsync(HttpContext context, bool isGood, bool isAppService)
    {
        if (!isGood || context.Request.Query["resource"].ToString().TrimEnd('/') != "https://storage.azure.com")
        {
            await Results.Json(new JsonObject { ["error"] = "invalid_request", ["error_description"] = "Required metadata header not specified" }, statusCode: 400).ExecuteAsync(context);
            return;
        }

        var answer = new JsonObject
        {
            ["access_token"] = Issue(),
            ["expires_on"] = DateTimeOffset.UtcNow.AddHours(24).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["resource"] = context.Request.Query["resource"].ToString(),
            ["token_type"] = "Bearer",
            ["client_id"] = "00000000-0000-0000-0000-000000000001",
        };
        if (!isAppService)
        {
            answer["refresh_token"] = "";
            answer["expires_in"] = "86399";
            answer["ext_expires_in"] = "86399";
            answer["not_before"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }

        await Results.Json(answer).ExecuteAsync(context);
    }

    private Task GrantAsync(HttpContext context, bool isGood)
    {
        context.Response.StatusCode = isGood ? 200 : 401;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync((isGood
            ? new JsonObject { ["token_type"] = "Bearer", ["expires_in"] = 3599, ["access_token"] = Issue() }
            : new JsonObject { ["error"] = "invalid_client", ["error_description"] = "AADSTS7000215: Invalid client secret provided." }).ToJsonString());
    }

    private Task ListAsync(HttpContext context, AzureContainer container)
    {
        var query = context.Request.Query;
        var most = Math.Min(int.TryParse(query["maxresults"], out var stated) ? stated : 5000, PageSize);
        var found = container.List(query["prefix"].ToString(), query["marker"].Count > 0 ? query["marker"].ToString() : null, most + 1);
        var blobs = found.Take(most).Select(blob => new XElement(
            "Blob",
            new XElement("Name", blob.Name),
            new XElement(
                "Properties",
                new XElement("Etag", blob.ETag.Trim('"')),
                new XElement("Content-Length", blob.Content.Length),
                new XElement("Content-Encoding", blob.ContentEncoding),
                new XElement("Content-MD5", blob.Md5),
                new XElement("BlobType", "BlockBlob"))));
        var answer = new XElement("EnumerationResults", new XElement("Blobs", blobs), new XElement("NextMarker", found.Count <= most ? null : found[TurnsInCircles ? 0 : most].Name));
        context.Response.ContentType = "application/xml";
        // The real one begins with a byte order mark too.
        return context.Response.WriteAsync("\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?>" + answer.ToString(SaveOptions.DisableFormatting), Encoding.UTF8);
    }

    private static async Task BlobAsync(HttpContext context, AzureContainer container, string name)
    {
        var version = context.Request.Query["versionid"].Count > 0 ? context.Request.Query["versionid"].ToString() : null;
        if (container.Find(name, version) is not { } blob)
        {
            await FailAsync(context, 404, "BlobNotFound");
            return;
        }

        if (context.Request.Headers.IfMatch.Count > 0 && context.Request.Headers.IfMatch != blob.ETag)
        {
            await FailAsync(context, 412, "ConditionNotMet");
            return;
        }

        if (container.IsVersioned)
            context.Response.Headers["x-ms-version-id"] = blob.Version;
        if (blob.ContentEncoding is { } encoding)
            context.Response.Headers.ContentEncoding = encoding;
        await Results.Bytes(blob.ServedContent ?? blob.Content, "application/octet-stream", enableRangeProcessing: true, entityTag: new EntityTagHeaderValue(blob.ETag)).ExecuteAsync(context);
    }

    private static Task FailAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["x-ms-error-code"] = code;
        context.Response.ContentType = "application/xml";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{code} was the reason.\nRequestId:1</Message></Error>");
    }
}

/// <summary>A request to a <see cref="LoopbackAzure"/>.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query, as sent.</param>
/// <param name="Authorization">The header's value, or null.</param>
public sealed record AzureCall(string Method, string Target, string? Authorization);
