using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.GitLfs;

/// <summary>Finds the Git LFS server of a repository (git-lfs, docs/api/server-discovery.md): what the manifest states, <c>.lfsconfig</c>, SSH, then the place beside the repository.</summary>
/// <param name="question">What is asked about.</param>
/// <param name="repository">The repository, with the commit in it.</param>
/// <param name="diagnostics">Where faults go.</param>
internal sealed class LfsDiscovery(GitQuestion question, IGitRepository repository, DiagnosticBag diagnostics)
{
    // Of the keys that git-lfs takes from a repository's own '.lfsconfig', these say where the server is. Those that say
    // what to fetch ('lfs.fetchinclude', 'lfs.fetchexclude') are for clones; here the manifest says it.
    private static readonly ImmutableArray<string> _keys = ["lfs.url", "remote.origin.lfsurl"];

    private GitRemote Remote => question.Remote;

    /// <summary>The server; null with a diagnostic where its address can't be used.</summary>
    /// <param name="config">The blob of <c>.lfsconfig</c>, or null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<LfsServer?> FindAsync(string? config, CancellationToken cancellationToken)
    {
        if (question.Request.Endpoint is { } endpoint)
        {
            return Checked(new(endpoint), "'xet.endpoint'");
        }

        if (config is not null && await StatedAsync(config, cancellationToken) is { } stated)
        {
            return Checked(new(stated.TrimEnd('/')), "The address that '.lfsconfig' states");
        }

        if (Remote.IsFile)
        {
            return LfsServer.FolderOf(Remote) is { } folder ? new(LfsServer.UrlOf(folder)) : Checked(new(Remote.Address), "The repository's folder");
        }

        if (Remote.IsSsh && await AskAsync(cancellationToken) is { } told)
        {
            return Checked(told, "The address that 'git-lfs-authenticate' gives");
        }

        return new(Remote.LfsAddress);
    }

    private LfsServer? Checked(LfsServer server, string what)
    {
        if (LfsServer.Problem(server.Address, Remote) is not { } problem)
        {
            return server;
        }

        diagnostics.Add(LfsMessages.HasBadServer(question, what, server.Address, problem));
        return null;
    }

    // What the file includes would be of this machine.
    private async Task<string?> StatedAsync(string blob, CancellationToken cancellationToken)
    {
        foreach (var key in _keys)
        {
            var answer = await repository.RunAsync(["config", "--no-includes", "--blob", blob, "-z", "--get", key], "", cancellationToken);
            if (answer.IsSuccess && answer.Text.TrimEnd('\0') is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }

    private async Task<LfsServer?> AskAsync(CancellationToken cancellationToken)
    {
        var path = "/" + Uri.UnescapeDataString(Remote.Path);
        var answer = await repository.RunOverSshAsync(["git-lfs-authenticate", path, "download"], cancellationToken);
        return answer is { IsSuccess: true } ? LfsServer.FromSsh(answer.Text) : null;
    }
}
