using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.GitLfs;

/// <summary>What can go wrong with repositories and with Git LFS when a model is locked.</summary>
public static class GitLfsDiagnostics
{
    /// <summary>NG3401.</summary>
    public static readonly DiagnosticDescriptor GitMissing = new(
        "NG3401",
        "git isn't installed",
        "Models of the kinds 'git-lfs' and 'git-xet' are locked with git itself, which has to be on the PATH. Git LFS isn't needed, and builds bring a git of their own.",
        Kind: FailureKind.Upstream);

    /// <summary>NG3402.</summary>
    public static readonly DiagnosticDescriptor AccessRefused = Upstream(
        "NG3402",
        "The git host refuses access",
        "The host asks who is there, and no token, credential helper or SSH key satisfied it. Tokens are looked for in 'auth.tokenFile', the variable that 'auth.tokenEnvVar' names, and for github.com, gitlab.com and huggingface.co in GITHUB_TOKEN, GITLAB_TOKEN and HF_TOKEN; then git asks the credential helpers of your configuration. Nobody is asked at the terminal.");

    /// <summary>NG3403.</summary>
    public static readonly DiagnosticDescriptor RepositoryMissing = Upstream(
        "NG3403",
        "There is no such repository, or it is private",
        "Many hosts answer the same for repositories that don't exist and for private ones.");

    /// <summary>NG3404.</summary>
    public static readonly DiagnosticDescriptor RevisionMissing = Upstream(
        "NG3404",
        "The repository has no such revision",
        "No branch and no tag has this name. A commit is named by all of its 40 hexadecimal digits, since git hosts don't find commits by fewer.");

    /// <summary>NG3405.</summary>
    public static readonly DiagnosticDescriptor CommitMissing = Upstream(
        "NG3405",
        "The repository doesn't have the commit",
        "The commit never was there, or the history was rewritten (a forced push) and the host deleted what nothing leads to any more.");

    /// <summary>NG3406.</summary>
    public static readonly DiagnosticDescriptor GitFailed = Upstream(
        "NG3406",
        "git fails",
        "git ended with an error that nixgen has no own words for. Its message is shown.");

    /// <summary>NG3407.</summary>
    public static readonly DiagnosticDescriptor LeadsElsewhere = Upstream(
        "NG3407",
        "The repository's host leads to another protocol",
        "Only the protocol of the stated address may be used, so that a redirect can't turn a protected connection into an unprotected one, or read files of this machine.");

    /// <summary>NG3408.</summary>
    public static readonly DiagnosticDescriptor FolderMissing = new(
        "NG3408",
        "The repository has no such folder",
        "'subdir' names a folder of the repository, whose files are taken without its name.");

    /// <summary>NG3409.</summary>
    public static readonly DiagnosticDescriptor PointerExtension = Upstream(
        "NG3409",
        "A pointer of Git LFS has an extension",
        "The author's git-lfs sent the file through a program of theirs ('lfs.extension'), so that the SHA-256 in the pointer is of other bytes than those that were committed. What the program did can't be undone here.");

    /// <summary>NG3410.</summary>
    public static readonly DiagnosticDescriptor LinkSkipped = new(
        "NG3410",
        "A symbolic link is left out",
        "A link that leads to a file of the same repository is taken as that file. One that leads to a folder, out of the repository, or nowhere has no content that could be locked.",
        Severity.Warning);

    /// <summary>NG3411.</summary>
    public static readonly DiagnosticDescriptor SubmoduleSkipped = new(
        "NG3411",
        "A submodule is left out",
        "A submodule is another repository. Its files are locked as a model of their own.",
        Severity.Warning);

    /// <summary>NG3412.</summary>
    public static readonly DiagnosticDescriptor BadServer = Upstream(
        "NG3412",
        "The address of the Git LFS server can't be used",
        "'.lfsconfig' of the repository, 'xet.endpoint' or the host itself names it. It has to be an https URL without user, query and fragment; 'http' and 'file' only where the repository itself is on this machine.");

    /// <summary>NG3413.</summary>
    public static readonly DiagnosticDescriptor ServerRefuses = Upstream(
        "NG3413",
        "The Git LFS server refuses access",
        "The repository could be read and the objects of Git LFS can't: the server asks who is there, or doesn't let them in. Builds would fail at the download, so locking refuses.");

    /// <summary>NG3414.</summary>
    public static readonly DiagnosticDescriptor ObjectMissing = Upstream(
        "NG3414",
        "The Git LFS server doesn't have a file's content",
        "The repository holds a pointer whose object was never pushed, was deleted, or is refused. Builds would fail at the download, so locking refuses.");

    /// <summary>NG3415.</summary>
    public static readonly DiagnosticDescriptor ServerFails = Upstream(
        "NG3415",
        "The Git LFS server's answer can't be used",
        "The answer is not what the batch API of Git LFS gives. The repository may have no Git LFS server at this address.");

    /// <summary>NG3416.</summary>
    public static readonly DiagnosticDescriptor TooManyRequests = Upstream(
        "NG3416",
        "The Git LFS server's limit is used up",
        "Hosts limit requests, and the bytes of Git LFS that a repository may hand out in a month.");

    /// <summary>NG3417.</summary>
    public static readonly DiagnosticDescriptor TagMoved = new(
        "NG3417",
        "A tag was moved",
        "The tag led to another commit when the model was locked. Tags name releases and rarely move; look at what changed before you check the lock in.",
        Severity.Warning);

    /// <summary>NG3418.</summary>
    public static readonly DiagnosticDescriptor TwoSelections = new(
        "NG3418",
        "The source has both 'files' and 'lfsFiles'",
        "'lfsFiles' is another name for 'files'.");

    /// <summary>NG3419.</summary>
    public static readonly DiagnosticDescriptor TooMuch = Upstream(
        "NG3419",
        "The repository's list of files has no end",
        "The names of all files of the commit are more than 256 MiB. Trees can be made to name each other, so that few bytes stand for endless folders.");

    /// <summary>NG3420.</summary>
    public static readonly DiagnosticDescriptor NameNotText = Upstream(
        "NG3420",
        "A file's name isn't UTF-8",
        "Names of model files are UTF-8. git holds any bytes.");

    /// <summary>NG3421.</summary>
    public static readonly DiagnosticDescriptor XetAddress = new(
        "NG3421",
        "Nothing speaks 'xet://' any more",
        "Repositories with Xet storage hold ordinary pointers of Git LFS, and are reached by https. The protocol 'xet://' was that of XetHub's own service, which was closed.");

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        GitMissing, AccessRefused, RepositoryMissing, RevisionMissing, CommitMissing, GitFailed, LeadsElsewhere, FolderMissing,
        PointerExtension, LinkSkipped, SubmoduleSkipped, BadServer, ServerRefuses, ObjectMissing, ServerFails, TooManyRequests,
        TagMoved, TwoSelections, TooMuch, NameNotText, XetAddress,
    ];

    internal static Diagnostic HasTwoSelections(SourceSpan at) => new()
    {
        Descriptor = TwoSelections,
        Message = "The source states both 'files' and 'lfsFiles', which mean the same.",
        Location = at,
        Help = "Put all patterns under 'files'.",
    };

    internal static Diagnostic HasXetAddress(SourceSpan at, string address) => new()
    {
        Descriptor = XetAddress,
        Message = $"'{address}' is an address of XetHub's own protocol, which no server speaks any more.",
        Location = at,
        Help = "Give the repository's https address, such as 'https://huggingface.co/org/model': its pointers say what its files are, whether or not Xet stores them.",
    };

    private static DiagnosticDescriptor Upstream(string code, string title, string explanation) =>
        new(code, title, explanation, Kind: FailureKind.Upstream);
}
