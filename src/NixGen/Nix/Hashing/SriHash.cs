using System.Diagnostics.CodeAnalysis;

namespace NixGen.Nix.Hashing;

/// <summary>A SHA-256 in the form of Subresource Integrity: <c>sha256-</c> and 44 characters of base64 (W3C SRI §3.1; Nix manual, "Hashes").</summary>
public sealed record SriHash
{
    private const string Prefix = "sha256-";

    private SriHash(string text) => Text = text;

    /// <summary>The canonical text, such as <c>sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</c>.</summary>
    public string Text { get; }

    /// <summary>The 64 lower-case hexadecimal digits of the digest.</summary>
    public string Hex => Convert.ToHexStringLower(Bytes);

    /// <summary>The digest's 32 bytes.</summary>
    public byte[] Bytes => Convert.FromBase64String(Text[Prefix.Length..]);

    /// <summary>The 52 characters of the digest in <see cref="NixBase32"/>, as older Nix code writes it.</summary>
    public string ToNix32() => NixBase32.Encode(Bytes);

    /// <summary>From the 32 bytes of a SHA-256 digest.</summary>
    /// <exception cref="ArgumentException">The digest isn't 32 bytes long.</exception>
    public static SriHash FromBytes(ReadOnlySpan<byte> digest) =>
        digest.Length == 32
            ? new(Prefix + Convert.ToBase64String(digest))
            : throw new ArgumentException("A SHA-256 digest has 32 bytes.", nameof(digest));

    /// <summary>From 64 hexadecimal digits of either case; false for anything else.</summary>
    public static bool TryFromHex(string? hex, [NotNullWhen(true)] out SriHash? hash)
    {
        hash = hex is { Length: 64 } && hex.All(char.IsAsciiHexDigit) ? FromBytes(Convert.FromHexString(hex)) : null;
        return hash is not null;
    }

    /// <summary>From canonical SRI text; false for other algorithms, other lengths and base64 that isn't canonical.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SriHash? hash)
    {
        hash = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length != Prefix.Length + 44)
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[33];
        if (!Convert.TryFromBase64String(text[Prefix.Length..], digest, out var written) || written != 32)
        {
            return false;
        }

        var canonical = FromBytes(digest[..32]);
        hash = string.Equals(canonical.Text, text, StringComparison.Ordinal) ? canonical : null;
        return hash is not null;
    }

    /// <summary>From 52 characters of <see cref="NixBase32"/>; false for anything else.</summary>
    public static bool TryFromNix32(string? text, [NotNullWhen(true)] out SriHash? hash)
    {
        Span<byte> digest = stackalloc byte[32];
        hash = text is not null && NixBase32.TryDecode(text, digest) ? FromBytes(digest) : null;
        return hash is not null;
    }

    /// <summary>
    /// From any way in which Nix users write a SHA-256: SRI, or hexadecimal, Nix base 32 or base64 with or without the prefix <c>sha256:</c>
    /// (nix: <c>Hash::parseAny</c>). False for anything else.
    /// </summary>
    public static bool TryParseAny(string? text, [NotNullWhen(true)] out SriHash? hash)
    {
        if (TryParse(text, out hash) || text is null)
        {
            return hash is not null;
        }

        const string algorithm = "sha256:";
        var digits = text.StartsWith(algorithm, StringComparison.Ordinal) ? text[algorithm.Length..] : text;
        return TryFromHex(digits, out hash) || TryFromNix32(digits, out hash) || TryParse(Prefix + digits, out hash);
    }

    /// <summary>The canonical text.</summary>
    public override string ToString() => Text;
}
