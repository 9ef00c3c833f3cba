using System.Globalization;

namespace NixGen.Sources.Url;

/// <summary>What a server calls its present content, where that can't be called otherwise tomorrow.</summary>
internal static class ContentVersion
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Entity tag and time of change in one line, or null where they don't name the content: the tag is weak or missing, or the
    /// content is younger than a minute, so that it could have changed again within the same second (RFC 9110 §8.8.2.2, §8.8.3).
    /// </summary>
    public static string? Of(UpstreamResponse head) =>
        head.Header("ETag") is ['"', .., '"'] tag
        && head.Header("Last-Modified") is { } modified
        && TimeOf(modified) is { } changed
        && TimeOf(head.Header("Date")) is { } now
        && now - changed >= Settled
            ? $"{tag} {modified}"
            : null;

    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
