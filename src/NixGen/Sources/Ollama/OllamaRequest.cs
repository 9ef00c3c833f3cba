using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Expressions;
using NixGen.Sources.Registries;

namespace NixGen.Sources.Ollama;

/// <summary>A model of a registry that keeps Ollama's models.</summary>
public sealed record OllamaRequest : SourceRequest
{
    /// <summary>The registry.</summary>
    public required RegistryEndpoint Registry { get; init; }

    /// <summary>The namespace, such as <c>library</c>.</summary>
    public required string Namespace { get; init; }

    /// <summary>The model, such as <c>llama2</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The tag, such as <c>7b</c>.</summary>
    public required string Tag { get; init; }

    /// <summary>The repository's name in the registry.</summary>
    public string Repository => $"{Namespace}/{Model}";

    /// <inheritdoc/>
    public override CanonicalRequest Canonical
    {
        get
        {
            var fields = ImmutableSortedDictionary.CreateBuilder<string, RequestValue>(StringComparer.Ordinal);
            fields["model"] = new RequestValue.Text(ShortName);
            fields["tag"] = new RequestValue.Text(Tag);
            if (Registry != OllamaName.DefaultRegistry)
            {
                fields["registry"] = new RequestValue.Text(Registry.BaseUrl);
            }

            return new(OllamaKind.KindName, fields.ToImmutable());
        }
    }

    /// <inheritdoc/>
    public override AttributeSet ToNix() => AttributeSet.Build()
        .Add("model", ShortName)
        .Add("tag", Tag)
        .AddIfPresent("registry", Registry == OllamaName.DefaultRegistry ? null : Registry.BaseUrl)
        .ToSet();

    private string ShortName => Namespace == OllamaName.DefaultNamespace ? Model : Repository;
}
