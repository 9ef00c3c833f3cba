using System.Collections.Immutable;
using NixGen.Sources.Registries;

namespace NixGen.Sources.Ollama;

/// <summary>Names the layers of Ollama's models: as files, the layers only have digests.</summary>
internal static class OllamaLayers
{
    /// <summary>The manifest's own path.</summary>
    public const string ManifestPath = "manifest.json";

    private const string ConfigPath = "ollama.json";
    private const string Prefix = "application/vnd.ollama.image.";

    private static readonly ImmutableDictionary<string, (string Stem, string Extension)> Known =
        new Dictionary<string, (string Stem, string Extension)>(StringComparer.Ordinal)
        {
            ["adapter"] = ("adapter", ".gguf"),
            ["draft"] = ("draft", ".gguf"),
            ["embed"] = ("embed", ".bin"),
            ["license"] = ("license", ".txt"),
            ["messages"] = ("messages", ".json"),
            ["model"] = ("model", ".gguf"),
            ["params"] = ("params", ".json"),
            ["projector"] = ("projector", ".gguf"),
            ["prompt"] = ("prompt", ".txt"),
            ["system"] = ("system", ".txt"),
            ["template"] = ("template", ".txt"),
        }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The layers and the configuration with a path each. Layers of one sort are counted from 1 where there are several; those of MLX bring names of their own, which nobody has checked yet.</summary>
    public static ImmutableArray<(string Path, RegistryDescriptor Layer)> Name(RegistryManifest manifest)
    {
        var named = ImmutableArray.CreateBuilder<(string Path, RegistryDescriptor Layer)>();
        if (manifest.Config is { } config)
        {
            named.Add((ConfigPath, config));
        }

        var sorts = manifest.Layers.GroupBy(layer => layer.MediaType, StringComparer.Ordinal);
        foreach (var sort in sorts)
        {
            ImmutableArray<RegistryDescriptor> layers = [.. sort];
            for (var i = 0; i < layers.Length; i++)
            {
                named.Add((PathOf(layers[i], layers.Length == 1 ? "" : $"-{i + 1}"), layers[i]));
            }
        }

        return named.ToImmutable();
    }

    private static string PathOf(RegistryDescriptor layer, string number)
    {
        var sort = layer.MediaType.StartsWith(Prefix, StringComparison.Ordinal) ? layer.MediaType[Prefix.Length..] : null;
        return sort switch
        {
            "tensor" when layer.Name is { Length: > 0 } name => $"tensors/{name}.safetensors",
            "json" when layer.Name is { Length: > 0 } name => name,
            not null when Known.TryGetValue(sort, out var known) => known.Stem + number + known.Extension,
            { Length: > 0 and < 40 } when sort.All(char.IsAsciiLetterOrDigit) => $"{sort}{number}.bin",
            _ => $"layer-{layer.Sha256.Hex[..12]}.bin",
        };
    }
}
