using NixGen.Diagnostics;
using NixGen.Files;

namespace NixGen.Lock;

/// <summary>The lock file on disk. Readers always find a whole lock, and two runs at once end with both results.</summary>
/// <param name="path">Absolute path of the lock, such as <c>models.lock.json</c> beside the manifest.</param>
/// <param name="guardFolder">Absolute path of a folder outside of the project for advisory locks.</param>
/// <param name="shown">The path as diagnostics show it; the absolute one if there is none.</param>
public sealed class LockStore(string path, string guardFolder, string? shown = null)
{
    private readonly string _shown = shown ?? path;

    /// <summary>What the lock of a manifest is called: <c>models.lock.json</c> for <c>models.yaml</c>.</summary>
    /// <param name="manifestPath">Path of the manifest.</param>
    public static string PathBeside(string manifestPath) => System.IO.Path.ChangeExtension(manifestPath, ".lock.json");

    /// <summary>Absolute path of the lock.</summary>
    public string Path { get; } = path;

    /// <summary>Reads the lock; a missing one is empty. Null after adding diagnostics.</summary>
    public LockReading? Load(DiagnosticBag diagnostics)
    {
        try
        {
            return LockJson.Read(_shown, File.ReadAllBytes(Path), diagnostics);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return LockReading.Missing;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(LockDiagnostics.FailsToRead(_shown, exception.Message));
            return null;
        }
    }

    /// <summary>Does to the lock on disk what this run did to the one that it read: models that another run changed meanwhile stay as that run left them. Where both changed one model, this run's entry stands.</summary>
    /// <param name="before">The lock as this run read it.</param>
    /// <param name="after">The lock as this run would have it.</param>
    /// <param name="diagnostics">Where failures go; after one the old file is unchanged.</param>
    /// <param name="cancellationToken">Ends the wait for another run.</param>
    /// <returns>The lock as it is on disk now, or null after adding diagnostics.</returns>
    public async Task<LockFile?> SaveAsync(
        LockFile before, LockFile after, DiagnosticBag diagnostics, CancellationToken cancellationToken)
    {
        try
        {
            using var guard = await AdvisoryLock.AcquireAsync(Path, guardFolder, cancellationToken);
            var problems = new DiagnosticBag();
            if (Load(problems) is not { } current)
            {
                diagnostics.AddRange(problems.Items);
                return null;
            }

            var merged = LockDiff.Between(before, after).ApplyTo(current.Lock);
            if (!merged.Models.IsEmpty || File.Exists(Path))
            {
                AtomicFile.DeleteLeftovers(Path);
                AtomicFile.Write(Path, LockJson.Write(merged));
            }

            return merged;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(LockDiagnostics.FailsToWrite(_shown, exception.Message));
            return null;
        }
    }
}
