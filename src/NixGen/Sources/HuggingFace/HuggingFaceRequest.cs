using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Expressions;
using NixGen.Sources.Selection;

namespace NixGen.Sources.HuggingFace;

/// <summary>A repository of the Hub, a revision, and which of its files.</summary>
public sealed record HuggingFaceRequest : SourceRequest
{
    /// <summary>The id as asked for, such as <c>microsoft/phi-2</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>What the repository holds.</summary>
    public RepositoryType Type { get; init; } = RepositoryType.Model;

    /// <summary>Branch, tag, commit or other reference, as asked for.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>Patterns that select files, as asked for; empty for all.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Patterns that leave files out, as asked for.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Which weights, where the repository holds them several times.</summary>
    public WeightChoice Weights { get; init; } = WeightChoice.All;

    /// <summary>The Hub that the manifest states, or null for the environment's.</summary>
    public HubEndpoint? Endpoint { get; init; }

    /// <inheritdoc/>
    public override CanonicalRequest Canonical
    {
        get
        {
            var fields = ImmutableSortedDictionary.CreateBuilder<string, RequestValue>(StringComparer.Ordinal);
            fields["repo"] = new RequestValue.Text(Repository);
            fields["revision"] = new RequestValue.Text(Revision);
            if (Type != RepositoryType.Model)
            {
                fields["type"] = new RequestValue.Text(Type.Name());
            }

            if (Endpoint is not null)
            {
                fields["endpoint"] = new RequestValue.Text(Endpoint.BaseUrl);
            }

            AddPatterns(fields, "files", Files);
            AddPatterns(fields, "exclude", Exclude);
            Weights.AddTo(fields);
            return new(HuggingFaceKind.KindName, fields.ToImmutable());
        }
    }

    /// <inheritdoc/>
    public override AttributeSet ToNix() => AttributeSet.Build()
        .Add("repo", Repository)
        .AddIfPresent("type", Type == RepositoryType.Model ? null : Type.Name())
        .Add("revision", Revision)
        .AddUnlessEmpty("files", Files)
        .AddUnlessEmpty("exclude", Exclude)
        .AddIfPresent("endpoint", Endpoint?.BaseUrl)
        .ToSet();

    /// <inheritdoc/>
    public override string? NeedsLock => Weights == WeightChoice.All ? null : "'gguf' and 'format' choose among files when a model is locked";

    /// <inheritdoc/>
    public bool Equals(HuggingFaceRequest? other) => other is not null && Canonical.Equals(other.Canonical);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Repository, Revision, Type);

    private static void AddPatterns(
        ImmutableSortedDictionary<string, RequestValue>.Builder fields, string key, ImmutableArray<string> patterns)
    {
        if (!patterns.IsEmpty)
        {
            fields[key] = new RequestValue.List(FileSelection.Canonical(patterns));
        }
    }
}
