using NixGen.Nix.Hashing;

namespace NixGen.Manifest.Schema;

/// <summary>Recognises hashes in other spellings than SRI, so that a diagnostic can show the right one.</summary>
internal static class HashSpellings
{
    private const string Nix32Digits = "0123456789abcdfghijklmnpqrsvwxyz";

    /// <summary>The same hash as SRI, or null where the text is no SHA-256 in a known spelling.</summary>
    public static string? ToSri(string text)
    {
        var body = Body(text);
        if (SriHash.TryFromHex(body, out var hash) || SriHash.TryParse($"sha256-{body.TrimEnd('=')}=", out hash))
        {
            return hash.Text;
        }

        return FromNix32(body) is { } digest ? SriHash.FromBytes(digest).Text : null;
    }

    /// <summary>What the text is, in words.</summary>
    public static string Describe(string text)
    {
        var body = Body(text);
        return text switch
        {
            "" => "nothing",
            _ when text.StartsWith("sha512", StringComparison.Ordinal) => "a SHA-512",
            _ when text.StartsWith("sha1", StringComparison.Ordinal) => "a SHA-1",
            _ when text.StartsWith("md5", StringComparison.Ordinal) => "an MD5",
            _ when SriHash.TryFromHex(body, out _) => "a SHA-256 in hexadecimal digits",
            _ when FromNix32(body) is not null => "a SHA-256 in Nix's base 32",
            _ when body.Length == 40 && body.All(char.IsAsciiHexDigit) => "40 hexadecimal digits: a SHA-1 or a commit",
            _ => $"{Diagnostics.Quoted.Text(text)}, {text.Length} characters",
        };
    }

    private static string Body(string text) =>
        text.StartsWith("sha256-", StringComparison.Ordinal) || text.StartsWith("sha256:", StringComparison.Ordinal) ? text["sha256:".Length..] : text;

    // Nix writes the digest's bits from the last to the first, five to a digit.
    private static byte[]? FromNix32(string text)
    {
        if (text.Length != 52)
        {
            return null;
        }

        var digest = new byte[32];
        for (var i = 0; i < text.Length; i++)
        {
            var digit = Nix32Digits.IndexOf(text[text.Length - 1 - i], StringComparison.Ordinal);
            var bit = i * 5;
            if (digit < 0 || (bit / 8 == 31 && digit >> (8 - (bit % 8)) != 0))
            {
                return null;
            }

            digest[bit / 8] |= (byte)(digit << (bit % 8));
            if (bit / 8 < 31)
            {
                digest[(bit / 8) + 1] |= (byte)(digit >> (8 - (bit % 8)));
            }
        }

        return digest;
    }
}
