using NixGen.Nix.Hashing;

namespace NixGen.Manifest.Schema;

/// <summary>Recognises hashes in other spellings than SRI, so that a diagnostic can show the right one.</summary>
internal static class HashSpellings
{
    /// <summary>The same hash as SRI, or null where the text is no SHA-256 in a known spelling.</summary>
    public static string? ToSri(string text)
    {
        var body = Body(text);
        return SriHash.TryFromHex(body, out var hash)
            || SriHash.TryFromNix32(body, out hash)
            || SriHash.TryParse($"sha256-{body.TrimEnd('=')}=", out hash)
                ? hash.Text
                : null;
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
            _ when SriHash.TryFromNix32(body, out _) => "a SHA-256 in Nix's base 32",
            _ when body.Length == 40 && body.All(char.IsAsciiHexDigit) => "40 hexadecimal digits: a SHA-1 or a commit",
            _ => $"{Diagnostics.Quoted.Text(text)}, {text.Length} characters",
        };
    }

    private static string Body(string text) =>
        text.StartsWith("sha256-", StringComparison.Ordinal) || text.StartsWith("sha256:", StringComparison.Ordinal) ? text["sha256:".Length..] : text;
}
