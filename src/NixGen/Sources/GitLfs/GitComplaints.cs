using NixGen.Diagnostics;
using NixGen.Lock;

namespace NixGen.Sources.GitLfs;

/// <summary>What git's messages mean. git runs in the locale C, so that they are in English; what isn't recognised is shown as it is.</summary>
internal static class GitComplaints
{
    private const int MaxShown = 300;

    private static readonly string[] _refusals =
    [
        "could not read Username", "could not read Password", "terminal prompts disabled", "Authentication failed", "Invalid username or password",
        "Access denied", "The requested URL returned error: 401", "The requested URL returned error: 403", "Permission denied (", "Host key verification failed",
    ];

    private static readonly string[] _absences =
    [
        "The requested URL returned error: 404", "does not appear to be a git repository", "epository not found", "' not found", "ould not be found", "No such file or directory",
    ];

    private static readonly string[] _unreachable =
        ["Could not resolve host", "Failed to connect", "Couldn't connect", "Connection refused", "Connection timed out", "Network is unreachable", "No route to host", "Could not resolve hostname"];

    private static readonly string[] _untrusted = ["certificate", "SSL routines", "gnutls_handshake", "TLS connection"];

    private static readonly string[] _broken =
        ["early EOF", "unexpected disconnect", "RPC failed", "hung up unexpectedly", "Operation too slow", "transfer closed", "The requested URL returned error: 5"];

    /// <summary>Whether a server of the old protocol refused a commit that no reference leads to.</summary>
    public static bool RefusesCommits(GitAnswer answer) => Says(answer, "unadvertised object");

    /// <summary>Whether the server doesn't have what was asked for.</summary>
    public static bool LacksObject(GitAnswer answer) =>
        Says(answer, "not our ref") || Says(answer, "unadvertised object") || Says(answer, "not a valid object") || Says(answer, "couldn't find remote ref");

    /// <summary>A diagnostic of why git failed.</summary>
    /// <exception cref="UpstreamException">The host couldn't be reached.</exception>
    public static Diagnostic Explain(GitQuestion question, GitAnswer answer)
    {
        var said = Said(answer);
        if (_unreachable.Any(text => Says(answer, text)))
        {
            throw new UpstreamException(UpstreamFailure.Unreachable, question.Url, $"{question.Place} can't be reached: {said}");
        }

        if (Says(answer, "not allowed"))
        {
            return GitDiagnostics.IsElsewhere(question, said);
        }

        if (_refusals.Any(text => Says(answer, text)))
        {
            return GitDiagnostics.IsRefused(question, said);
        }

        if (_absences.Any(text => Says(answer, text)))
        {
            return GitDiagnostics.LacksRepository(question, said);
        }

        if (_untrusted.Any(text => Says(answer, text)))
        {
            throw new UpstreamException(UpstreamFailure.Tls, question.Url, $"The identity of {question.Place} can't be verified: {said}");
        }

        if (_broken.Any(text => Says(answer, text)))
        {
            throw new UpstreamException(UpstreamFailure.Broken, question.Url, $"The transfer from {question.Place} broke off: {said}");
        }

        return GitDiagnostics.Fails(question, said);
    }

    /// <summary>The message that counts, as one short line: the last that git calls an error.</summary>
    public static string Said(GitAnswer answer)
    {
        var lines = answer.Complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = Array.FindLast(lines, line => line.StartsWith("fatal: ", StringComparison.Ordinal) || line.StartsWith("error: ", StringComparison.Ordinal))
            ?? (lines.Length > 0 ? lines[^1] : $"exit code {answer.ExitCode}");
        var shown = LockDiagnostics.Printable(line);
        return shown.Length > MaxShown ? shown[..MaxShown] + "…" : shown;
    }

    private static bool Says(GitAnswer answer, string text) => answer.Complaint.Contains(text, StringComparison.Ordinal);
}
