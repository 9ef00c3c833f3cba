using System.Collections.Immutable;
using System.Text.Json;
using NixGen.Nix.Hashing;

namespace NixGen.Sources.Registries;

/// <summary>Names content of a registry (OCI image specification, "content descriptors").</summary>
/// <param name="MediaType">What it says it is, without parameters.</param>
/// <param name="Sha256">The content's hash.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Name">What Ollama calls the layer, or null.</param>
/// <param name="Annotations">Further statements by key.</param>
internal sealed record RegistryDescriptor(
    string MediaType, SriHash Sha256, long Size, string? Name, ImmutableSortedDictionary<string, string> Annotations)
{
    private const string Prefix = "sha256:";

    /// <summary>The digest as registries write it: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public string Digest => Prefix + Sha256.Hex;

    /// <summary>The hash that a digest states, or null where it isn't a SHA-256.</summary>
    public static SriHash? HashOf(string? digest) =>
        digest is { Length: 71 } && digest.StartsWith(Prefix, StringComparison.Ordinal) && SriHash.TryFromHex(digest[Prefix.Length..], out var hash)
            ? hash
            : null;

    /// <summary>Reads one; says what is wrong with it.</summary>
    public static (RegistryDescriptor? Descriptor, string? Problem) Parse(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return (null, "a descriptor is not an object");
        }

        if (Text(element, "mediaType") is not { Length: > 0 } type)
        {
            return (null, "a descriptor has no 'mediaType'");
        }

        if (HashOf(Text(element, "digest")) is not { } hash)
        {
            return (null, "the digest of a descriptor is not 'sha256:' and 64 hexadecimal digits");
        }

        if (!element.TryGetProperty("size", out var stated) || stated.ValueKind != JsonValueKind.Number || !stated.TryGetInt64(out var size) || size < 0)
        {
            return (null, "the size of a descriptor is not a number of bytes");
        }

        return (new(type.Split(';')[0].Trim(), hash, size, Text(element, "name"), AnnotationsOf(element)), null);
    }

    /// <summary>A member that is text, or null.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The <c>annotations</c> that are text.</summary>
    public static ImmutableSortedDictionary<string, string> AnnotationsOf(JsonElement element)
    {
        var annotations = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (element.TryGetProperty("annotations", out var stated) && stated.ValueKind == JsonValueKind.Object)
        {
            foreach (var annotation in stated.EnumerateObject())
            {
                if (annotation.Value.ValueKind == JsonValueKind.String)
                {
                    annotations[annotation.Name] = annotation.Value.GetString() ?? "";
                }
            }
        }

        return annotations.ToImmutable();
    }
}
