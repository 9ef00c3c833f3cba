using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Binding;
using NixGen.Manifest.Loading;
using NixGen.Manifest.Schema;

namespace NixGen.Manifest;

/// <summary>The way from files to a manifest: text, tree, schema, meaning.</summary>
public static class ManifestLoader
{
    /// <summary>Loads manifests and all that they include, and joins them. Adds every fault to <paramref name="diagnostics"/>, and gives null where there is an error.</summary>
    /// <param name="paths">The manifests, as the user wrote their paths.</param>
    /// <param name="files">Where they are read from.</param>
    /// <param name="memoFolder">A cache folder in which to remember that these exact bytes were valid, so that the next run needn't check them; or null.</param>
    /// <param name="diagnostics">Where faults go.</param>
    public static ModelManifest? Load(
        ImmutableArray<string> paths,
        IManifestFiles files,
        string? memoFolder,
        DiagnosticBag diagnostics)
    {
        var found = new DiagnosticBag();
        var loaded = new FileGraph(files, found).Load(paths);
        if (!found.HasErrors)
        {
            ManifestCheck.Run(loaded, memoFolder, found);
        }

        var manifest = new ManifestBinder(loaded, files, found).Bind();
        if (found.Items.IsEmpty)
        {
            return manifest;
        }

        diagnostics.AddRange(DiagnosticOrder.Sort(found.Items));
        return found.HasErrors ? null : manifest;
    }
}
