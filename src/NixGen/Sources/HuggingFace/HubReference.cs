using System.Diagnostics.CodeAnalysis;
using NixGen.Manifest;

namespace NixGen.Sources.HuggingFace;

/// <summary>What a short spec says: a repository, and perhaps a revision and one file or folder of it.</summary>
/// <param name="Type">What the repository holds.</param>
/// <param name="Repository">Its id; follows <see cref="RepositoryId"/>.</param>
/// <param name="Revision">The revision, or null; follows <see cref="RevisionName"/>.</param>
/// <param name="Pattern">A pattern for the file or folder that is named, or null.</param>
/// <param name="Quant">The quantization of GGUF files that is named, or null.</param>
public sealed record HubReference(RepositoryType Type, string Repository, string? Revision, string? Pattern, string? Quant = null)
{
    private static readonly string[] _shortSchemes = ["hf:", "huggingface:"];
    private static readonly string[] _hosts = ["huggingface.co/", "www.huggingface.co/", "hf.co/"];

    /// <summary>What short specs of the Hub begin with.</summary>
    public static IEnumerable<string> Prefixes =>
        [.. _shortSchemes, .. OllamaOfTheHub.Prefixes, .. _hosts.SelectMany(host => (string[])[$"https://{host}", $"http://{host}", host])];

    /// <summary>Understands <c>hf:[type/]id[:quantization][@revision]</c>, the Hub's own <c>hf://[type/]id[@revision][/path]</c>, and URLs of the Hub's pages.</summary>
    public static bool TryParse(string spec, [NotNullWhen(true)] out HubReference? reference, [NotNullWhen(false)] out SpecProblem? problem)
    {
        (reference, problem) = Parse(spec);
        return reference is not null && problem is null;
    }

    private static (HubReference?, SpecProblem?) Parse(string spec)
    {
        if (OllamaOfTheHub.Is(spec))
        {
            return FromOllama(new(spec, spec.IndexOf(OllamaOfTheHub.Host[^3..], StringComparison.OrdinalIgnoreCase) + 4, spec.Length));
        }

        foreach (var scheme in _shortSchemes)
        {
            if (spec.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return spec.AsSpan(scheme.Length).StartsWith("//", StringComparison.Ordinal)
                    ? FromUri(new(spec, scheme.Length + 2, spec.Length))
                    : FromShort(new(spec, scheme.Length, spec.Length));
            }
        }

        var afterScheme = spec.IndexOf("://", StringComparison.Ordinal) is var found and >= 0 ? found + 3 : 0;
        var slash = spec.IndexOf('/', afterScheme);
        var end = spec.AsSpan().IndexOfAny('?', '#') is var query and >= 0 ? query : spec.Length;
        return FromPage(new(spec, Math.Min(slash + 1, end), end));
    }

    // Everything behind '@' is the revision: references have slashes. The quantization stands behind the id, as
    // ollama and llama.cpp have it, or behind the revision.
    private static (HubReference?, SpecProblem?) FromShort(SpecPart rest)
    {
        var (location, tail) = rest.Cut('@');
        var (type, whole) = location.TakeType();
        var (id, quant) = whole.Cut(':');
        SpecPart? revision = null;
        if (tail is not null)
        {
            (revision, var quantBehind) = tail.Cut(':');
            if (quant is not null && quantBehind is not null)
            {
                return (null, quantBehind.Says("is a second quantization", "Write 'hf:org/name:Q4_K_M@revision'."));
            }

            quant ??= quantBehind;
        }

        return Check(type, id, revision, null, quant);
    }

    private static (HubReference?, SpecProblem?) FromUri(SpecPart rest)
    {
        var (location, tail) = rest.Cut('@');
        var (type, whole) = location.TakeType();
        var (id, path) = whole.CutAfterSegments(2);
        if (tail is null)
        {
            return Check(type, id, null, PatternOf(path));
        }

        if (path is not null)
        {
            return (null, path.Says("stands before the revision", "Write 'hf://org/name@revision/path'."));
        }

        var (revision, file) = tail.CutRevision();
        return Check(type, id, revision, PatternOf(file));
    }

    // Without a tag that names a quantization, the repository has to hold just one.
    private static (HubReference?, SpecProblem?) FromOllama(SpecPart rest)
    {
        var (id, tag) = rest.Cut(':');
        var quant = tag is null || string.Equals(tag.Text, OllamaOfTheHub.DefaultTag, StringComparison.OrdinalIgnoreCase) ? null : tag;
        return Check(RepositoryType.Model, id, null, quant is null ? "*.gguf" : null, quant);
    }

    private static (HubReference?, SpecProblem?) FromPage(SpecPart rest)
    {
        var (type, whole) = rest.TrimSlash().TakeType();
        var (first, afterFirst) = whole.CutAfterSegments(1);
        if (first.Text is "api" or "buckets" or "collections" or "papers" or "settings" or "docs" or "blog")
        {
            return (null, first.Says("is no repository", "Give the URL of a model's, dataset's or Space's page."));
        }

        var (second, afterSecond) = afterFirst is null ? (null, null) : afterFirst.CutAfterSegments(1);

        // Old repositories have no organisation: 'gpt2/tree/main'.
        var single = second is null || IsView(second.Text);
        var id = single ? first : whole.CutAfterSegments(2).Head;
        var view = single ? afterFirst : afterSecond;
        if (view is null)
        {
            var (repository, quant) = id.Cut(':');
            return Check(type, repository, null, null, quant);
        }

        var (action, location) = view.CutAfterSegments(1);
        if (!IsView(action.Text) || location is null)
        {
            return (null, action.Says(
                "is no page of files", "Give the repository's page, or one of its '/tree/', '/blob/' or '/resolve/' pages."));
        }

        var (revision, path) = location.CutRevision();
        return Check(type, id, revision, PatternOf(path?.Unescaped(), isFolder: action.Text == "tree"));
    }

    private static bool IsView(string segment) => segment is "tree" or "blob" or "resolve" or "raw" or "blame";

    private static (HubReference?, SpecProblem?) Check(
        RepositoryType type, SpecPart id, SpecPart? revision, string? pattern, SpecPart? quant = null)
    {
        if (quant is not null && !IsLabel(quant.Text))
        {
            return (null, quant.Says("is no quantization", "Write the label as the names of the GGUF files have it, such as 'Q4_K_M'."));
        }

        if (RepositoryId.Problem(id.Text) is { } wrongId)
        {
            return (null, id.Says(wrongId, "A repository id is 'name' or 'organisation/name', as the Hub's page shows it."));
        }

        var name = revision?.Unescaped();
        return name is not null && revision is not null && RevisionName.Problem(name) is { } wrongRevision
            ? (null, revision.Says(wrongRevision, "A revision is a branch, a tag, a commit, or a reference such as 'refs/pr/1'."))
            : (new(type, id.Text, name, pattern, quant?.Text), null);
    }

    private static bool IsLabel(string text) =>
        text.Length is > 0 and <= 40 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.');

    private static string? PatternOf(SpecPart? path) => PatternOf(path?.Unescaped(), isFolder: false);

    // The path names one file; what a pattern would read otherwise is put into sets.
    private static string? PatternOf(string? path, bool isFolder)
    {
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        var literal = string.Concat(path.TrimEnd('/').Select(character => character is '*' or '?' or '[' ? $"[{character}]" : character.ToString()));
        return isFolder || path.EndsWith('/') ? literal + "/" : literal;
    }
}

/// <summary>What is wrong with a spec, and where in it.</summary>
/// <param name="Start">Offset in UTF-16 code units.</param>
/// <param name="Length">Length in UTF-16 code units.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
/// <param name="Help">What to do next.</param>
public sealed record SpecProblem(int Start, int Length, string Message, string Help);
