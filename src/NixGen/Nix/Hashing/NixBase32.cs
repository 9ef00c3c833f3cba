using System.Buffers;

namespace NixGen.Nix.Hashing;

/// <summary>
/// Nix's own base 32: the digits and lower-case letters without <c>e o t u</c>, and the digest read as one little-endian number,
/// written from its most significant end without padding (Nix manual, "Nix32 encoding"; nix: <c>src/libutil/hash.cc</c>).
/// </summary>
public static class NixBase32
{
    private const string Alphabet = "0123456789abcdfghijklmnpqrsvwxyz";

    private static readonly SearchValues<char> Digits = SearchValues.Create(Alphabet);

    /// <summary>How many characters encode this many bytes: 52 for a SHA-256, 32 for the 20 bytes of a store path.</summary>
    public static int EncodedLength(int bytes) => ((bytes * 8) + 4) / 5;

    /// <summary>Encodes bytes; nothing encodes to nothing.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = bytes.Length <= 64 ? stackalloc char[EncodedLength(bytes.Length)] : new char[EncodedLength(bytes.Length)];
        for (var position = 0; position < text.Length; position++)
        {
            var bit = (text.Length - 1 - position) * 5;
            var index = bit / 8;
            var shift = bit % 8;
            var low = bytes[index] >> shift;
            var high = index + 1 < bytes.Length ? bytes[index + 1] << (8 - shift) : 0;
            text[position] = Alphabet[(low | high) & 0x1f];
        }

        return new string(text);
    }

    /// <summary>
    /// Decodes text that encodes exactly <paramref name="bytes"/>'s length; false for other lengths, other characters,
    /// and for set bits beyond the last byte (such text isn't what <see cref="Encode"/> writes).
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (text.Length != EncodedLength(bytes.Length) || text.ContainsAnyExcept(Digits))
        {
            return false;
        }

        bytes.Clear();
        for (var position = 0; position < text.Length; position++)
        {
            var digit = Alphabet.IndexOf(text[position], StringComparison.Ordinal);
            var bit = (text.Length - 1 - position) * 5;
            var index = bit / 8;
            var shift = bit % 8;
            bytes[index] |= (byte)(digit << shift);
            var overflow = digit >> (8 - shift);
            if (index + 1 < bytes.Length)
            {
                bytes[index + 1] |= (byte)overflow;
            }
            else if (overflow != 0)
            {
                return false;
            }
        }

        return true;
    }
}
