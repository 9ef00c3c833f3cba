using System.Globalization;
using System.Text.RegularExpressions;
using NixGen.Nix.Hashing;

namespace NixGen.Sources.Url;

/// <summary>What the head of an answer states of the whole content.</summary>
internal static partial class StatedDigest
{
    private const string OfNothing = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    /// <summary>
    /// The SHA-256, or null where the head doesn't state it: <c>Repr-Digest</c> (RFC 9530 §3), <c>Content-Digest</c> (§2, of answers
    /// that are whole), <c>x-amz-checksum-sha256</c> of a full object (S3, "Checking object integrity"), or <c>X-Linked-ETag</c> of
    /// a Hub. A head without a length states nothing: its content may be compressed on the way, and the digest be that of this.
    /// </summary>
    public static SriHash? Of(UpstreamResponse head)
    {
        if (LengthOf(head) is not { } length)
        {
            return null;
        }

        var stated = FromField(head.Header("Repr-Digest"))
            ?? (head.Status == 200 ? FromField(head.Header("Content-Digest")) : null)
            ?? FromAmazon(head)
            ?? FromHub(head);
        // Of a HEAD, some take the digest of the body that isn't there.
        return stated?.Text == OfNothing && length > 0 ? null : stated;
    }

    /// <summary>How many bytes the whole content has, or null where the head doesn't say.</summary>
    public static long? LengthOf(UpstreamResponse head)
    {
        var encoding = head.Header("Content-Encoding");
        if (encoding is not (null or "" or "identity"))
        {
            return null;
        }

        var text = head.Status == 206
            ? head.Header("Content-Range")?.Split('/') is ["bytes 0-0", var total] ? total : null
            : head.Header("Content-Length");
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
    }

    // A dictionary of byte sequences (RFC 8941 §3.2, §3.3.5). Two that differ are no statement.
    private static SriHash? FromField(string? field)
    {
        SriHash? found = null;
        foreach (Match member in Sha256Member().Matches(field ?? ""))
        {
            if (!SriHash.TryParse("sha256-" + member.Groups["base64"].Value, out var hash) || (found is not null && !found.Equals(hash)))
            {
                return null;
            }

            found = hash;
        }

        return found;
    }

    // Of an object that was uploaded in parts it is a hash of hashes, marked by its type and by `-N` behind it.
    private static SriHash? FromAmazon(UpstreamResponse head) =>
        head.Header("x-amz-checksum-type") is null or "FULL_OBJECT" && SriHash.TryParse("sha256-" + head.Header("x-amz-checksum-sha256"), out var hash)
            ? hash
            : null;

    // The Hub states it beside the commit, before it redirects to where the content lies. Of files in git it is a SHA-1.
    private static SriHash? FromHub(UpstreamResponse head)
    {
        var stated = head.Redirect ?? head.Headers;
        return stated.ContainsKey("X-Repo-Commit")
            && stated.TryGetValue("X-Linked-ETag", out var tag)
            && SriHash.TryFromHex(tag.Trim('"'), out var hash)
                ? hash
                : null;
    }

    [GeneratedRegex(@"(?<=^|,)[ \t]*sha-256[ \t]*=[ \t]*:(?<base64>[A-Za-z0-9+/]{43}=):[ \t]*(;[^,]*)?(?=,|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sha256Member();
}
