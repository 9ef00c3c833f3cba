using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Expressions;
using NixGen.Sources.Selection;

namespace NixGen.Sources.GitLfs;

/// <summary>A repository, a revision, and which of its files. Both kinds of git have it.</summary>
/// <param name="Kind"><c>git-lfs</c> or <c>git-xet</c>.</param>
/// <param name="Remote">The repository.</param>
/// <param name="Revision">Branch, tag or commit, as asked for; <c>HEAD</c> is the default branch.</param>
public sealed record GitLfsRequest(string Kind, GitRemote Remote, string Revision) : SourceRequest
{
    /// <summary>The folder whose files are taken, without slashes at its ends; null for all.</summary>
    public string? Subfolder { get; init; }

    /// <summary>Patterns that select files, as asked for; empty for all.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Patterns that leave files out, as asked for.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Which weights, where the repository holds them several times.</summary>
    public WeightChoice Weights { get; init; } = WeightChoice.All;

    /// <summary>Base URL of the Git LFS API, where the manifest states one; for <c>git-xet</c>.</summary>
    public string? Endpoint { get; init; }

    /// <inheritdoc/>
    public override CanonicalRequest Canonical
    {
        get
        {
            var fields = ImmutableSortedDictionary.CreateBuilder<string, RequestValue>(StringComparer.Ordinal);
            fields["url"] = new RequestValue.Text(Remote.Address);
            fields["rev"] = new RequestValue.Text(Revision);
            AddText(fields, "subdir", Subfolder);
            AddText(fields, "endpoint", Endpoint);
            AddPatterns(fields, "files", Files);
            AddPatterns(fields, "exclude", Exclude);
            Weights.AddTo(fields);
            return new(Kind, fields.ToImmutable());
        }
    }

    /// <inheritdoc/>
    public override AttributeSet ToNix()
    {
        var set = AttributeSet.Build()
            .Add("url", Remote.Address)
            .Add("rev", Revision)
            .AddIfPresent("subdir", Subfolder)
            .AddUnlessEmpty("files", Files)
            .AddUnlessEmpty("exclude", Exclude);
        return (Endpoint is null ? set : set.Add("xet", AttributeSet.Build().Add("endpoint", Endpoint).ToSet())).ToSet();
    }

    /// <inheritdoc/>
    public bool Equals(GitLfsRequest? other) => other is not null && Canonical.Equals(other.Canonical);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Remote, Revision);

    private static void AddText(ImmutableSortedDictionary<string, RequestValue>.Builder fields, string key, string? text)
    {
        if (text is not null)
        {
            fields[key] = new RequestValue.Text(text);
        }
    }

    private static void AddPatterns(ImmutableSortedDictionary<string, RequestValue>.Builder fields, string key, ImmutableArray<string> patterns)
    {
        if (!patterns.IsEmpty)
        {
            fields[key] = new RequestValue.List(FileSelection.Canonical(patterns));
        }
    }
}
