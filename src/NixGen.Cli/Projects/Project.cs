using NixGen.Cli.Reporting;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Cli.Projects;

/// <summary>A manifest and its lock, as they are on disk.</summary>
/// <param name="Paths">Where they are.</param>
/// <param name="Manifest">What is asked for.</param>
/// <param name="Store">The lock file.</param>
/// <param name="Lock">What it held when it was read.</param>
internal sealed record Project(ManifestPaths Paths, ModelManifest Manifest, LockStore Store, LockReading Lock)
{
    /// <summary>Loads both. Null with diagnostics where one is wrong.</summary>
    /// <param name="files">The manifests that the user named.</param>
    /// <param name="run">The command's run.</param>
    public static Project? Load(IReadOnlyList<string> files, CommandRun run)
    {
        if (ManifestPaths.Find(files, run.Terminal, run.Diagnostics) is not { } paths
            || LoadManifest(paths, run) is not { } manifest)
        {
            return null;
        }

        var store = StoreBeside(paths, run.Terminal);
        return store.Load(run.Diagnostics) is { } reading ? new(paths, manifest, store, reading) : null;
    }

    /// <summary>The lock file of manifests.</summary>
    public static LockStore StoreBeside(ManifestPaths paths, Terminal terminal)
    {
        var path = LockStore.PathBeside(paths.First);
        return new LockStore(path, GuardFolder(terminal), Path.GetRelativePath(terminal.Folder, path));
    }

    /// <summary>Loads a manifest alone. Null with diagnostics where it is wrong.</summary>
    public static ModelManifest? LoadManifest(ManifestPaths paths, CommandRun run) =>
        ManifestLoader.Load(
            paths.Manifests,
            new ManifestSource(run.Terminal),
            run.Terminal.CacheFolder is { } cache ? Path.Combine(cache, "manifests") : null,
            run.Diagnostics);

    /// <summary>Where advisory locks lie: beside the caches, or in the folder for temporary files where there is no home that can be written, as in a container or a build.</summary>
    public static string GuardFolder(Terminal terminal)
    {
        var own = Path.Combine(Path.GetTempPath(), $"nixgen-locks-{Environment.UserName}");
        if (terminal.CacheFolder is not { } cache)
        {
            return own;
        }

        try
        {
            var folder = Path.Combine(cache, "locks");
            Directory.CreateDirectory(folder);
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return own;
        }
    }
}
