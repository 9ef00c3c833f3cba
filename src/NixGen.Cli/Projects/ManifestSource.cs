using NixGen.Manifest;

namespace NixGen.Cli.Projects;

/// <summary>Reads manifests below the working folder, and <c>-</c> from standard input.</summary>
internal sealed class ManifestSource(Terminal terminal) : IManifestFiles
{
    private readonly DiskManifestFiles _disk = new(terminal.Folder);
    private byte[]? _standardInput;

    /// <inheritdoc/>
    public ManifestFile Read(string path)
    {
        if (path != ManifestPaths.StandardInput)
        {
            return _disk.Read(path);
        }

        if (_standardInput is null)
        {
            using var copy = new MemoryStream();
            terminal.Input.CopyTo(copy);
            _standardInput = copy.ToArray();
        }

        return new ManifestFile.Content(_standardInput);
    }

    /// <inheritdoc/>
    public string Identity(string path) => path == ManifestPaths.StandardInput ? path : _disk.Identity(path);
}
