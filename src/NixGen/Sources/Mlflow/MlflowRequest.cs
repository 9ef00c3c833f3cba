using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Expressions;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Mlflow;

/// <summary>A model of a tracking server, and which of its files.</summary>
public sealed record MlflowRequest : SourceRequest
{
    /// <summary>The model.</summary>
    public required MlflowReference Model { get; init; }

    /// <summary>Base URL of the server that the manifest states, without a trailing slash; or null for the environment's.</summary>
    public string? TrackingUri { get; init; }

    /// <summary>Whether the files are taken from the object store where they lie, and not through the server.</summary>
    public bool FromStore { get; init; }

    /// <summary>Patterns that select files, as asked for; empty for all.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Patterns that leave files out, as asked for.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Which weights, where the model holds them several times.</summary>
    public WeightChoice Weights { get; init; } = WeightChoice.All;

    /// <inheritdoc/>
    public override CanonicalRequest Canonical
    {
        get
        {
            var fields = ImmutableSortedDictionary.CreateBuilder<string, RequestValue>(StringComparer.Ordinal);
            fields["uri"] = new RequestValue.Text(Model.Uri);
            if (TrackingUri is not null)
            {
                fields["trackingUri"] = new RequestValue.Text(TrackingUri);
            }

            if (FromStore)
            {
                fields["artifacts"] = new RequestValue.Text("store");
            }

            AddPatterns(fields, "files", Files);
            AddPatterns(fields, "exclude", Exclude);
            Weights.AddTo(fields);
            return new(MlflowKind.KindName, fields.ToImmutable());
        }
    }

    /// <inheritdoc/>
    public override string? NeedsLock => "only its server knows where the files of an MLflow model are";

    /// <inheritdoc/>
    public override AttributeSet ToNix()
    {
        var set = AttributeSet.Build().AddIfPresent("trackingUri", TrackingUri);
        set = Model.Kind switch
        {
            MlflowReferenceKind.Version => set.Add("modelName", Model.Name).Add("modelVersion", Model.Detail),
            MlflowReferenceKind.Latest => set.Add("modelName", Model.Name).Add("modelVersion", "latest"),
            MlflowReferenceKind.Stage => set.Add("modelName", Model.Name).Add("modelStage", Model.Detail),
            MlflowReferenceKind.Alias => set.Add("modelName", Model.Name).Add("modelAlias", Model.Detail),
            MlflowReferenceKind.Run => set.Add("run", Model.Name).AddIfPresent("artifactPath", Model.Detail.Length == 0 ? null : Model.Detail),
            _ => set.Add("uri", Model.Uri),
        };
        return set.AddIfPresent("artifacts", FromStore ? "store" : null).AddUnlessEmpty("files", Files).AddUnlessEmpty("exclude", Exclude).ToSet();
    }

    /// <inheritdoc/>
    public bool Equals(MlflowRequest? other) => other is not null && Canonical.Equals(other.Canonical);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Model, TrackingUri);

    private static void AddPatterns(ImmutableSortedDictionary<string, RequestValue>.Builder fields, string key, ImmutableArray<string> patterns)
    {
        if (!patterns.IsEmpty)
        {
            fields[key] = new RequestValue.List(FileSelection.Canonical(patterns));
        }
    }
}
