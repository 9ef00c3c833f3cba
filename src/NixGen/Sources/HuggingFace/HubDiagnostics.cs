using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.HuggingFace;

/// <summary>What a Hub can answer that keeps a model from being locked.</summary>
public static partial class HubDiagnostics
{
    /// <summary>NG3110.</summary>
    public static readonly DiagnosticDescriptor NoToken = Upstream(
        "NG3110",
        "A token is required and there is none",
        "The model says 'auth.required: true', or names scopes that a token must have in 'security.requiredScopes'. Tokens are looked for in 'auth.tokenFile', the variable that 'auth.tokenEnvVar' names, HF_TOKEN, HUGGING_FACE_HUB_TOKEN, and the file HF_TOKEN_PATH, $HF_HOME/token or ~/.cache/huggingface/token. The standard places are for the Hub that HF_ENDPOINT names (or huggingface.co); another 'endpoint' gets only what 'auth' names.");

    /// <summary>NG3111.</summary>
    public static readonly DiagnosticDescriptor BadToken = Upstream(
        "NG3111",
        "What should be a token is none",
        "A token is one line of printable ASCII characters without spaces. A file with another content was named, or a variable holds more than the token.");

    /// <summary>NG3112.</summary>
    public static readonly DiagnosticDescriptor StaleToken = Upstream(
        "NG3112",
        "The Hub doesn't know the token",
        "A token that is expired, revoked or cut off is refused everywhere, even where no token would be needed. nixgen doesn't go on without it, since builds with the same token would fail in the same way.");

    /// <summary>NG3113.</summary>
    public static readonly DiagnosticDescriptor RepositoryMissing = Upstream(
        "NG3113",
        "The Hub has no such repository",
        "The id is misspelt, the repository is of another type, was deleted, or is private and the token's owner may not see it: the Hub doesn't tell which.");

    /// <summary>NG3114.</summary>
    public static readonly DiagnosticDescriptor MissingOrPrivate = Upstream(
        "NG3114",
        "The repository doesn't exist or is private",
        "Without a token the Hub answers the same for repositories that don't exist and for private ones.");

    /// <summary>NG3115.</summary>
    public static readonly DiagnosticDescriptor RevisionMissing = Upstream(
        "NG3115",
        "The repository has no such revision",
        "No branch, tag or commit has this name. Branches and tags can be deleted, and a history can be rewritten.");

    /// <summary>NG3116.</summary>
    public static readonly DiagnosticDescriptor FileMissing = Upstream(
        "NG3116",
        "A file that the Hub lists can't be had",
        "The Hub listed a file at a commit and then said that there is none.");

    /// <summary>NG3117.</summary>
    public static readonly DiagnosticDescriptor Gated = Upstream(
        "NG3117",
        "The repository is gated and no token was sent",
        "A gated repository lists its files openly, but gives them only to people who accepted its terms. Builds would fail at the download, so locking refuses.");

    /// <summary>NG3118.</summary>
    public static readonly DiagnosticDescriptor GatedWithoutGrant = Upstream(
        "NG3118",
        "The token's owner has no access to the gated repository",
        "The owner of the token hasn't accepted the repository's terms, its authors haven't granted the access yet, or the token's permissions leave gated repositories out.");

    /// <summary>NG3119.</summary>
    public static readonly DiagnosticDescriptor RepositoryDisabled = Upstream(
        "NG3119",
        "The repository is disabled",
        "The Hub or the repository's owner has switched access off for everybody.");

    /// <summary>NG3120.</summary>
    public static readonly DiagnosticDescriptor Forbidden = Upstream(
        "NG3120",
        "The Hub refuses access",
        "The token is known, but not allowed to do this. Fine-grained tokens need the permission to read this repository.");

    /// <summary>NG3121.</summary>
    public static readonly DiagnosticDescriptor RateLimited = Upstream(
        "NG3121",
        "The Hub's rate limit is used up",
        "Requests without a token are limited per address, and continuous integration shares addresses. Requests with a token have a limit of their own.");

    /// <summary>NG3122.</summary>
    public static readonly DiagnosticDescriptor HubFails = Upstream(
        "NG3122",
        "The Hub fails",
        "The Hub answered with a server error, several times.");

    /// <summary>NG3123.</summary>
    public static readonly DiagnosticDescriptor OddAnswer = Upstream(
        "NG3123",
        "The Hub's answer can't be understood",
        "The answer is not what the Hub's API gives. Something between here and the Hub may have answered instead: a proxy, a login page, a mirror.");

    /// <summary>NG3124.</summary>
    public static readonly DiagnosticDescriptor HashesWithheld = Upstream(
        "NG3124",
        "The Hub withholds the hashes of files",
        "A gated repository can show asterisks instead of hashes to those without access. There is nothing that could be locked.");

    /// <summary>NG3125.</summary>
    public static readonly DiagnosticDescriptor IncompleteListing = Upstream(
        "NG3125",
        "The Hub's listing of files is incomplete",
        "The repository's description names files that its listing lacks, or the pages of the listing don't end.");

    /// <summary>NG3126.</summary>
    public static readonly DiagnosticDescriptor ContentMismatch = new(
        "NG3126",
        "A file's content is not what the listing states",
        "The content was streamed, and its git hash isn't the one in the listing of the same commit. A mirror serves other content, or the transfer was tampered with.",
        Kind: FailureKind.ContentMismatch);

    /// <summary>NG3131.</summary>
    public static readonly DiagnosticDescriptor Renamed = new(
        "NG3131",
        "The repository has another name now",
        "The Hub sends requests for the old name to the new one. The lock holds the new name; the old one can be taken by somebody else.",
        Severity.Warning);

    /// <summary>NG3133.</summary>
    public static readonly DiagnosticDescriptor MissingScopes = Upstream(
        "NG3133",
        "The token lacks a scope that the model requires",
        "Each of 'security.requiredScopes' is 'read' or 'write' (what tokens of these roles may do, or a fine-grained token for this repository), 'gated' (to read gated repositories), or a permission of fine-grained tokens such as 'repo.content.read', for every repository, this one, or its owner's.");

    /// <summary>NG3134.</summary>
    public static readonly DiagnosticDescriptor ExcessiveScopes = new(
        "NG3134",
        "The token may do more than read",
        "The model says 'security.warnOnExcessiveScopes: true'. Every build that lists a variable in 'impureEnvVars' can read it, so a token for builds should be able to read and nothing else.",
        Severity.Warning);

    /// <summary>NG3135.</summary>
    public static readonly DiagnosticDescriptor ScopesUnknown = Upstream(
        "NG3135",
        "What the token may do can't be found out",
        "The scopes of a token come from /api/whoami-v2 of the Hub. It has a tight limit of its own, and other servers of the Hub's protocol may lack it.");

    /// <summary>NG3136.</summary>
    public static readonly DiagnosticDescriptor ExcessUnknown = new(
        "NG3136",
        "Whether the token may do too much can't be found out",
        "As NG3135, for a model that requires no scopes and only wants to be warned.",
        Severity.Warning);

    /// <summary>NG3137.</summary>
    public static readonly DiagnosticDescriptor FlaggedFiles = new(
        "NG3137",
        "The Hub's scanners found something in files of the model",
        "The Hub scans what is uploaded and doesn't keep anybody from downloading what it finds. Its word goes into the lock. To refuse such models, state `policy: { refuse: [flagged] }`; what the files hold is examined when the model is built.",
        Severity.Warning);

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        NoToken, BadToken, StaleToken, RepositoryMissing, MissingOrPrivate, RevisionMissing, FileMissing, Gated,
        GatedWithoutGrant, RepositoryDisabled, Forbidden, RateLimited, HubFails, OddAnswer, HashesWithheld,
        IncompleteListing, ContentMismatch, Renamed,
        MissingScopes, ExcessiveScopes, ScopesUnknown, ExcessUnknown, FlaggedFiles,
    ];

    private static DiagnosticDescriptor Upstream(string code, string title, string explanation) =>
        new(code, title, explanation, Kind: FailureKind.Upstream);
}
