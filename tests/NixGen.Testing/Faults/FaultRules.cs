using System.Collections.Immutable;
using System.Globalization;
using NixGen.Testing.Hub;
using static NixGen.Testing.Faults.FaultEnd;
using static NixGen.Testing.Faults.FaultHop;

namespace NixGen.Testing.Faults;

/// <summary>The kinds of faults, one row each.</summary>
public static class FaultRules
{
    // Text that would be a program, an address or a number to a careless shell.
    private static readonly string[] GarbledRanges =
    [
        "bytes", "bytes 0-", "bytes -5/10", "bytes a-b/c", "items 0-1/2", "bytes 0x0-0x9/0x10", "bytes 08-09/010", "bytes 0-1,5-6/10", "bytes 5-0/10",
        "bytes 99999999999999999999-99999999999999999999/99999999999999999999", "$(touch pwned)", "bytes a[$(touch pwned)]-1/2", "bytes 0-9/a[$(touch pwned)]", "bytes */*", "-1", "bytes 1 - 2 / 3",
    ];

    /// <summary>All of them, in the order of <see cref="FaultKind"/>.</summary>
    public static ImmutableArray<FaultRule> All { get; } =
    [
        // Nobody reads the body of a redirect, so that it may end anywhere.
        new(FaultKind.Truncated, [Content, Content, List], Done, Failed, scene =>
        {
            var bytes = scene.IsForGood ? 0 : scene.Place();
            return new MadeFault(HubFault.Truncate(bytes), $"after {bytes}");
        }),
        new(FaultKind.Stalled, [Content, Content, Resolve, List], Done, Failed, scene =>
        {
            var bytes = scene.IsForGood ? 0 : scene.Place();
            return new MadeFault(HubFault.Stall(bytes), $"after {bytes}");
        }),
        new(FaultKind.Reset, [Content, Content, Resolve, List], Done, Failed, scene =>
        {
            var bytes = scene.IsForGood ? 0 : scene.Place();
            return new MadeFault(HubFault.Reset(bytes), $"after {bytes}");
        }),
        new(FaultKind.Slow, [Content], Done, Done, scene =>
        {
            var speed = scene.Dice.Between(500_000, 3_000_000);
            return new MadeFault(HubFault.Throttle(speed), $"{speed} bytes a second");
        }),
        new(FaultKind.OtherRange, [Content], Done, Failed, scene =>
        {
            var shift = scene.Dice.Between(0, scene.Size);
            return new MadeFault(HubFault.OtherRange(shift), $"by {shift}");
        }),
        new(FaultKind.MislabelledRange, [Content], Either, Failed, scene =>
        {
            var shift = scene.Dice.Between(0, scene.Size);
            return new MadeFault(HubFault.OtherRange(shift, honest: false), $"by {shift}");
        }),
        new(FaultKind.ShortRange, [Content], Done, Either, scene =>
        {
            // One byte an answer would take for ever.
            var bytes = scene.IsForGood && scene.Dice.OneIn(2) ? 1 : scene.Dice.Between(1, scene.Size);
            return new MadeFault(HubFault.ShortRange(bytes), $"{bytes} bytes");
        }),
        new(FaultKind.Overrun, [Content], Either, Either, scene =>
        {
            var bytes = scene.Dice.Pick(1, 1_000, scene.Dice.Between(1, 2 * scene.Size));
            return new MadeFault(HubFault.Overrun(bytes), $"by {bytes}");
        }),
        new(FaultKind.WrongBytes, [Content], Either, Failed, scene =>
        {
            var from = scene.IsForGood ? 0 : scene.Place();
            return new MadeFault(HubFault.Corrupt(from), $"from {from}");
        }),
        new(FaultKind.RangesIgnored, [Content], Done, Done, _ => new MadeFault(HubFault.IgnoreRange())),
        new(FaultKind.RangeRefused, [Content], Either, Failed, scene =>
        {
            var total = scene.Dice.Pick("*", "0", scene.Size.ToString(CultureInfo.InvariantCulture), scene.Dice.Between(1, scene.Size).ToString(CultureInfo.InvariantCulture));
            return new MadeFault(HubFault.Status(416, "Range Not Satisfiable").WithHeader("Content-Range", $"bytes */{total}"), $"of {total}");
        }),
        new(FaultKind.GarbledContentRange, [Content], Done, Either, scene =>
        {
            var text = scene.Dice.Pick(GarbledRanges);
            return new MadeFault(HubFault.ContentRange(text), text);
        }),
        new(FaultKind.SecondContentRange, [Content], Either, Either, scene =>
        {
            var text = scene.Dice.Pick($"bytes 0-9/{scene.Size}", $"bytes 0-{scene.Size - 1}/{scene.Size}", scene.Dice.Pick(GarbledRanges));
            return new MadeFault(HubFault.SecondHeader("Content-Range", text), text);
        }),
        new(FaultKind.OtherTotal, [Content], Either, Either, scene =>
        {
            var text = $"bytes 0-{scene.Dice.Between(0, scene.Size)}/{scene.Size + scene.Dice.Between(-1, 1)}";
            return new MadeFault(HubFault.ContentRange(text), text);
        }),
        new(FaultKind.Replaced, [Link, Content], Either, Failed, scene => new MadeFault(HubFault.Replace(Other(scene, scene.Size)))),
        new(FaultKind.Resized, [Link, Content], Either, Failed, scene =>
        {
            var size = scene.Dice.Pick(scene.Size + 1, scene.Size - 1, scene.Dice.Between(1, scene.Size / 2), scene.Size * 2);
            return new MadeFault(HubFault.Replace(Other(scene, size)), $"{size} bytes");
        }),
        new(FaultKind.LinkExpired, [Link], Done, Failed, _ => new MadeFault(HubFault.ExpiredLink())),
        new(FaultKind.RateLimited, [Resolve, Content, List], Done, Failed, scene =>
        {
            var (seconds, says) = (scene.Dice.Between(0, 1), scene.Dice.OneIn(2));
            return new MadeFault(HubFault.TooManyRequests(seconds, says, "resolvers"), $"for {seconds} s{(says ? "" : ", without Retry-After")}");
        }),
        new(FaultKind.Unavailable, [Resolve, Content, List], Done, Failed, scene =>
        {
            var status = scene.Dice.Pick(500, 502, 503, 504, 408);
            var fault = HubFault.Status(status, scene.Dice.Pick("", "sorry", "<html><body>Bad gateway</body></html>"));
            return new MadeFault(scene.Dice.OneIn(2) ? fault.WithHeader("Retry-After", "0") : fault, $"{status}");
        }),
        new(FaultKind.Denied, [Resolve, Content, List], Either, Failed, scene =>
        {
            var status = scene.Dice.Pick(400, 401, 403, 404, 410, 451);
            var code = scene.Dice.Pick(null, "GatedRepo", "RepoNotFound", "EntryNotFound", "RevisionNotFound", "$(touch pwned)");
            return new MadeFault(HubFault.Status(status, "<Error>No</Error>").WithHeader("X-Error-Code", code).WithHeader("X-Error-Message", "No: `touch pwned`"), $"{status} {code}");
        }),
        new(FaultKind.OddStatus, [Resolve, Content, List], Done, Failed, scene =>
        {
            var status = scene.Dice.Pick(201, 203, 300, 302, 304, 399);
            return new MadeFault(HubFault.Status(status), $"{status}");
        }),
        new(FaultKind.Empty, [Resolve, Content], Done, Failed, scene =>
        {
            var status = scene.Dice.Pick(200, 206);
            return new MadeFault(HubFault.Status(status), $"{status}");
        })
        { EndsInGoodOrder = true },
        new(FaultKind.HtmlPage, [Resolve, Content], Done, Failed, _ => new MadeFault(HubFault.HtmlPage())) { EndsInGoodOrder = true },
        new(FaultKind.RedirectChain, [Resolve], Done, Done, scene =>
        {
            var (hops, over) = (scene.Dice.Between(1, 8), scene.Dice.OneIn(2));
            return new MadeFault(HubFault.RedirectChain(hops, over), $"of {hops}{(over ? " over two hosts" : "")}");
        }),
        new(FaultKind.LongRedirectChain, [Resolve], Either, Failed, scene =>
        {
            var (hops, over) = (scene.Dice.Between(11, 30), scene.Dice.OneIn(2));
            return new MadeFault(HubFault.RedirectChain(hops, over), $"of {hops}{(over ? " over two hosts" : "")}");
        }),
        new(FaultKind.RedirectLoop, [Resolve, List], Either, Failed, _ => new MadeFault(HubFault.RedirectLoop())),
        new(FaultKind.RedirectElsewhere, [Resolve, Content], Either, Failed, scene =>
        {
            var address = scene.Dice.Pick("http://127.0.0.2:9/x", "https://127.0.0.1:9/x", "file:///etc/passwd", "ftp://127.0.0.1:9/x", "http://hub.invalid/x");
            return new MadeFault(HubFault.RedirectTo(new Uri(address), scene.Dice.Pick(301, 302, 307, 308)), address);
        }),
        new(FaultKind.LengthOverstated, [Content], Done, Either, scene =>
        {
            var bytes = scene.Dice.Between(1, scene.Size);
            return new MadeFault(HubFault.ContentLengthOff(bytes), $"by {bytes}");
        }),
        new(FaultKind.LengthUnderstated, [Content], Done, Either, scene =>
        {
            var bytes = scene.Dice.Between(1, scene.Size);
            return new MadeFault(HubFault.ContentLengthOff(-bytes), $"by {bytes}");
        })
        { EndsInGoodOrder = true },
        new(FaultKind.NoLength, [Content], Done, Done, _ => new MadeFault(HubFault.NoLength())),
        new(FaultKind.Compressed, [Content], Done, Failed, _ => new MadeFault(HubFault.Gzip())),
        new(FaultKind.ListGarbled, [List], Either, Failed, scene =>
        {
            var text = scene.Dice.Pick("", "[]", "{}", "null", "[{}]", "[", "<!doctype html>", """[{"type":"file","path":"x","size":1}]""", """[{"type":"file","path":"a\u0000b","size":1,"oid":"0"}]""");
            return new MadeFault(HubFault.Status(200, text), text);
        }),
    ];

    /// <summary>The row of a kind.</summary>
    public static FaultRule Of(FaultKind kind) => All.First(rule => rule.Kind == kind);

    private static HubFile Other(FaultScene scene, int size)
    {
        var bytes = scene.Dice.Bytes(size);
        return scene.File.IsLfs ? HubFile.Lfs(scene.File.Path, bytes) : HubFile.Regular(scene.File.Path, bytes);
    }
}
