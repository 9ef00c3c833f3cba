using NixGen.Diagnostics;
using NixGen.Lock;
using static NixGen.Sources.GitLfs.GitLfsDiagnostics;

namespace NixGen.Sources.GitLfs;

/// <summary>The messages of <see cref="GitLfsDiagnostics"/> that speak of a Git LFS server.</summary>
internal static class LfsMessages
{
    public static Diagnostic HasBadServer(GitQuestion question, string what, string address, string problem) => GitDiagnostics.Of(
        BadServer,
        question,
        $"{what} for {question.Place} (model '{question.Model.Name}') {problem}: '{LockDiagnostics.Printable(address)}'.",
        "Give an https URL, or use a copy of the repository whose '.lfsconfig' states one.");

    public static Diagnostic IsRefused(GitQuestion question, string server, LfsFault fault) => GitDiagnostics.Of(
        ServerRefuses,
        question,
        question.Token is { } token
            ? $"The Git LFS server {server} doesn't accept the token in {token.Origin}, which model '{question.Model.Name}' uses."
            : $"The Git LFS server {server} of model '{question.Model.Name}' asks who is there, and nobody is known to it.",
        "Put a token into an environment variable and name it in 'auth.tokenEnvVar', or store it with a credential helper of git.") with
    {
        Actual = fault.InWords,
    };

    public static Diagnostic LacksObject(GitQuestion question, string server, string path, LfsFault fault) => GitDiagnostics.Of(
        ObjectMissing,
        question,
        $"The Git LFS server {server} doesn't give '{LockDiagnostics.Printable(path)}' of model '{question.Model.Name}': {fault.InWords}.",
        "Ask who maintains the repository to push the object ('git lfs push --all'), or leave the file out with 'exclude'.");

    public static Diagnostic IsLimited(GitQuestion question, string server, LfsFault fault) => GitDiagnostics.Of(
        TooManyRequests,
        question,
        $"The Git LFS server {server} of model '{question.Model.Name}' has had enough: {fault.InWords}.",
        "Wait and run the command again. With a token, limits are higher.");

    public static Diagnostic Fails(GitQuestion question, string server, LfsFault fault) => GitDiagnostics.Of(
        ServerFails,
        question,
        $"The Git LFS server {server} of model '{question.Model.Name}' gave an answer that can't be used: {fault.InWords}.",
        "Open the address and see who answers. If the repository keeps its files elsewhere, its '.lfsconfig' has to say so ('lfs.url').");

    public static Diagnostic LacksFile(GitQuestion question, string folder, string path) => GitDiagnostics.Of(
        ObjectMissing,
        question,
        $"{folder} lacks the content of '{LockDiagnostics.Printable(path)}' of model '{question.Model.Name}'.",
        "Run 'git lfs fetch --all' in that repository, or leave the file out with 'exclude'.");
}

/// <summary>What a Git LFS server says against a request or an object.</summary>
/// <param name="Status">HTTP status, or the object's own code of the same meaning; 0 where the answer's form is wrong.</param>
/// <param name="Message">Its words, or what is wrong with the form.</param>
internal sealed record LfsFault(int Status, string Message)
{
    private const int MaxShown = 300;

    /// <summary>Both, as they may be shown.</summary>
    public string InWords
    {
        get
        {
            var shown = LockDiagnostics.Printable(Message.Length > MaxShown ? Message[..MaxShown] + "…" : Message);
            return Status == 0 ? shown : shown.Length == 0 ? $"status {Status}" : $"status {Status}, \"{shown}\"";
        }
    }
}
