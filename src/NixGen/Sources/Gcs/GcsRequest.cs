using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Expressions;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Gcs;

/// <summary>Objects of a bucket of Google Cloud Storage.</summary>
public sealed record GcsRequest : SourceRequest
{
    /// <summary>The bucket's name.</summary>
    public required string Bucket { get; init; }

    /// <summary>What the objects' names begin with, or the name of the one object; no slash at its end, and empty for the whole bucket.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The generation of the one object, or null for the live one.</summary>
    public string? Generation { get; init; }

    /// <summary>Patterns that select files, as asked for; empty for all.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Patterns that leave files out, as asked for.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Which weights, where the bucket holds them several times.</summary>
    public WeightChoice Weights { get; init; } = WeightChoice.All;

    /// <summary>The server that the manifest states, or null for the environment's.</summary>
    public GcsEndpoint? Endpoint { get; init; }

    /// <summary>The place as <c>gs://bucket/prefix</c>.</summary>
    public string Uri => $"gs://{Bucket}{(Prefix.Length > 0 ? "/" + Prefix : "")}{(Generation is null ? "" : "#" + Generation)}";

    /// <inheritdoc/>
    public override CanonicalRequest Canonical
    {
        get
        {
            var fields = ImmutableSortedDictionary.CreateBuilder<string, RequestValue>(StringComparer.Ordinal);
            fields["bucket"] = new RequestValue.Text(Bucket);
            AddText("prefix", Prefix.Length > 0 ? Prefix : null);
            AddText("generation", Generation);
            AddText("endpoint", Endpoint?.BaseUrl);
            AddPatterns("files", Files);
            AddPatterns("exclude", Exclude);
            Weights.AddTo(fields);
            return new(GcsKind.KindName, fields.ToImmutable());

            void AddText(string key, string? value)
            {
                if (value is not null)
                {
                    fields[key] = new RequestValue.Text(value);
                }
            }

            void AddPatterns(string key, ImmutableArray<string> patterns)
            {
                if (!patterns.IsEmpty)
                {
                    fields[key] = new RequestValue.List(FileSelection.Canonical(patterns));
                }
            }
        }
    }

    /// <inheritdoc/>
    public override AttributeSet ToNix() => AttributeSet.Build()
        .Add("bucket", Bucket)
        .AddIfPresent("prefix", Prefix.Length > 0 ? Prefix : null)
        .AddIfPresent("generation", Generation)
        .AddUnlessEmpty("files", Files)
        .AddUnlessEmpty("exclude", Exclude)
        .AddIfPresent("endpoint", Endpoint?.BaseUrl)
        .ToSet();

    /// <inheritdoc/>
    public bool Equals(GcsRequest? other) => other is not null && Canonical.Equals(other.Canonical);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Bucket, Prefix, Generation);
}
