using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace NixGen.Testing.S3;

/// <summary>How paths, queries and listings spell keys.</summary>
internal static class S3Spelling
{
    /// <summary>Percent-decodes UTF-8; a plus stays one.</summary>
    public static string Decode(string text) => Uri.UnescapeDataString(text);

    /// <summary>Percent-encodes every byte but the unreserved ones (RFC 3986), with upper-case digits: what AWS calls UriEncode.</summary>
    /// <param name="text">What to encode.</param>
    /// <param name="slash">Whether slashes are encoded too.</param>
    public static string Encode(string text, bool slash = true)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            var character = (char)value;
            if (char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or '~' || (character == '/' && !slash))
                encoded.Append(character);
            else
                encoded.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>As listings with <c>encoding-type=url</c> have it: like HTML forms, with slashes as they are.</summary>
    public static string EncodeForListing(string key) =>
        Encode(key, slash: false).Replace("%20", "+", StringComparison.Ordinal).Replace("%2A", "*", StringComparison.Ordinal).Replace("~", "%7E", StringComparison.Ordinal);

    /// <summary>The parameters of a raw query, decoded as S3 does: a plus is a space.</summary>
    public static ImmutableArray<(string Name, string Value)> Query(string target)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        if (mark < 0)
            return [];
        return [.. target[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair =>
        {
            var parts = pair.Replace('+', ' ').Split('=', 2);
            return (Decode(parts[0]), parts.Length > 1 ? Decode(parts[1]) : "");
        })];
    }
}
