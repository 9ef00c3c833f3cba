using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NixGen.Sources;
using NixGen.Sources.GitLfs;

namespace NixGen.Resolve.Git;

/// <summary>A bare repository in a folder that only this user can read.</summary>
/// <param name="settings">What git is told.</param>
/// <param name="access">The remote.</param>
/// <param name="canFilter">Whether partial fetches are safe.</param>
internal sealed class GitFolder(GitSettings settings, GitAccess access, bool canFilter) : IGitRepository
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nixgen-git-").FullName;
    private readonly string _git = settings.Find("git") ?? "git";
    private Dictionary<string, string> _variables = [];

    /// <inheritdoc/>
    public bool CanFilter => canFilter;

    /// <summary>Makes the repository.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        settings.Write(_folder);
        _variables = settings.Of(_folder, access, await TakenAsync(cancellationToken));
        await RunAsync(["init", "--quiet", "--bare", "--template=", _folder], "", cancellationToken);
        await RunAsync(["config", "remote.origin.url", access.Address], "", cancellationToken);
    }

    /// <inheritdoc/>
    public Task<GitAnswer> RunAsync(ImmutableArray<string> arguments, string input, CancellationToken cancellationToken) =>
        AskAsync(new(_git, arguments, _variables), input, null, cancellationToken);

    /// <inheritdoc/>
    public Task<GitAnswer> StreamAsync(
        ImmutableArray<string> arguments, string input, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken) =>
        AskAsync(new(_git, arguments, _variables), input, read, cancellationToken);

    /// <inheritdoc/>
    public async Task<GitAnswer?> RunOverSshAsync(ImmutableArray<string> command, CancellationToken cancellationToken)
    {
        var url = new Uri(access.Address);
        var target = url.UserInfo.Length > 0 ? $"{url.UserInfo}@{url.Host}" : url.Host;
        ImmutableArray<string> port = url.Port > 0 && url.Port != 22 ? ["-p", url.Port.ToString(CultureInfo.InvariantCulture)] : [];
        var words = string.Join(' ', command.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        ImmutableArray<string> arguments = [.. port, target, words];
        if (_variables.TryGetValue("GIT_SSH", out var program) && !_variables.ContainsKey("GIT_SSH_COMMAND"))
        {
            return await AskAsync(new(program, arguments, _variables), "", null, cancellationToken);
        }

        // As git does: the command is one for the shell, and its arguments are none.
        return settings.Find("sh") is { } shell
            ? await AskAsync(new(shell, ["-c", _variables["GIT_SSH_COMMAND"] + " \"$@\"", "ssh", .. arguments], _variables), "", null, cancellationToken)
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left is in the folder for temporary files.
            return;
        }
    }

    // A server that was sent a password may say it again.
    private async Task<GitAnswer> AskAsync(ProcessCall call, string input, Func<Stream, CancellationToken, Task>? read, CancellationToken cancellationToken)
    {
        var answer = await ProcessRun.RunAsync(call, input, read, cancellationToken);
        if (access.Password is not { } token)
        {
            return answer;
        }

        var (user, password) = GitCredentials.Split(token);
        var complaint = answer.Complaint.Replace(password, "***", StringComparison.Ordinal)
            .Replace(GitCredentials.Basic(user, password, "").Reveal(), "***", StringComparison.Ordinal);
        return answer with { Complaint = complaint };
    }

    // KEY LF VALUE NUL
    private async Task<ImmutableArray<(string Key, string Value)>> TakenAsync(CancellationToken cancellationToken)
    {
        var answer = await ProcessRun.RunAsync(
            new(_git, ["-C", "/", "config", "--includes", "-z", "--get-regexp", GitSettings.UserKeys], settings.OfUser()), "", null, cancellationToken);
        return
        [
            .. Encoding.UTF8.GetString(answer.Output.Span).Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Select(entry => entry.Split('\n', 2)).Select(entry => (entry[0], entry.Length > 1 ? entry[1] : "true")),
        ];
    }
}
