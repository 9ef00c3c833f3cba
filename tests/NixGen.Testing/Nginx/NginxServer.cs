using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace NixGen.Testing.Nginx;

/// <summary>
/// A real nginx on this machine alone: plain files with ranges, digests as headers, redirects to another host, passwords
/// and tokens. It writes down every request.
/// </summary>
/// <remarks>
/// <c>/basic/</c> asks for a password, <c>/bearer/</c> for a token, <c>/whole/</c> ignores ranges, <c>/chunked/</c> states
/// no length, and <c>/get-only/</c> refuses HEAD. Everything is on the other host too, at <see cref="CdnUrl"/>, for who
/// has the <see cref="Signature"/> in the query and no credentials.
/// </remarks>
public sealed class NginxServer : IAsyncDisposable
{
    public const string User = "reader";
    public const string Password = "open-sesame";
    public const string Token = "nginx_token_0123456789";
    public const string Signature = "5igned";

    private const int MostStarts = 5;

    // Where Debian puts it, which isn't on everybody's PATH.
    private static readonly string Program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";
    private readonly string folder = Directory.CreateTempSubdirectory("nixgen-nginx-").FullName;
    private readonly HttpClient sentinel = new();
    private Process? process;
    private int port;
    private int skipped;

    private NginxServer()
    {
    }

    /// <summary>The address, without a slash at its end.</summary>
    public string Url => $"http://127.0.0.1:{port}";

    /// <summary>The other host's address, likewise.</summary>
    public string CdnUrl => $"http://127.0.0.2:{port}";

    /// <summary>Starts nginx on a free port.</summary>
    public static async Task<NginxServer> StartAsync(NginxSite site)
    {
        var server = new NginxServer();
        foreach (var (path, content) in site.Files)
            server.Put(path, content);
        Directory.CreateDirectory(Path.Combine(server.folder, "root"));
        await File.WriteAllTextAsync(Path.Combine(server.folder, "passwords"), $"{User}:{{PLAIN}}{Password}\n");
        for (var start = 1; !await server.TryStartAsync(site); start++)
        {
            if (start == MostStarts)
                throw new InvalidOperationException("nginx doesn't start:\n" + await File.ReadAllTextAsync(Path.Combine(server.folder, "error.log")));
        }

        return server;
    }

    /// <summary>Adds a file, or exchanges its content, at once and whole.</summary>
    public void Put(string path, byte[] content)
    {
        var target = Path.Combine(folder, "root", path.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(target) ?? folder);
        var draft = Path.Combine(folder, "draft");
        File.WriteAllBytes(draft, content);
        // A round number of seconds that no content shares with another: nginx makes versions of time and length.
        File.SetLastWriteTimeUtc(draft, DateTime.UnixEpoch.AddDays(10_000).AddSeconds(Interlocked.Increment(ref skipped)));
        File.Move(draft, target, overwrite: true);
    }

    public void Remove(string path) => File.Delete(Path.Combine(folder, "root", path.TrimStart('/')));

    /// <summary>Every request that was answered by now, in that order.</summary>
    public async Task<IReadOnlyList<NginxRequest>> LogAsync()
    {
        // One process answers one request after the other, so all before this one are written down when it is.
        var mark = $"/sentinel-{Guid.NewGuid():N}";
        await sentinel.GetAsync(new Uri(Url + mark));
        while (true)
        {
            var requests = (await File.ReadAllTextAsync(Path.Combine(folder, "access.log"))).Split('\n')[..^1].Select(Parse).ToList();
            if (requests.Exists(request => request.Target == mark))
                return [.. requests.Where(request => !request.Target.StartsWith("/sentinel-", StringComparison.Ordinal))];
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        sentinel.Dispose();
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> TryStartAsync(NginxSite site)
    {
        await StopAsync();
        port = FreePort();
        Directory.CreateDirectory(Path.Combine(folder, "tmp"));
        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, NginxConfiguration.Of(site, folder, port));
        var start = new ProcessStartInfo(Program, ["-p", folder, "-c", configuration, "-e", Path.Combine(folder, "error.log")])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        process = Process.Start(start) ?? throw new InvalidOperationException("nginx can't be run.");
        _ = process.StandardError.ReadToEndAsync();
        while (!process.HasExited)
        {
            try
            {
                await sentinel.GetAsync(new Uri(Url + "/sentinel-start"));
                return !process.HasExited;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(10);
            }
        }

        return false;
    }

    private async Task StopAsync()
    {
        if (process is null)
            return;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    // Another program may take it before nginx does; then another is tried.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static NginxRequest Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        return new(
            Text("host"), Text("method"), Text("target"), root.GetProperty("status").GetInt32(), root.GetProperty("sent").GetInt64(), Text("range"), Text("authorization"));

        string Text(string name) => root.GetProperty(name).GetString() ?? "";
    }
}
