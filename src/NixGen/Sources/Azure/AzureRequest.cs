using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Expressions;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Azure;

/// <summary>Blobs of a container.</summary>
public sealed record AzureRequest : SourceRequest
{
    /// <summary>The storage account's name.</summary>
    public required string Account { get; init; }

    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>What the blobs' names begin with, or the name of the one blob; no slash at its end, and empty for the whole container.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Patterns that select files, as asked for; empty for all.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Patterns that leave files out, as asked for.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <summary>Which weights, where the container holds them several times.</summary>
    public WeightChoice Weights { get; init; } = WeightChoice.All;

    /// <summary>The address of the account's blobs that the manifest states, without a slash at its end; or null for the account's own.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The place as <c>az://account/container/prefix</c>.</summary>
    public string Uri => $"az://{Account}/{Container}{(Prefix.Length > 0 ? "/" + Prefix : "")}";

    /// <summary>The address of an account's blobs in Azure's public cloud.</summary>
    public static string EndpointOf(string account) => $"https://{account}.blob.core.windows.net";

    /// <inheritdoc/>
    public override CanonicalRequest Canonical
    {
        get
        {
            var fields = ImmutableSortedDictionary.CreateBuilder<string, RequestValue>(StringComparer.Ordinal);
            fields["account"] = new RequestValue.Text(Account);
            fields["container"] = new RequestValue.Text(Container);
            if (Prefix.Length > 0)
            {
                fields["prefix"] = new RequestValue.Text(Prefix);
            }

            if (Endpoint is not null)
            {
                fields["endpoint"] = new RequestValue.Text(Endpoint);
            }

            AddPatterns("files", Files);
            AddPatterns("exclude", Exclude);
            Weights.AddTo(fields);
            return new(AzureKind.KindName, fields.ToImmutable());

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
        .Add("account", Account)
        .Add("container", Container)
        .AddIfPresent("prefix", Prefix.Length > 0 ? Prefix : null)
        .AddUnlessEmpty("files", Files)
        .AddUnlessEmpty("exclude", Exclude)
        .AddIfPresent("endpoint", Endpoint)
        .ToSet();

    /// <inheritdoc/>
    public bool Equals(AzureRequest? other) => other is not null && Canonical.Equals(other.Canonical);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Account, Container, Prefix);
}
