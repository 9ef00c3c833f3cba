using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace NixGen.Resolve;

/// <summary>CRC-32C (Castagnoli; RFC 9260 appendix A), by the processor's own instruction where it has one.</summary>
internal sealed class Crc32C
{
    private uint _state = uint.MaxValue;

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        var state = _state;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(piece))
        {
            state = BitOperations.Crc32C(state, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var value in piece[(piece.Length / sizeof(ulong) * sizeof(ulong))..])
        {
            state = BitOperations.Crc32C(state, value);
        }

        _state = state;
    }

    /// <summary>The sum as base64 of its four bytes in network order.</summary>
    public string Finish()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~_state);
        return Convert.ToBase64String(bytes);
    }
}
