using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Sources.HuggingFace;

namespace NixGen.Sources.GitLfs;

/// <summary>The commit that a revision is now.</summary>
/// <param name="Commit">40 hexadecimal digits.</param>
/// <param name="Reference">The reference's full name, or null where the commit itself was asked for.</param>
internal sealed record GitTarget(string Commit, string? Reference)
{
    /// <summary>Whether a tag names it, which should stay where it is.</summary>
    public bool IsTag => Reference?.StartsWith("refs/tags/", StringComparison.Ordinal) == true;
}

/// <summary>Finds out what a revision is, from the references that a remote advertises.</summary>
internal static class GitReferences
{
    /// <summary>The target; adds a diagnostic and gives null where there is none.</summary>
    public static async Task<GitTarget?> ResolveAsync(
        GitQuestion question, IGitRepository repository, DiagnosticBag diagnostics, CancellationToken cancellationToken)
    {
        var revision = question.Request.Revision;
        if (RevisionName.IsCommit(revision))
        {
            return new(revision, null);
        }

        // As git reads names (gitrevisions): a whole reference, then tags, then branches.
        string[] names = [revision, $"refs/{revision}", $"refs/tags/{revision}", $"refs/heads/{revision}"];
        var answer = await repository.RunAsync(["ls-remote", "origin", .. names, $"{revision}^{{}}", $"refs/{revision}^{{}}", $"refs/tags/{revision}^{{}}"], "", cancellationToken);
        if (!answer.IsSuccess)
        {
            diagnostics.Add(GitComplaints.Explain(question, answer));
            return null;
        }

        var references = Parse(answer.Text);
        foreach (var name in names)
        {
            if (references.TryGetValue(name, out var commit))
            {
                // A tag that is an object of its own leads on to its commit.
                return new(references.GetValueOrDefault(name + "^{}", commit), name);
            }
        }

        var all = await repository.RunAsync(["ls-remote", "--heads", "--tags", "--refs", "origin"], "", cancellationToken);
        var known = Parse(all.Text).Keys.Select(name => name["refs/".Length..]).Select(name => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        diagnostics.Add(GitDiagnostics.LacksRevision(question, Spelling.Nearest(revision, known)));
        return null;
    }

    // Lines of `OID TAB NAME`.
    private static Dictionary<string, string> Parse(string lines)
    {
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Split('\n'))
        {
            if (line.Split('\t') is [var oid, var name] && RevisionName.IsCommit(oid)
                && (name == "HEAD" || name.StartsWith("refs/", StringComparison.Ordinal)))
            {
                references[name] = oid;
            }
        }

        return references;
    }
}
