using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace NixGen.Testing;

/// <summary>
/// Hosts of the internet that are servers of this machine: whoever has <see cref="ProxyUrl"/> as proxy and trusts
/// <see cref="Authority"/> reaches them under their real names, over TLS.
/// </summary>
public sealed class LoopbackHosts : IAsyncDisposable
{
    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase) { "Connection", "Keep-Alive", "Transfer-Encoding", "Host" };
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None });
    private readonly IReadOnlyDictionary<string, string> servers;
    private readonly LoopbackCertificates certificates;
    private readonly WebApplication app;
    private LoopbackProxy? proxy;

    private LoopbackHosts(IReadOnlyDictionary<string, string> servers)
    {
        this.servers = servers;
        certificates = LoopbackCertificates.Create([.. servers.Keys]);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificates.Server }));
        });
        app = builder.Build();
        app.Run(ForwardAsync);
    }

    /// <summary>What <c>https_proxy</c> is set to.</summary>
    public string ProxyUrl => proxy?.Url ?? throw new InvalidOperationException("Not started.");

    /// <summary>The certificate to trust, as PEM.</summary>
    public string Authority => certificates.Authority;

    /// <summary>Starts on free ports.</summary>
    /// <param name="servers">The address of each host's server on this machine, without a slash at its end; may have a path, which stands before the request's.</param>
    public static async Task<LoopbackHosts> StartAsync(IReadOnlyDictionary<string, string> servers)
    {
        var hosts = new LoopbackHosts(servers);
        await hosts.app.StartAsync();
        var port = new Uri(hosts.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Port;
        hosts.proxy = new LoopbackProxy(servers.Keys.ToDictionary(host => host + ":443", _ => new IPEndPoint(IPAddress.Loopback, port), StringComparer.OrdinalIgnoreCase));
        return hosts;
    }

    public async ValueTask DisposeAsync()
    {
        if (proxy is not null)
            await proxy.DisposeAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        client.Dispose();
        certificates.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var host = context.Request.Host.Host;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(servers[host] + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var header in context.Request.Headers.Where(header => !OfTheConnection.Contains(header.Key) && !header.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)))
            request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
        request.Headers.Host = host;
        if (context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(header => !OfTheConnection.Contains(header.Key)))
            context.Response.Headers[header.Key] = header.Value.ToArray();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
