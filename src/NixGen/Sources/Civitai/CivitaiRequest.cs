using System.Collections.Immutable;
using System.Globalization;
using NixGen.Lock;
using NixGen.Nix.Expressions;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Civitai;

/// <summary>A version of a model on Civitai, and which of its files.</summary>
public sealed record CivitaiRequest : SourceRequest
{
    /// <summary>The site.</summary>
    public const string DefaultEndpoint = "https://civitai.com";

    /// <summary>The version's number.</summary>
    public required long VersionId { get; init; }

    /// <summary>The model's number, which the version must be of; or null.</summary>
    public long? ModelId { get; init; }

    /// <summary>The number of the only file, or null.</summary>
    public long? FileId { get; init; }

    /// <summary>What the only file is, where its number isn't stated: <c>type</c>, <c>format</c>, <c>size</c> and <c>fp</c>, as the site states them, without regard to case.</summary>
    public ImmutableSortedDictionary<string, string> Select { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Patterns that select files, as asked for; empty for none stated.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Patterns that leave files out, as asked for.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>The base URL that the manifest states, without a trailing slash; or null for the site itself.</summary>
    public string? Endpoint { get; init; }

    /// <inheritdoc/>
    public override CanonicalRequest Canonical
    {
        get
        {
            var fields = ImmutableSortedDictionary.CreateBuilder<string, RequestValue>(StringComparer.Ordinal);
            fields["modelVersionId"] = new RequestValue.Text(Text(VersionId));
            Add("modelId", ModelId is { } model ? Text(model) : null);
            Add("fileId", FileId is { } file ? Text(file) : null);
            Add("endpoint", Endpoint);
            foreach (var (name, value) in Select)
            {
                Add("select." + name, value.ToLowerInvariant());
            }

            AddAll("files", Files);
            AddAll("exclude", Exclude);
            return new(CivitaiKind.KindName, fields.ToImmutable());

            void Add(string key, string? value)
            {
                if (value is not null)
                {
                    fields[key] = new RequestValue.Text(value);
                }
            }

            void AddAll(string key, ImmutableArray<string> patterns)
            {
                if (!patterns.IsEmpty)
                {
                    fields[key] = new RequestValue.List(FileSelection.Canonical(patterns));
                }
            }
        }
    }

    /// <inheritdoc/>
    public override AttributeSet ToNix()
    {
        var select = AttributeSet.Build();
        foreach (var (name, value) in Select)
        {
            select.Add(name, value);
        }

        return AttributeSet.Build()
            .Add("modelVersionId", VersionId)
            .AddIfPresent("modelId", ModelId is { } model ? new IntegerLiteral(model) : null)
            .AddIfPresent("fileId", FileId is { } file ? new IntegerLiteral(file) : null)
            .AddUnlessEmpty("select", select)
            .AddUnlessEmpty("files", Files)
            .AddUnlessEmpty("exclude", Exclude)
            .AddIfPresent("endpoint", Endpoint)
            .ToSet();
    }

    /// <inheritdoc/>
    public bool Equals(CivitaiRequest? other) => other is not null && Canonical.Equals(other.Canonical);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(VersionId, FileId);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
