using System.Buffers.Binary;

namespace NixGen.Nix.Hashing;

/// <summary>Writes the strings that a Nix archive is made of: the length as 64 bits little-endian, the bytes, zeros up to a multiple of 8.</summary>
internal sealed class NixArchiveWriter(Stream destination, CancellationToken cancellationToken)
{
    private readonly byte[] buffer = new byte[1 << 17];
    private int used;

    public void Text(ReadOnlySpan<byte> text)
    {
        Length(text.Length);
        Bytes(text);
        Pad(text.Length);
    }

    /// <summary>A file's content as one string.</summary>
    /// <exception cref="IOException">The file can't be read, or it changed its length while it was read.</exception>
    public void File(string path)
    {
        using var file = System.IO.File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        Length(length);
        var position = 0L;
        for (int read; (read = Fill(file, position)) > 0; position += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (position != length)
        {
            throw new IOException($"'{path}' changed while it was read.");
        }

        Pad(length);
    }

    public void Flush()
    {
        destination.Write(buffer, 0, used);
        used = 0;
    }

    private int Fill(Microsoft.Win32.SafeHandles.SafeFileHandle file, long position)
    {
        Reserve(1);
        var read = RandomAccess.Read(file, buffer.AsSpan(used), position);
        used += read;
        return read;
    }

    private void Length(long length)
    {
        Reserve(sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(used), length);
        used += sizeof(long);
    }

    private void Pad(long length)
    {
        var padding = (int)(-length & 7);
        Reserve(padding);
        buffer.AsSpan(used, padding).Clear();
        used += padding;
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > buffer.Length)
        {
            Flush();
            destination.Write(bytes);
            return;
        }

        Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(used));
        used += bytes.Length;
    }

    private void Reserve(int count)
    {
        if (buffer.Length - used < count)
        {
            Flush();
        }
    }
}
