using System.Text.RegularExpressions;
using NixGen.Testing.Faults;

namespace NixGen.EndToEnd.Fetching;

/// <summary>How a seeded run must end.</summary>
internal static partial class FaultVerdict
{
    /// <summary>What a plan leaves open to a fetcher.</summary>
    public static FaultEnd Of(FaultCase seeded)
    {
        if (seeded.HasMirror)
            return FaultEnd.Done;
        var (plan, ends) = (seeded.Plan, new List<FaultEnd>());
        foreach (var fault in plan.Faults)
        {
            var end = fault.Times is null ? fault.Rule.ForGood : fault.Rule.Once;
            // What comes later may find the file already complete.
            if (fault.Times is null && end == FaultEnd.Failed && fault.After > 0)
                end = FaultEnd.Either;
            // Nothing but a size tells an answer that is cut short from a whole one.
            if (end == FaultEnd.Done && fault.Rule.EndsInGoodOrder && seeded.Shape == FaultShape.UnknownSize)
                end = FaultEnd.Either;
            ends.Add(end);
        }

        return ends.Contains(FaultEnd.Failed) ? FaultEnd.Failed : ends.Contains(FaultEnd.Either) ? FaultEnd.Either : FaultEnd.Done;
    }

    /// <summary>The titles of errors that fit a fault that stays.</summary>
    public static Regex Titles(FaultKind kind) => kind switch
    {
        FaultKind.Truncated => Incomplete(),
        FaultKind.Stalled => TimedOut(),
        FaultKind.Reset => Incomplete(),
        FaultKind.OtherRange => OtherBytes(),
        FaultKind.WrongBytes or FaultKind.Replaced => OtherContent(),
        // Where no range was asked for, there is no label that would be believed.
        FaultKind.MislabelledRange => Mislabelled(),
        FaultKind.Resized => OtherSize(),
        FaultKind.Compressed => Compressed(),
        FaultKind.RangeRefused => Status416(),
        FaultKind.LinkExpired => Status403(),
        FaultKind.RateLimited => Status429(),
        FaultKind.Unavailable => Unavailable(),
        FaultKind.Denied => Denied(),
        FaultKind.ListGarbled => List(),
        FaultKind.OddStatus or FaultKind.Empty or FaultKind.HtmlPage => Unexpected(),
        FaultKind.LongRedirectChain or FaultKind.RedirectLoop => Redirects(),
        FaultKind.RedirectElsewhere => Elsewhere(),
        _ => throw new ArgumentException($"{kind} leaves a way to the file.", nameof(kind)),
    };

    [GeneratedRegex("^The file is incomplete after|^The transfer failed")]
    private static partial Regex Incomplete();

    [GeneratedRegex("^The connection timed out|^The file is incomplete after|^The transfer failed")]
    private static partial Regex TimedOut();

    [GeneratedRegex("^The content does not match its (hash|Git object)")]
    private static partial Regex OtherContent();

    [GeneratedRegex("^The content does not match its (hash|Git object)|^The server sends more than|^The file has another size|^The file is incomplete after")]
    private static partial Regex OtherSize();

    [GeneratedRegex("^The server (answers a range of bytes with another|sends bytes that were not asked for)")]
    private static partial Regex OtherBytes();

    [GeneratedRegex("^The content does not match its (hash|Git object)|^The server (answers a range of bytes with another|sends bytes that were not asked for)")]
    private static partial Regex Mislabelled();

    [GeneratedRegex("^The server compresses what was asked for as it is")]
    private static partial Regex Compressed();

    [GeneratedRegex("^The list of files |^No file is selected|^The repository holds a file that can't be fetched safely")]
    private static partial Regex List();

    [GeneratedRegex("^HTTP 416")]
    private static partial Regex Status416();

    [GeneratedRegex("^HTTP 403")]
    private static partial Regex Status403();

    [GeneratedRegex("^HTTP 429")]
    private static partial Regex Status429();

    [GeneratedRegex("^HTTP (50[0-9]|408)")]
    private static partial Regex Unavailable();

    [GeneratedRegex("^HTTP (400|401|403|404|410|451)")]
    private static partial Regex Denied();

    [GeneratedRegex("^The transfer failed|^The file is incomplete after|^The content does not match its|^The server sends bytes that were not asked for|^The list of files can't be understood|^The server sends more than|^The file has another size")]
    private static partial Regex Unexpected();

    [GeneratedRegex("^The server redirects in a circle")]
    private static partial Regex Redirects();

    [GeneratedRegex("^The connection was refused|^A protocol that is not spoken here|^The host name could not be resolved|^TLS")]
    private static partial Regex Elsewhere();
}
