using System.Buffers.Binary;

namespace NixGen.Testing.Gcs;

/// <summary>CRC-32C (RFC 3720, appendix B.4), by the book: one table of bytes.</summary>
public static class Crc32c
{
    private const uint Polynomial = 0x82F63B78;
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var value = uint.MaxValue;
        foreach (var item in bytes)
            value = Table[(byte)value ^ item] ^ (value >> 8);
        return ~value;
    }

    /// <summary>Big-endian, in base64: the way Cloud Storage states it.</summary>
    public static string Base64(ReadOnlySpan<byte> bytes)
    {
        Span<byte> buffer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(buffer, Of(bytes));
        return Convert.ToBase64String(buffer);
    }

    private static uint Entry(int index)
    {
        var value = (uint)index;
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
        return value;
    }
}
