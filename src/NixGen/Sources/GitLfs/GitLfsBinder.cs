using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources.Fields;
using NixGen.Sources.HuggingFace;
using NixGen.Sources.Selection;

namespace NixGen.Sources.GitLfs;

/// <summary>Understands declarations of repositories. The schema has checked their shape; this checks what they mean.</summary>
internal static class GitLfsBinder
{
    private const string SpecExample = "git+https://github.com/org/model.git?rev=main";
    private const string UrlExample = "https://github.com/org/model.git";

    /// <summary>A short spec: <c>git+URL</c>, with <c>rev</c> and <c>subdir</c> in its query.</summary>
    public static GitLfsRequest? Bind(ShortSpec spec, DiagnosticBag diagnostics)
    {
        var text = spec.Text["git+".Length..];
        var mark = text.IndexOf('?', StringComparison.Ordinal);
        var (remote, problem) = GitRemote.Parse(mark < 0 ? text : text[..mark]);
        var parameters = Parameters(mark < 0 ? "" : text[(mark + 1)..], ref problem);
        var revision = parameters.GetValueOrDefault("rev", "HEAD");
        var folder = parameters.GetValueOrDefault("subdir")?.Trim('/');
        problem ??= RevisionProblem(revision) is { } wrong ? $"names a revision that {wrong}" : null;
        problem ??= folder is not null && FolderProblem(folder) is { } wrongFolder ? $"names a folder that {wrongFolder}" : null;
        if (remote is not null && problem is null)
        {
            return new(GitLfsKind.KindName, remote, revision) { Subfolder = folder };
        }

        diagnostics.Add(FieldDiagnostics.HasBadSpec(spec, problem ?? "is no URL", SpecExample));
        return null;
    }

    /// <summary>The long form.</summary>
    /// <param name="source">The fields.</param>
    /// <param name="endpoint">The Git LFS API that the kind's own fields state, or null.</param>
    /// <param name="diagnostics">Where faults go.</param>
    public static GitLfsRequest? Bind(LongSource source, string? endpoint, DiagnosticBag diagnostics)
    {
        var problems = new DiagnosticBag();
        var fields = new FieldReader(source, problems);
        fields.Required("url", $"url: {UrlExample}");
        fields.Required("rev", "rev: main");
        GitRemote? remote = null;
        fields.Checked(
            "url",
            text =>
            {
                (remote, var problem) = GitRemote.Parse(text);
                return problem;
            },
            UrlExample);
        var revision = fields.Checked("rev", RevisionProblem, "main");
        var folder = fields.Checked("subdir", text => FolderProblem(text.Trim('/')), "models/bert")?.Trim('/');
        var files = fields.Patterns("files");
        if (fields.Has("lfsFiles"))
        {
            if (fields.Has("files"))
            {
                problems.Add(GitLfsDiagnostics.HasTwoSelections(fields.At("lfsFiles")));
            }

            files = fields.Patterns("lfsFiles");
        }

        var exclude = fields.Patterns("exclude");
        var weights = WeightFields.Read(fields);
        diagnostics.AddRange(problems.Items);
        return problems.HasErrors || remote is null || revision is null
            ? null
            : new(source.Kind, remote, revision) { Subfolder = folder, Files = files, Exclude = exclude, Weights = weights, Endpoint = endpoint };
    }

    private static string? RevisionProblem(string revision) =>
        revision.Length == 0 ? "is empty" : RevisionName.Problem(revision);

    private static string? FolderProblem(string folder) => LockedPath.Problem(folder);

    private static ImmutableDictionary<string, string> Parameters(string query, ref string? problem)
    {
        var parameters = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = part.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (part[..at], part[(at + 1)..]) : (part, "");
            if (key is not ("rev" or "subdir"))
            {
                problem ??= $"has the parameter '{key}'; there are 'rev' and 'subdir'";
            }

            parameters[key] = Uri.UnescapeDataString(value);
        }

        return parameters.ToImmutable();
    }
}
