using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace NixGen.Sources.Registries;

/// <summary>A manifest as a registry gives it: of Docker's schema 2 or of the OCI image specification, which agree in what is read here.</summary>
/// <param name="Text">Its bytes as text; UTF-8 that comes back the same.</param>
/// <param name="Config">The configuration, or null where there is none.</param>
/// <param name="Layers">The layers, in their order.</param>
/// <param name="Manifests">What an index lists; empty for a manifest of its own.</param>
/// <param name="Annotations">What the manifest says of itself.</param>
internal sealed record RegistryManifest(
    string Text,
    RegistryDescriptor? Config,
    ImmutableArray<RegistryDescriptor> Layers,
    ImmutableArray<RegistryDescriptor> Manifests,
    ImmutableSortedDictionary<string, string> Annotations)
{
    /// <summary>The largest manifest, in bytes: what registries accept at most, by the distribution specification's advice.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether it lists manifests in the place of layers.</summary>
    public bool IsIndex => !Manifests.IsEmpty;

    /// <summary>Reads a manifest; says what is wrong with it. What it calls itself isn't asked: registries differ there.</summary>
    public static (RegistryManifest? Manifest, string? Problem) Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Length > MaxBytes)
        {
            return (null, $"it is longer than {MaxBytes} bytes");
        }

        try
        {
            var text = Strict.GetString(body.Span);
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object ? Parse(text, root) : (null, "it is not an object");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return (null, "it is not JSON in UTF-8");
        }
    }

    private static (RegistryManifest? Manifest, string? Problem) Parse(string text, JsonElement root)
    {
        if (!root.TryGetProperty("schemaVersion", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != 2)
        {
            return (null, "its 'schemaVersion' is not 2");
        }

        var (layers, wrongLayer) = ListOf(root, "layers");
        var (manifests, wrongManifest) = ListOf(root, "manifests");
        var (config, wrongConfig) = ConfigOf(root);
        if ((wrongLayer ?? wrongManifest ?? wrongConfig) is { } problem)
        {
            return (null, problem);
        }

        return layers.IsEmpty && manifests.IsEmpty && config is null
            ? (null, "it has neither layers nor a configuration")
            : (new(text, config, layers, manifests, RegistryDescriptor.AnnotationsOf(root)), null);
    }

    private static (RegistryDescriptor? Config, string? Problem) ConfigOf(JsonElement root) =>
        root.TryGetProperty("config", out var config)
        && config.ValueKind == JsonValueKind.Object
        && RegistryDescriptor.Text(config, "digest") is { Length: > 0 }
            ? RegistryDescriptor.Parse(config)
            : (null, null);

    private static (ImmutableArray<RegistryDescriptor> List, string? Problem) ListOf(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return ([], null);
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            return ([], $"its '{name}' are not a list");
        }

        var items = ImmutableArray.CreateBuilder<RegistryDescriptor>(list.GetArrayLength());
        foreach (var element in list.EnumerateArray())
        {
            var (descriptor, problem) = RegistryDescriptor.Parse(element);
            if (descriptor is null)
            {
                return ([], problem);
            }

            items.Add(descriptor);
        }

        return (items.ToImmutable(), null);
    }
}
