using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NixGen.Testing.Oci;

/// <summary>A manifest and the blobs that it names.</summary>
/// <param name="MediaType">The manifest's media type.</param>
/// <param name="Manifest">Its bytes.</param>
/// <param name="Config">The configuration's bytes.</param>
/// <param name="Layers">The layers, in their order.</param>
public sealed record OciArtifact(string MediaType, byte[] Manifest, byte[] Config, ImmutableArray<OciLayer> Layers)
{
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    public const string OciIndex = "application/vnd.oci.image.index.v1+json";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The digest by which the manifest can be asked for.</summary>
    public string Digest => RegistryClient.DigestOf(Manifest);

    /// <summary>Everything that is stored beside the manifest.</summary>
    public IEnumerable<byte[]> Blobs => [Config, .. Layers.Select(layer => layer.Content)];

    /// <summary>A model as Ollama's registry has it.</summary>
    public static OciArtifact Ollama(string config, params OciLayer[] layers) => Make(
        DockerManifest, "application/vnd.docker.container.image.v1+json", config, layers, artifactType: null, annotations: null);

    /// <summary>An artifact by the image specification.</summary>
    public static OciArtifact Oci(string configType, string config, IReadOnlyList<OciLayer> layers, string? artifactType = null, IReadOnlyDictionary<string, string>? annotations = null) =>
        Make(OciManifest, configType, config, layers, artifactType, annotations);

    private static OciArtifact Make(
        string mediaType, string configType, string config, IReadOnlyList<OciLayer> layers, string? artifactType, IReadOnlyDictionary<string, string>? annotations)
    {
        var configBytes = Encoding.UTF8.GetBytes(config);
        var manifest = new Dictionary<string, object>(StringComparer.Ordinal) { ["schemaVersion"] = 2, ["mediaType"] = mediaType };
        if (artifactType is not null)
            manifest["artifactType"] = artifactType;
        manifest["config"] = new OciLayer(configType, configBytes).Descriptor();
        manifest["layers"] = layers.Select(layer => layer.Descriptor()).ToArray();
        if (annotations is not null)
            manifest["annotations"] = annotations;
        return new(mediaType, JsonSerializer.SerializeToUtf8Bytes(manifest, Plain), configBytes, [.. layers]);
    }
}

/// <summary>A layer: any content with a media type.</summary>
/// <param name="MediaType">What it says it is.</param>
/// <param name="Content">The content.</param>
public sealed record OciLayer(string MediaType, byte[] Content)
{
    /// <summary>A layer of text.</summary>
    public OciLayer(string mediaType, string text)
        : this(mediaType, Encoding.UTF8.GetBytes(text))
    {
    }

    public string Digest => RegistryClient.DigestOf(Content);

    /// <summary>What Ollama calls the layer: the path of a tensor's file.</summary>
    public string? Name { get; init; }

    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The layer with the file name that ORAS, Docker Model Runner and others state.</summary>
    public OciLayer Titled(string title) => Annotated("org.opencontainers.image.title", title);

    /// <summary>The layer with one more annotation.</summary>
    public OciLayer Annotated(string key, string value) => this with { Annotations = Annotations.SetItem(key, value) };

    internal Dictionary<string, object> Descriptor()
    {
        var descriptor = new Dictionary<string, object>(StringComparer.Ordinal) { ["mediaType"] = MediaType, ["digest"] = Digest, ["size"] = Content.Length };
        if (Name is not null)
            descriptor["name"] = Name;
        if (!Annotations.IsEmpty)
            descriptor["annotations"] = Annotations;
        return descriptor;
    }
}
