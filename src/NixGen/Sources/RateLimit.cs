using System.Globalization;

namespace NixGen.Sources;

/// <summary>How long a server asks to wait.</summary>
public static class RateLimit
{
    /// <summary>Seconds from <c>Retry-After</c> (RFC 9110 §10.2.3, the form in seconds), or <c>t</c> of a <c>RateLimit</c> header whose <c>r</c> is 0 (draft-ietf-httpapi-ratelimit-headers); null where neither says.</summary>
    public static TimeSpan? Of(UpstreamResponse response) => Of(response.Header("Retry-After"), response.Header("RateLimit"));

    /// <summary>The same from the headers' values.</summary>
    public static TimeSpan? Of(string? retryAfter, string? rateLimit)
    {
        if (Seconds(retryAfter) is { } stated)
        {
            return stated;
        }

        long? left = null;
        TimeSpan? wait = null;
        foreach (var part in (rateLimit ?? "").Split(';', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("r=", StringComparison.Ordinal))
            {
                left = long.TryParse(part.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
            }
            else if (part.StartsWith("t=", StringComparison.Ordinal))
            {
                wait = Seconds(part[2..]);
            }
        }

        return left == 0 ? wait : null;
    }

    private static TimeSpan? Seconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
}
