using System.Collections.Immutable;
using System.Globalization;

namespace NixGen.Testing.Hub;

/// <summary>Something that goes wrong with an answer. Offsets count bytes of the body.</summary>
public sealed record HubFault
{
    private HubFault()
    {
    }

    internal int? StatusCode { get; private init; }

    internal string? Body { get; private init; }

    internal ImmutableDictionary<string, string?> Headers { get; private init; } = ImmutableDictionary.Create<string, string?>(StringComparer.OrdinalIgnoreCase);

    internal long? CutAfter { get; private init; }

    internal bool CutWithReset { get; private init; }

    internal long? StallAfter { get; private init; }

    internal TimeSpan StallFor { get; private init; }

    internal long? CorruptFrom { get; private init; }

    internal int? BytesPerSecond { get; private init; }

    internal long? StatedLength { get; private init; }

    internal bool DropsRange { get; private init; }

    internal bool RedirectsToItself { get; private init; }

    internal ImmutableDictionary<string, string> SecondHeaders { get; private init; } = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    internal HubRangeFault? Range { get; private init; }

    internal int ExtraBytes { get; private init; }

    internal long? LengthOff { get; private init; }

    internal HubFile? Replacement { get; private init; }

    internal bool Compresses { get; private init; }

    internal bool ExpiresLinks { get; private init; }

    internal (int Hops, bool OverHosts)? Chain { get; private init; }

    /// <summary>Answers with a status and a body in place of the content.</summary>
    public static HubFault Status(int status, string body = "") => new() { StatusCode = status, Body = body };

    /// <summary>429 as the Hub sends it, with or without <c>Retry-After</c>.</summary>
    public static HubFault TooManyRequests(int seconds, bool retryAfter = true, string bucket = "api")
    {
        var wait = seconds.ToString(CultureInfo.InvariantCulture);
        var fault = Status(429, "{\"error\":\"Too Many Requests\"}").WithHeader("RateLimit", $"\"{bucket}\";r=0;t={wait}");
        return retryAfter ? fault.WithHeader("Retry-After", wait) : fault;
    }

    /// <summary>A page of HTML with status 200: a captive portal, a proxy's excuse.</summary>
    public static HubFault HtmlPage() =>
        Status(200, "<!doctype html><html><body>Sign in to continue</body></html>").WithHeader("Content-Type", "text/html; charset=utf-8");

    /// <summary>Sends a redirect to elsewhere.</summary>
    public static HubFault RedirectTo(Uri location, int status = 302) => Status(status).WithHeader("Location", location.OriginalString);

    /// <summary>Redirects to the very same URL.</summary>
    public static HubFault RedirectLoop() => new() { StatusCode = 302, RedirectsToItself = true };

    /// <summary>Redirects so many times before the answer, on the Hub's host or between the two hosts.</summary>
    public static HubFault RedirectChain(int hops, bool overHosts = false) => new() { Chain = (hops, overHosts) };

    /// <summary>Sends so many bytes and then closes the connection in good order.</summary>
    public static HubFault Truncate(long afterBytes) => new() { CutAfter = afterBytes };

    /// <summary>Sends so many bytes and then resets the connection.</summary>
    public static HubFault Reset(long afterBytes = 0) => new() { CutAfter = afterBytes, CutWithReset = true };

    /// <summary>Sends so many bytes and then nothing, for a time or until the client gives up. After 0 bytes not even a header is sent.</summary>
    public static HubFault Stall(long afterBytes, TimeSpan? duration = null) => new() { StallAfter = afterBytes, StallFor = duration ?? Timeout.InfiniteTimeSpan };

    /// <summary>Sends other bytes than asked for from an offset on.</summary>
    public static HubFault Corrupt(long fromByte = 0) => new() { CorruptFrom = fromByte };

    /// <summary>Sends slowly.</summary>
    public static HubFault Throttle(int bytesPerSecond) => new() { BytesPerSecond = bytesPerSecond };

    /// <summary>States another <c>Content-Length</c>; where it is shorter, sends no more than that.</summary>
    public static HubFault ContentLength(long stated) => new() { StatedLength = stated };

    /// <summary>States so many bytes more (or fewer) in <c>Content-Length</c> than there are; where it is fewer, sends no more than that.</summary>
    public static HubFault ContentLengthOff(long bytes) => new() { LengthOff = bytes };

    /// <summary>Sends a body of no stated length.</summary>
    public static HubFault NoLength() => Header("Content-Length", null);

    /// <summary>Sends the content compressed although nobody asked for that.</summary>
    public static HubFault Gzip() => new() { Compresses = true };

    /// <summary>
    /// Sends other bytes of the file than asked for, as 206 even where no range was asked for. They are labelled as what they
    /// are, or else as what was asked for.
    /// </summary>
    public static HubFault OtherRange(long shift, bool honest = true) => new() { Range = new HubRangeFault(Shift: shift, Honest: honest) };

    /// <summary>Sends no more than so many bytes of what was asked for, and says so: 206 even where no range was asked for.</summary>
    public static HubFault ShortRange(long bytes) => new() { Range = new HubRangeFault(Limit: bytes) };

    /// <summary>Sends so many bytes of noise after the ones that were asked for; <c>Content-Range</c> doesn't count them.</summary>
    public static HubFault Overrun(int bytes) => new() { ExtraBytes = bytes };

    /// <summary>Serves another file in the place of the one asked for, with its size and its ETag.</summary>
    public static HubFault Replace(HubFile file) => new() { Replacement = file };

    /// <summary>Redirects to a signed URL whose time is over.</summary>
    public static HubFault ExpiredLink() => new() { ExpiresLinks = true };

    /// <summary>Answers as if no <c>Range</c> had been asked for.</summary>
    public static HubFault IgnoreRange() => new() { DropsRange = true };

    /// <summary>States another <c>Content-Range</c> than is sent.</summary>
    public static HubFault ContentRange(string value) => new HubFault().WithHeader("Content-Range", value);

    /// <summary>Sends a header in place of the right one; null leaves it out.</summary>
    public static HubFault Header(string name, string? value) => new HubFault().WithHeader(name, value);

    /// <summary>Sends a header twice: as it is, and with this value.</summary>
    public static HubFault SecondHeader(string name, string value) => new() { SecondHeaders = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase).Add(name, value) };

    /// <summary>The same fault with a header more.</summary>
    public HubFault WithHeader(string name, string? value) => this with { Headers = Headers.SetItem(name, value) };
}
