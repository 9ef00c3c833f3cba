using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace NixGen.Testing.Hub;

/// <summary>The body of an answer on its way out: it counts, and it does to the bytes what a fault asks for.</summary>
internal sealed class HubBody(HttpContext context, Stream inner, HubFault? fault, HubRequestLog.Entry entry) : Stream
{
    private long position;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => position; set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // What length is stated shows only when the headers are out.
        if (fault?.LengthOff is not null && position == 0)
            await context.Response.StartAsync(cancellationToken);
        while (!buffer.IsEmpty)
        {
            await StopHereAsync();
            var length = (int)Math.Min(buffer.Length, NextStop() - position);
            if (length == 0)
                return;
            var chunk = buffer[..length];
            buffer = buffer[length..];
            if (fault?.CorruptFrom is { } from && position + length > from)
                chunk = Corrupted(chunk, (int)Math.Max(0, from - position));
            entry.Sent(length);
            await inner.WriteAsync(chunk, cancellationToken);
            position += length;
            if (fault?.BytesPerSecond is { } speed)
            {
                await inner.FlushAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromSeconds((double)length / speed), context.RequestAborted);
            }
        }

        await StopHereAsync();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Kestrel writes asynchronously.");

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Does what is due at the current offset. Called once more where the body is empty.</summary>
    public async Task StopHereAsync()
    {
        if (fault?.StallAfter == position && !stalled)
        {
            stalled = true;
            if (position > 0)
                await inner.FlushAsync(context.RequestAborted);
            await Task.Delay(fault.StallFor, context.RequestAborted);
        }

        if (fault?.CutAfter != position)
            return;
        if (!fault.CutWithReset)
            throw new HubCutException();
        if (position > 0)
        {
            await inner.FlushAsync(context.RequestAborted);
            await Task.Delay(50, context.RequestAborted);
        }

        if (context.Features.Get<IConnectionSocketFeature>() is { } connection)
            connection.Socket.LingerState = new System.Net.Sockets.LingerOption(enable: true, seconds: 0);
        context.Abort();
        throw new HubCutException();
    }

    private bool stalled;

    private long NextStop()
    {
        var stop = long.MaxValue;
        if (fault is null)
            return stop;
        if (fault.CutAfter is { } cut && cut > position)
            stop = Math.Min(stop, cut);
        if (fault.StallAfter is { } stall && stall > position)
            stop = Math.Min(stop, stall);
        if (fault.StatedLength is { } stated)
            stop = Math.Min(stop, Math.Max(stated, position));
        if (fault.LengthOff is not null && context.Response.ContentLength is { } length)
            stop = Math.Min(stop, Math.Max(length, position));
        if (fault.BytesPerSecond is { } speed)
            stop = Math.Min(stop, position + Math.Max(1, speed / 10));
        return stop;
    }

    private static byte[] Corrupted(ReadOnlyMemory<byte> chunk, int from)
    {
        var bytes = chunk.ToArray();
        for (var index = from; index < bytes.Length; index++)
            bytes[index] ^= 0x5a;
        return bytes;
    }
}

/// <summary>A fault ended the body here.</summary>
internal sealed class HubCutException : Exception;
