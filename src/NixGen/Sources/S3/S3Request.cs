using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Expressions;
using NixGen.Sources.Selection;

namespace NixGen.Sources.S3;

/// <summary>A bucket, where it is, and which of its objects.</summary>
public sealed record S3Request : SourceRequest
{
    /// <summary>The bucket's name.</summary>
    public required string Bucket { get; init; }

    /// <summary>The folder of the objects, or the one object; as asked for, and empty for the whole bucket.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The region that the manifest states, or null to find out.</summary>
    public string? Region { get; init; }

    /// <summary>Base URL of a server that isn't the vendor's, without a trailing slash; or null for the environment's.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The version of the one object, or null for the newest.</summary>
    public string? VersionId { get; init; }

    /// <summary>Whether to ask as anybody, whatever credentials there are.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>Patterns that select files, as asked for; empty for all.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Patterns that leave files out, as asked for.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Which weights, where the bucket holds them several times.</summary>
    public WeightChoice Weights { get; init; } = WeightChoice.All;

    /// <summary>What the lock calls it: the bucket, and the prefix without a slash at its end.</summary>
    public string Id => Prefix.TrimEnd('/') is { Length: > 0 } prefix ? $"{Bucket}/{prefix}" : Bucket;

    /// <inheritdoc/>
    public override CanonicalRequest Canonical
    {
        get
        {
            var fields = ImmutableSortedDictionary.CreateBuilder<string, RequestValue>(StringComparer.Ordinal);
            fields["bucket"] = new RequestValue.Text(Bucket);
            Add(fields, "prefix", Prefix.Length == 0 ? null : Prefix);
            Add(fields, "region", Region);
            Add(fields, "endpoint", Endpoint);
            Add(fields, "versionId", VersionId);
            Add(fields, "files", Files);
            Add(fields, "exclude", Exclude);
            Weights.AddTo(fields);
            return new(S3Kind.KindName, fields.ToImmutable());
        }
    }

    /// <inheritdoc/>
    public override AttributeSet ToNix() => AttributeSet.Build()
        .Add("bucket", Bucket)
        .AddIfPresent("prefix", Prefix.Length == 0 ? null : Prefix)
        .AddIfPresent("region", Region)
        .AddIfPresent("endpoint", Endpoint)
        .AddIfPresent("versionId", VersionId)
        .AddIfPresent("unsigned", IsUnsigned ? BooleanLiteral.True : null)
        .AddUnlessEmpty("files", Files)
        .AddUnlessEmpty("exclude", Exclude)
        .ToSet();

    /// <inheritdoc/>
    public bool Equals(S3Request? other) => other is not null && Canonical.Equals(other.Canonical) && IsUnsigned == other.IsUnsigned;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Bucket, Prefix, IsUnsigned);

    private static void Add(ImmutableSortedDictionary<string, RequestValue>.Builder fields, string key, string? value)
    {
        if (value is not null)
        {
            fields[key] = new RequestValue.Text(value);
        }
    }

    private static void Add(ImmutableSortedDictionary<string, RequestValue>.Builder fields, string key, ImmutableArray<string> patterns)
    {
        if (!patterns.IsEmpty)
        {
            fields[key] = new RequestValue.List(FileSelection.Canonical(patterns));
        }
    }
}
