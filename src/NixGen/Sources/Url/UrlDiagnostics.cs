using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;

namespace NixGen.Sources.Url;

/// <summary>What can be wrong with <c>url</c> sources, and with what their servers answer.</summary>
public static partial class UrlDiagnostics
{
    /// <summary>NG3301.</summary>
    public static readonly DiagnosticDescriptor BadAddress = new(
        "NG3301",
        "The address can't be used",
        "An address is an https URL without user, password, fragment and signature. 'http' is accepted for this machine only. Signed links expire, and whatever stands in an address is written into the lock and the Nix store, where everybody can read it.");

    /// <summary>NG3302.</summary>
    public static readonly DiagnosticDescriptor BadFields = new(
        "NG3302",
        "The fields of the url source don't fit together",
        "A url source has either 'url', with 'sha256' and 'filename' beside it where they are needed, or 'urls', a list of mappings with these three.");

    /// <summary>NG3303.</summary>
    public static readonly DiagnosticDescriptor BadName = new(
        "NG3303",
        "The address doesn't say what the file is called",
        "A file is called like the last segment of its address's path, or as 'filename' says. Both follow the rules of all model files: relative, with '/', without empty, '.', '..' and '.git' segments, backslashes and control characters. Only 'filename' can have slashes.");

    /// <summary>NG3310.</summary>
    public static readonly DiagnosticDescriptor NoToken = Upstream(
        "NG3310",
        "Credentials are required and there are none",
        "The model says 'auth.required: true'. Credentials of url sources are what 'auth.tokenFile', 'auth.tokenEnvVar' and 'auth.netrcFile' name, and nothing else.");

    /// <summary>NG3311.</summary>
    public static readonly DiagnosticDescriptor SeveralOwners = new(
        "NG3311",
        "One token would go to several servers",
        "A token belongs to one server. Where the addresses of a model are of several, each of them would get it.");

    /// <summary>NG3312.</summary>
    public static readonly DiagnosticDescriptor Refused = Upstream(
        "NG3312",
        "The server refuses access",
        "The server answered 401 or 403: it wants other credentials, or lets nobody in.");

    /// <summary>NG3313.</summary>
    public static readonly DiagnosticDescriptor Missing = Upstream(
        "NG3313",
        "There is no file at the address",
        "The server answered 404 or 410. Some servers answer so to those who may not see a file.");

    /// <summary>NG3314.</summary>
    public static readonly DiagnosticDescriptor RateLimited = Upstream(
        "NG3314",
        "The server limits the rate of requests",
        "The server answered 429, and goes on doing so.");

    /// <summary>NG3315.</summary>
    public static readonly DiagnosticDescriptor Failing = Upstream(
        "NG3315",
        "The server fails",
        "The server answered with an error that isn't about the request, or with a status that means nothing here, several times.");

    /// <summary>NG3316.</summary>
    public static readonly DiagnosticDescriptor WebPage = Upstream(
        "NG3316",
        "The address leads to a web page",
        "The server sends HTML, which is no model: a login page, a page around the file, or an error that calls itself a success.");

    /// <summary>NG3317.</summary>
    public static readonly DiagnosticDescriptor OtherContent = new(
        "NG3317",
        "The server has another content than the manifest states",
        "'sha256' says what the file must be. What the server states of its file is otherwise.",
        Kind: FailureKind.ContentMismatch);

    /// <summary>NG3318.</summary>
    public static readonly DiagnosticDescriptor Changed = new(
        "NG3318",
        "The content at an address has changed",
        "An address has no history: what was there is gone. Builds of the old lock fail now wherever the old content isn't in a store or a mirror.",
        Severity.Warning);

    /// <summary>NG3319.</summary>
    public static readonly DiagnosticDescriptor Misstated = Upstream(
        "NG3319",
        "The server states a digest that its content doesn't have",
        "The content was streamed, and its SHA-256 isn't the one that the same server states in a header. A cache between may have kept one of the two.");

    /// <summary>NG3304.</summary>
    public static readonly DiagnosticDescriptor NoArchive = new(
        "NG3304",
        "The archive can't be taken apart",
        "'extract' is for archives that tar makes, plain or in gzip, of at most 100,000 entries. zip and 7z have a table of contents beside their entries, and programs disagree about which of the two counts; so they are not read. Links, devices and sparse files in an archive are no files of a model.",
        Kind: FailureKind.Upstream);

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
        [BadAddress, BadFields, BadName, NoArchive, NoToken, SeveralOwners, Refused, Missing, RateLimited, Failing, WebPage, OtherContent, Changed, Misstated];

    internal static Diagnostic IsBadAddress(SourceSpan at, string problem) => new()
    {
        Descriptor = BadAddress,
        Message = $"The address {problem}.",
        Location = at,
        Help = "Give the address from which anybody who may have the file can download it, such as 'https://example.com/model.safetensors'.",
    };

    internal static Diagnostic NamesNothing(SourceSpan at, bool areBoth) => new()
    {
        Descriptor = BadFields,
        Message = areBoth ? "The url source has 'url' and 'urls'." : "The url source names no address.",
        Location = at,
        Help = "Write 'url: { url: https://example.com/model.safetensors }', or 'url: { urls: [{ url: … }, { url: … }] }' for several files.",
    };

    internal static Diagnostic StandsBeside(SourceSpan at) => new()
    {
        Descriptor = BadFields,
        Message = "'sha256' and 'filename' stand beside 'urls'; they belong to one address.",
        Location = at,
        Help = "Put them into the element of 'urls' that they are about.",
    };

    internal static Diagnostic IsAboutAnArchive(SourceSpan at, string key, bool isExtracted) => new()
    {
        Descriptor = BadFields,
        Message = isExtracted ? $"'{key}' doesn't go with 'extract': one archive is taken apart, and its files have names of their own." : $"'{key}' chooses among the files of an archive, and there is none.",
        Location = at,
        Help = isExtracted ? "Take it away; 'files' and 'exclude' choose among the archive's files." : "Add 'extract: true' where the address is that of an archive.",
    };

    internal static Diagnostic HasBadHash(SourceSpan at, string text) => new()
    {
        Descriptor = BadFields,
        Message = "'sha256' is no SHA-256.",
        Location = at,
        Expected = "64 hexadecimal digits, or sha256- and 44 characters of base64",
        Actual = Quoted.Bare(text),
        Help = "Leave it out to have it found when the model is locked.",
    };

    internal static Diagnostic HasNoName(SourceSpan at, FileAddress address, string? stated, string problem) => new()
    {
        Descriptor = BadName,
        Message = stated is null
            ? $"The name that the address ends with, '{LockDiagnostics.Printable(address.LastName)}', {problem}."
            : $"The file name '{LockDiagnostics.Printable(stated)}' {problem}.",
        Location = at,
        Help = stated is null ? "Say what the file is called: 'filename: model.safetensors'." : "Give a relative path, such as 'unet/model.safetensors'.",
    };

    internal static Diagnostic NamesTwice(SourceSpan at, PathClash clash) => new()
    {
        Descriptor = BadName,
        Message = clash.Kind == PathClashKind.Same
            ? $"Two addresses are files called '{LockDiagnostics.Printable(clash.Path)}'."
            : $"'{LockDiagnostics.Printable(clash.Other)}' is a file, and the folder of '{LockDiagnostics.Printable(clash.Path)}'.",
        Location = at,
        Help = "Give one of them another 'filename'.",
    };

    private static DiagnosticDescriptor Upstream(string code, string title, string explanation) =>
        new(code, title, explanation, Kind: FailureKind.Upstream);
}
