using NixGen.Diagnostics;

namespace NixGen.Sources.GitLfs;

/// <summary>A file that is in Git LFS.</summary>
/// <param name="Path">Its path within the model.</param>
/// <param name="Pointer">What git holds in its place.</param>
internal sealed record LfsFile(string Path, LfsPointer Pointer);

/// <summary>Asks a Git LFS server whether it would give every file, so that a lock that can't be built isn't made. Transfers nothing of the files.</summary>
/// <param name="question">What is asked about.</param>
/// <param name="repository">For the user's credential helpers.</param>
/// <param name="context">The network, and where faults go.</param>
internal sealed class LfsCheck(GitQuestion question, IGitRepository repository, ResolveContext context)
{
    private const int MaxReported = 10;

    /// <summary>Whether all can be had; adds diagnostics otherwise.</summary>
    public async Task<bool> PassesAsync(LfsServer server, IReadOnlyList<LfsFile> files, CancellationToken cancellationToken)
    {
        if (server.IsFile)
        {
            return HasAll(new Uri(server.Address).LocalPath, files);
        }

        var asking = WithToken(server);
        var distinct = files.DistinctBy(file => file.Pointer.Sha256).ToArray();
        var size = LfsBatch.UsualSize;
        var reported = 0;
        for (var at = 0; at < distinct.Length;)
        {
            var part = distinct.AsSpan(at, Math.Min(size, distinct.Length - at)).ToArray();
            var pointers = part.Select(file => file.Pointer).ToArray();
            var response = await context.Http.SendAsync(LfsBatch.Request(asking, pointers), cancellationToken);
            var (objects, fault) = LfsBatch.Read(response, pointers);
            if (objects is null)
            {
                if (response.Status == 413 && size > 1)
                {
                    size /= 2;
                }
                else if (response.Status is 401 or 403 or 404 && asking.Authorization is null && await HelpedAsync(server, cancellationToken) is { } helped)
                {
                    asking = helped;
                }
                else
                {
                    context.Diagnostics.Add(Explain(server, fault ?? new(response.Status, "")));
                    return false;
                }

                continue;
            }

            foreach (var file in part.Where(file => objects.ContainsKey(file.Pointer.Sha256.Hex)).Take(MaxReported - reported))
            {
                reported++;
                context.Diagnostics.Add(LfsMessages.LacksObject(question, server.Address, file.Path, objects[file.Pointer.Sha256.Hex]));
            }

            if (reported >= MaxReported)
            {
                return false;
            }

            at += part.Length;
        }

        return reported == 0;
    }

    private Diagnostic Explain(LfsServer server, LfsFault fault) => fault.Status switch
    {
        401 or 403 => LfsMessages.IsRefused(question, server.Address, fault),
        429 or 509 => LfsMessages.IsLimited(question, server.Address, fault),
        _ => LfsMessages.Fails(question, server.Address, fault),
    };

    // The repository's token is for its own host. A server that a repository names elsewhere has to be known to the user's helpers.
    private LfsServer WithToken(LfsServer server)
    {
        if (server.Authorization is not null || question.Token is not { } token || !IsOfRemote(server))
        {
            return server;
        }

        var (user, password) = GitCredentials.Split(token);
        return server with { Authorization = GitCredentials.Basic(user, password, token.Origin) };
    }

    private bool IsOfRemote(LfsServer server)
    {
        var (one, other) = (new Uri(server.Address), new Uri(question.Remote.WebAddress));
        return one.Scheme == other.Scheme && one.Authority == other.Authority;
    }

    // As git itself asks them (git-credential).
    private async Task<LfsServer?> HelpedAsync(LfsServer server, CancellationToken cancellationToken)
    {
        var url = new Uri(server.Address);
        var answer = await repository.RunAsync(
            ["credential", "fill"], $"protocol={url.Scheme}\nhost={url.Authority}\npath={url.AbsolutePath.TrimStart('/')}\n\n", cancellationToken);
        var fields = answer.Text.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return answer.IsSuccess && fields["username"].FirstOrDefault() is { } user && fields["password"].FirstOrDefault() is { Length: > 0 } password
            ? server with { Authorization = GitCredentials.Basic(user, password, "git's credential helper") }
            : null;
    }

    private bool HasAll(string folder, IReadOnlyList<LfsFile> files)
    {
        var missing = files.Where(file => !Has(folder, file.Pointer)).Take(MaxReported).ToArray();
        foreach (var file in missing)
        {
            context.Diagnostics.Add(LfsMessages.LacksFile(question, folder, file.Path));
        }

        return missing.Length == 0;
    }

    private static bool Has(string folder, LfsPointer pointer)
    {
        var oid = pointer.Sha256.Hex;
        var file = new FileInfo(Path.Combine(folder, oid[..2], oid[2..4], oid));
        return file.Exists && file.Length == pointer.Size;
    }
}
