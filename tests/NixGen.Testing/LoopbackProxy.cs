using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NixGen.Testing;

/// <summary>
/// A proxy of this machine that knows hosts which nobody else knows, and leads to nothing but this machine: it serves
/// <c>CONNECT</c> alone, and remembers what it was asked for.
/// </summary>
public sealed class LoopbackProxy : IAsyncDisposable
{
    private const int LongestHead = 16 * 1024;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, IPEndPoint> hosts;
    private readonly ConcurrentQueue<string> asked = new();
    private readonly Task accepting;

    /// <summary>Starts it on a free port.</summary>
    /// <param name="hosts">Where each <c>host:port</c> is; it must be on this machine.</param>
    public LoopbackProxy(IReadOnlyDictionary<string, IPEndPoint> hosts)
    {
        if (hosts.Values.FirstOrDefault(address => !IPAddress.IsLoopback(address.Address)) is { } elsewhere)
            throw new ArgumentException($"{elsewhere} is not this machine.", nameof(hosts));
        this.hosts = new ConcurrentDictionary<string, IPEndPoint>(hosts, StringComparer.OrdinalIgnoreCase);
        listener.Start();
        Url = $"http://{listener.LocalEndpoint}";
        accepting = AcceptAsync();
    }

    /// <summary>What <c>https_proxy</c> is set to.</summary>
    public string Url { get; }

    /// <summary>The <c>host:port</c> of every request, in order.</summary>
    public IReadOnlyList<string> Asked => [.. asked];

    /// <summary>Forgets what it was asked for.</summary>
    public void Forget() => asked.Clear();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new ConcurrentBag<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var words = (await ReadHeadAsync(stream)).Split("\r\n")[0].Split(' ');
                if (words is not ["CONNECT", var host, _])
                {
                    await AnswerAsync(stream, "405 Method Not Allowed");
                    return;
                }

                asked.Enqueue(host);
                if (!hosts.TryGetValue(host, out var address))
                {
                    await AnswerAsync(stream, "403 Forbidden");
                    return;
                }

                using var server = new TcpClient();
                await server.ConnectAsync(address, stop.Token);
                await AnswerAsync(stream, "200 Connection established");
                // Once one side has said all, there is nothing that the other could still be told.
                await Task.WhenAny(stream.CopyToAsync(server.GetStream(), stop.Token), server.GetStream().CopyToAsync(stream, stop.Token));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One side went away, or the proxy ends.
            }
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < LongestHead && await stream.ReadAsync(one, stop.Token) == 1)
        {
            head.Append((char)one[0]);
            if (one[0] == '\n' && head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                break;
        }

        return head.ToString();
    }

    private async Task AnswerAsync(NetworkStream stream, string status) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n\r\n"), stop.Token);
}
