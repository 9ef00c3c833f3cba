using NixGen.Diagnostics;
using NixGen.Lock;
using static NixGen.Sources.GitLfs.GitLfsDiagnostics;

namespace NixGen.Sources.GitLfs;

/// <summary>The messages of <see cref="GitLfsDiagnostics"/> that speak of a repository.</summary>
internal static class GitDiagnostics
{
    public static Diagnostic LacksGit(GitQuestion question) => Of(
        GitMissing,
        question,
        $"Model '{question.Model.Name}' comes from the git repository {question.Place}, and git isn't on the PATH.",
        "Install git, or run nixgen where it is: 'nix shell nixpkgs#git'.");

    public static Diagnostic LacksToken(GitQuestion question, IReadOnlyCollection<string> looked) => Of(
        AccessRefused,
        question,
        $"Model '{question.Model.Name}' requires a token for {question.Place}, and there is none.",
        (looked.Count == 0 ? "" : $"Looked at: {string.Join(", ", looked)}.\n")
        + "Name an environment variable that holds one in 'auth.tokenEnvVar', or a file in 'auth.tokenFile'. Without 'auth.required', git's credential helpers are asked.");

    public static Diagnostic IsRefused(GitQuestion question, string said) => Of(
        AccessRefused,
        question,
        question.Token is { } token
            ? $"{question.Place} (model '{question.Model.Name}') doesn't accept the token in {token.Origin}."
            : $"{question.Place} (model '{question.Model.Name}') asks who is there, and nobody is known to it.",
        question.Remote.IsSsh
            ? $"Run 'git ls-remote {question.Place}' by hand: a key has to be in the SSH agent or in ~/.ssh, and the host's key among the known ones."
            : $"Put a token into an environment variable and name it in 'auth.tokenEnvVar', or store it with a credential helper of git. Then 'git ls-remote {question.Place}' works too.") with
    {
        Actual = said,
    };

    public static Diagnostic LacksRepository(GitQuestion question, string said) => Of(
        RepositoryMissing,
        question,
        $"There is no repository at {question.Place} (model '{question.Model.Name}'), or it is private.",
        question.Token is { } token
            ? $"Compare the address with the repository's page. The token in {token.Origin} was sent; its owner has to be able to read the repository."
            : "Compare the address with the repository's page. If it is private, put a token into an environment variable and name it in 'auth.tokenEnvVar'.") with
    {
        Actual = said,
    };

    public static Diagnostic LacksRevision(GitQuestion question, string? guess) => Of(
        RevisionMissing,
        question,
        $"{question.Place} has no branch and no tag '{question.Request.Revision}' (model '{question.Model.Name}').",
        guess is null ? "Give the name of a branch or tag, or all 40 digits of a commit." : $"Did you mean '{guess}'? A commit is given by all of its 40 digits.");

    public static Diagnostic LacksCommit(GitQuestion question, GitTarget target) => Of(
        CommitMissing,
        question,
        $"{question.Place} doesn't have the commit {target.Commit} (model '{question.Model.Name}').",
        "Look whether the history was rewritten, and choose a commit, branch or tag that is there. A copy that has the commit can be named as 'url' instead.");

    public static Diagnostic Fails(GitQuestion question, string said) => Of(
        GitFailed,
        question,
        $"git can't read {question.Place} (model '{question.Model.Name}').",
        $"Run 'git ls-remote {question.Place}' by hand and see what it says.") with
    {
        Actual = said,
    };

    public static Diagnostic IsElsewhere(GitQuestion question, string said) => Of(
        LeadsElsewhere,
        question,
        $"{question.Place} (model '{question.Model.Name}') leads to a protocol that isn't that of its address.",
        "State the address at which the repository is now.") with
    {
        Actual = said,
    };

    public static Diagnostic LacksFolder(GitQuestion question, string folder, string? guess) => Of(
        FolderMissing,
        question,
        $"{question.Place} has no folder '{folder}' at '{question.Request.Revision}' (model '{question.Model.Name}').",
        guess is null ? "Compare 'subdir' with the repository's page." : $"Did you mean '{guess}'?");

    public static Diagnostic HasExtension(GitQuestion question, string path, string extension) => Of(
        PointerExtension,
        question,
        $"The pointer of '{LockDiagnostics.Printable(path)}' in {question.Place} (model '{question.Model.Name}') has the extension '{LockDiagnostics.Printable(extension)}', so its SHA-256 isn't that of the file.",
        "Leave the file out with 'exclude', or ask its author to commit it without 'lfs.extension'.");

    public static Diagnostic SkipsLink(GitQuestion question, string path, string reason) => Of(
        LinkSkipped,
        question,
        $"'{LockDiagnostics.Printable(path)}' in {question.Place} (model '{question.Model.Name}') is a symbolic link that {reason}; it is left out.",
        "Leave it out with 'exclude' to be told no more.");

    public static Diagnostic SkipsSubmodule(GitQuestion question, string path) => Of(
        SubmoduleSkipped,
        question,
        $"'{LockDiagnostics.Printable(path)}' in {question.Place} (model '{question.Model.Name}') is a submodule; it is left out.",
        "Make a model of the other repository if its files are needed, or leave the folder out with 'exclude' to be told no more.");

    public static Diagnostic HasMovedTag(GitQuestion question, string before, string now) => Of(
        TagMoved,
        question,
        $"The tag '{question.Request.Revision}' of {question.Place} (model '{question.Model.Name}') leads to another commit than when it was locked.",
        $"Look at what changed before you check the lock in. 'pin: true', or the commit as 'rev', keeps the model at {before}.") with
    {
        Expected = before,
        Actual = now,
    };

    public static Diagnostic HoldsTooMuch(GitQuestion question, string commit) => Of(
        TooMuch,
        question,
        $"The list of the files of {question.Place} at {commit} (model '{question.Model.Name}') has no end.",
        "Don't use this repository.");

    public static Diagnostic HasNameThatIsNotText(GitQuestion question, string path) => Of(
        NameNotText,
        question,
        $"{question.Place} (model '{question.Model.Name}') holds a file whose name isn't UTF-8: '{LockDiagnostics.Printable(path)}'.",
        "Leave it out with 'exclude'; '?' in a pattern stands for what isn't text.");

    internal static Diagnostic Of(DiagnosticDescriptor descriptor, GitQuestion question, string message, string help) => new()
    {
        Descriptor = descriptor,
        Message = message,
        Location = question.Model.Source.Span,
        Help = help,
    };
}
