using System.Net;
using System.Net.Sockets;

namespace NixGen.EndToEnd.Runtime;

/// <summary>A server that answers every connection with the same bytes, however wrong they are as HTTP.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public RawServer(byte[] answer)
    {
        listener.Start();
        Url = $"http://{listener.LocalEndpoint}";
        _ = AnswerAsync(answer);
    }

    public string Url { get; }

    public void Dispose() => listener.Dispose();

    private async Task AnswerAsync(byte[] answer)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await AnswerAsync(client, answer);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }

    private static async Task AnswerAsync(TcpClient client, byte[] answer)
    {
        try
        {
            var stream = client.GetStream();
            var buffer = new byte[65_536];
            _ = await stream.ReadAsync(buffer);
            await stream.WriteAsync(answer);
            // Closed in good order: a reset could take away what the client hasn't read yet.
            client.Client.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(buffer) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // The client left.
        }
    }
}
