using System.Text;
using NixGen.Manifest;

namespace NixGen.Tests.Manifest;

/// <summary>Manifests in memory, by path.</summary>
internal sealed class MemoryManifestFiles : IManifestFiles
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public MemoryManifestFiles(params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            _files[path] = Encoding.UTF8.GetBytes(text);
        }
    }

    public MemoryManifestFiles(string path, byte[] bytes) => _files[path] = bytes;

    public ManifestFile Read(string path) =>
        _files.TryGetValue(Identity(path), out var bytes)
            ? new ManifestFile.Content(bytes)
            : new ManifestFile.Unreadable("no such file");

    public string Identity(string path) => Path.GetFullPath(path, "/")[1..];
}
