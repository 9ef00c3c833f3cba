using System.Collections.Immutable;
using NixGen.Sources.Registries;

namespace NixGen.Sources.Oci;

/// <summary>Names the layers of artifacts: by what their annotations say, else by what Docker's Model Runner calls such layers, else by their hashes.</summary>
internal static class OciLayers
{
    private const string DockerModels = "application/vnd.docker.ai.";

    // The path of a file in ModelPack's and Docker's models, then the title that ORAS and others state.
    private static readonly ImmutableArray<string> NameAnnotations = ["org.cncf.model.filepath", "org.opencontainers.image.title"];

    private static readonly ImmutableArray<(string Ending, string Extension)> Archives =
    [
        (".tar", ".tar"), (".tar+gzip", ".tar.gz"), (".tar.gzip", ".tar.gz"), (".tar+zstd", ".tar.zst"),
    ];

    /// <summary>The layers with a path each; nobody has checked the paths yet. The media type of those that are to be unpacked goes with them.</summary>
    public static ImmutableArray<OciFile> Name(RegistryManifest manifest)
    {
        var untitled = manifest.Layers.Where(layer => Stated(layer) is null).ToLookup(layer => layer.MediaType, StringComparer.Ordinal);
        var counted = new Dictionary<string, int>(StringComparer.Ordinal);
        var files = ImmutableArray.CreateBuilder<OciFile>(manifest.Layers.Length);
        foreach (var layer in manifest.Layers)
        {
            var archive = Archives.FirstOrDefault(known => layer.MediaType.EndsWith(known.Ending, StringComparison.Ordinal));
            var path = Stated(layer);
            if (archive.Ending is not null)
            {
                // What is in it has names of its own; this one must not be among them.
                files.Add(new($".archives/{layer.Sha256.Hex[..12]}{archive.Extension}", layer, layer.MediaType));
                continue;
            }

            if (path is null)
            {
                var number = counted[layer.MediaType] = counted.GetValueOrDefault(layer.MediaType) + 1;
                path = Usual(layer, number, untitled[layer.MediaType].Count());
            }

            files.Add(new(path, layer, null));
        }

        return files.ToImmutable();
    }

    /// <summary>Whether a layer is a part of a container's file system, which no annotation names.</summary>
    public static bool IsOfContainer(RegistryDescriptor layer) =>
        Stated(layer) is null
        && (layer.MediaType.StartsWith("application/vnd.oci.image.layer.", StringComparison.Ordinal)
            || layer.MediaType.StartsWith("application/vnd.docker.image.rootfs.", StringComparison.Ordinal));

    private static string? Stated(RegistryDescriptor layer)
    {
        foreach (var name in NameAnnotations)
        {
            if (layer.Annotations.TryGetValue(name, out var path) && path.Length > 0)
            {
                return path;
            }
        }

        return null;
    }

    private static string Usual(RegistryDescriptor layer, int number, int count)
    {
        var sort = layer.MediaType.StartsWith(DockerModels, StringComparison.Ordinal) ? layer.MediaType[DockerModels.Length..] : "";
        return sort switch
        {
            "gguf.v3" => Shard("model", ".gguf", number, count),
            "gguf.v3.lora" => Numbered("adapter", ".gguf", number, count),
            "safetensors" => Shard("model", ".safetensors", number, count),
            "mmproj" or "gguf.v3.mmproj" => Numbered("mmproj", ".gguf", number, count),
            "license" => Numbered("LICENSE", "", number, count),
            "chat.template.jinja" => Numbered("chat_template", ".jinja", number, count),
            _ => $"layer-{layer.Sha256.Hex[..12]}.bin",
        };
    }

    private static string Shard(string stem, string extension, int number, int count) =>
        count == 1 ? stem + extension : $"{stem}-{number:d5}-of-{count:d5}{extension}";

    private static string Numbered(string stem, string extension, int number, int count) =>
        count == 1 ? stem + extension : $"{stem}-{number}{extension}";
}

/// <summary>A layer as a file.</summary>
/// <param name="Path">Its path within the model.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Archive">The media type where it is an archive that is unpacked when the model is built; else null.</param>
internal sealed record OciFile(string Path, RegistryDescriptor Layer, string? Archive);
