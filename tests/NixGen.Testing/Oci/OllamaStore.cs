using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NixGen.Testing.Oci;

/// <summary>
/// A model store, read by the rules of Ollama's server when it starts: manifests four levels deep under names that it
/// takes, blobs under their digests, and nothing that it would rename, remove or stop at.
/// </summary>
public static partial class OllamaStore
{
    /// <summary>The models by their full names, each with its manifest. Throws for whatever the server would complain of.</summary>
    /// <param name="folder">What <c>OLLAMA_MODELS</c> would name.</param>
    /// <param name="resolve">Where the target of a path below the folder really is.</param>
    public static IReadOnlyDictionary<string, string> Read(string folder, Func<string, string> resolve)
    {
        var manifests = Path.Combine(folder, "manifests");
        var blobs = Path.Combine(folder, "blobs");
        RefuseEmptyFolders(manifests);
        foreach (var blob in Directory.GetFileSystemEntries(blobs))
        {
            if (!BlobName().IsMatch(Path.GetFileName(blob)))
                throw new InvalidOperationException($"The server would rename or remove {blob}.");
        }

        var models = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(manifests, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(manifests, file);
            var parts = name.Split('/');
            if (parts.Length != 4 || !HostPart().IsMatch(parts[0]) || !NamespacePart().IsMatch(parts[1]) || !Part().IsMatch(parts[2]) || !Part().IsMatch(parts[3]))
                throw new InvalidOperationException($"The server would see a bad manifest name in {name}.");
            var text = File.ReadAllText(resolve("manifests/" + name));
            CheckBlobs(text, resolve);
            models[name] = text;
        }

        return models;
    }

    private static void CheckBlobs(string manifest, Func<string, string> resolve)
    {
        using var document = JsonDocument.Parse(manifest);
        var root = document.RootElement;
        foreach (var layer in root.GetProperty("layers").EnumerateArray().Append(root.GetProperty("config")))
        {
            var digest = layer.GetProperty("digest").GetString() ?? "";
            var content = File.ReadAllBytes(resolve("blobs/" + digest.Replace(':', '-')));
            if (content.Length != layer.GetProperty("size").GetInt64() || "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)) != digest)
                throw new InvalidOperationException($"The blob {digest} holds something else.");
        }
    }

    private static void RefuseEmptyFolders(string folder)
    {
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            throw new InvalidOperationException($"The server would stop at the empty folder {folder}.");
        foreach (var inner in Directory.EnumerateDirectories(folder))
            RefuseEmptyFolders(inner);
    }

    [GeneratedRegex("^sha256-[0-9a-fA-F]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex BlobName();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}$", RegexOptions.CultureInvariant)]
    private static partial Regex HostPart();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamespacePart();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
