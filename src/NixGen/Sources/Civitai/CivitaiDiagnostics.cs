using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.Civitai;

/// <summary>What can be wrong with Civitai sources, and with what the site answers.</summary>
public static partial class CivitaiDiagnostics
{
    /// <summary>NG3320.</summary>
    public static readonly DiagnosticDescriptor SaidTwice = new(
        "NG3320",
        "The source says in two ways which files it takes",
        "A Civitai source takes one file by 'fileId', one file by 'select', or all that 'files' and 'exclude' leave. Without any of them it takes the version's primary file.");

    /// <summary>NG3321.</summary>
    public static readonly DiagnosticDescriptor NotOne = new(
        "NG3321",
        "No single file is chosen",
        "'fileId' and 'select' have to choose exactly one file of the version, and without them one has to be the primary one.");

    /// <summary>NG3322.</summary>
    public static readonly DiagnosticDescriptor VersionMissing = Upstream(
        "NG3322",
        "The site has no such version",
        "The number is wrong, the version was taken down or isn't published yet, or the site hides it from where you are.");

    /// <summary>NG3323.</summary>
    public static readonly DiagnosticDescriptor OtherModel = Upstream(
        "NG3323",
        "The version is of another model",
        "A number of a model stands beside that of the version, and the site says that the version is of another one.");

    /// <summary>NG3324.</summary>
    public static readonly DiagnosticDescriptor LoginNeeded = Upstream(
        "NG3324",
        "The site asks to log in",
        "Many creators let only those download who are logged in. A token does that: 'auth.tokenFile', 'auth.tokenEnvVar' or CIVITAI_TOKEN.");

    /// <summary>NG3325.</summary>
    public static readonly DiagnosticDescriptor Forbidden = Upstream(
        "NG3325",
        "The site refuses the download",
        "The version is in early access and has to be paid for until its deadline, the creator doesn't allow downloads, or the account or the address is blocked.");

    /// <summary>NG3326.</summary>
    public static readonly DiagnosticDescriptor FileMissing = Upstream(
        "NG3326",
        "A file that the site lists can't be had",
        "The site's storage says that there is no such file. That passes now and then; nixgen asked several times.");

    /// <summary>NG3327.</summary>
    public static readonly DiagnosticDescriptor Archived = Upstream(
        "NG3327",
        "The model is archived",
        "The creator or the site has archived the model: it is shown still, and its files aren't given any more.");

    /// <summary>NG3328.</summary>
    public static readonly DiagnosticDescriptor RateLimited = Upstream(
        "NG3328",
        "The site limits the rate of requests",
        "The site answered 429, and goes on doing so.");

    /// <summary>NG3329.</summary>
    public static readonly DiagnosticDescriptor OddAnswer = Upstream(
        "NG3329",
        "The site fails, or its answer can't be understood",
        "The answer is not what the site's API gives. Something between here and the site may have answered instead.");

    /// <summary>NG3330.</summary>
    public static readonly DiagnosticDescriptor NotScanned = new(
        "NG3330",
        "The site hasn't scanned a file yet",
        "Hashes are published once a file was scanned. Until then the file is streamed, and nobody has looked whether it is harmful.",
        Severity.Warning);

    /// <summary>NG3331.</summary>
    public static readonly DiagnosticDescriptor Dangerous = new(
        "NG3331",
        "The site's scanners found a danger in a file",
        "Files with pickles can run programs when they are loaded; others can hold viruses. What the scanners of the site found is on its page.",
        Severity.Warning);

    /// <summary>NG3332.</summary>
    public static readonly DiagnosticDescriptor OtherContent = new(
        "NG3332",
        "A file is not the one whose hash the site states",
        "The content was streamed, and its SHA-256 isn't the one that the site publishes for this file.",
        Kind: FailureKind.ContentMismatch);

    /// <summary>NG3333.</summary>
    public static readonly DiagnosticDescriptor NoToken = Upstream(
        "NG3333",
        "A token is required and there is none",
        "The model says 'auth.required: true'. Tokens are looked for in 'auth.tokenFile', the variable that 'auth.tokenEnvVar' names, and CIVITAI_TOKEN; the latter is for the site itself, and not for another 'endpoint'.");

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        SaidTwice, NotOne, VersionMissing, OtherModel, LoginNeeded, Forbidden, FileMissing, Archived, RateLimited, OddAnswer, NotScanned,
        Dangerous, OtherContent, NoToken,
    ];

    private static DiagnosticDescriptor Upstream(string code, string title, string explanation) =>
        new(code, title, explanation, Kind: FailureKind.Upstream);
}
