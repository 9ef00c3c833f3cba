using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Expressions;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Oci;

/// <summary>An artifact of a registry, and which of its files.</summary>
public sealed record OciRequest : SourceRequest
{
    /// <summary>What is asked for.</summary>
    public required OciReference Image { get; init; }

    /// <summary>Patterns that select files, as asked for; empty for all.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Patterns that leave files out, as asked for.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Which weights, where the artifact holds them several times.</summary>
    public WeightChoice Weights { get; init; } = WeightChoice.All;

    /// <inheritdoc/>
    public override CanonicalRequest Canonical
    {
        get
        {
            var fields = ImmutableSortedDictionary.CreateBuilder<string, RequestValue>(StringComparer.Ordinal);
            fields["image"] = new RequestValue.Text(Image.Text);
            AddPatterns(fields, "files", Files);
            AddPatterns(fields, "exclude", Exclude);
            Weights.AddTo(fields);
            return new(OciKind.KindName, fields.ToImmutable());
        }
    }

    /// <inheritdoc/>
    public override AttributeSet ToNix() => AttributeSet.Build()
        .Add("image", Image.Text)
        .AddUnlessEmpty("files", Files)
        .AddUnlessEmpty("exclude", Exclude)
        .ToSet();

    /// <inheritdoc/>
    public override string? NeedsLock => Weights == WeightChoice.All ? null : "'gguf' and 'format' choose among files when a model is locked";

    /// <inheritdoc/>
    public bool Equals(OciRequest? other) => other is not null && Canonical.Equals(other.Canonical);

    /// <inheritdoc/>
    public override int GetHashCode() => Image.GetHashCode();

    private static void AddPatterns(
        ImmutableSortedDictionary<string, RequestValue>.Builder fields, string key, ImmutableArray<string> patterns)
    {
        if (!patterns.IsEmpty)
        {
            fields[key] = new RequestValue.List(FileSelection.Canonical(patterns));
        }
    }
}
