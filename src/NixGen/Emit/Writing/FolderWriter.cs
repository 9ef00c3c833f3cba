using NixGen.Diagnostics;
using NixGen.Files;

namespace NixGen.Emit.Writing;

/// <summary>Makes a folder what a plan says: all of it or nothing, and only files that nixgen wrote are ever deleted. The caller holds the folder's advisory lock.</summary>
/// <remarks>
/// The new tree is laid out beside the folder, sharing unchanged files by hard link, and exchanged with it in one
/// system call. Where that can't be (another's folders such as <c>.git</c> lie in it, or the file system can't
/// exchange), files are replaced one by one, each atomically.
/// </remarks>
public static class FolderWriter
{
    /// <summary>Writes what differs. Gives what was changed, or null with diagnostics where nothing was.</summary>
    /// <param name="folder">Absolute path; made where it is missing.</param>
    /// <param name="plan">What the folder should hold, its own list of files included.</param>
    /// <param name="diagnostics">Where refusals go.</param>
    public static FolderChanges? Write(string folder, OutputPlan plan, DiagnosticBag diagnostics)
    {
        var target = Path.TrimEndingDirectorySeparator(folder);
        try
        {
            DeleteLeftovers(target);
            var changes = FolderChanges.Find(target, plan, diagnostics);
            if (changes is { IsEmpty: false } && !TryWriteWhole(target, plan, changes))
            {
                WriteEach(target, plan, changes);
            }

            return changes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(EmitDiagnostics.CannotWrite(target, exception.Message));
            return null;
        }
    }

    private static string StagePrefix(string target) => $".{Path.GetFileName(target)}{AtomicFile.TemporaryPrefix}";

    // A killed run leaves its stage behind; the caller holds the folder's lock, so no other run is using one.
    private static void DeleteLeftovers(string target)
    {
        var parent = Path.GetDirectoryName(target);
        if (parent is not null && Directory.Exists(parent))
        {
            foreach (var stage in Directory.EnumerateDirectories(parent, StagePrefix(target) + "*"))
            {
                Directory.Delete(stage, recursive: true);
            }
        }
    }

    private static bool TryWriteWhole(string target, OutputPlan plan, FolderChanges changes)
    {
        if (Path.GetDirectoryName(target) is not { } parent)
        {
            return false;
        }

        var exists = Directory.Exists(target);
        var foreign = exists ? ForeignFiles(target, plan, changes) : [];
        if (foreign is null)
        {
            return false;
        }

        var stage = Path.Combine(parent, StagePrefix(target) + Guid.NewGuid().ToString("N"));
        if (!TryCreate(stage))
        {
            return false;
        }

        try
        {
            foreach (var path in changes.Changed)
            {
                WriteNew(Place(stage, path), plan.Files[path].Span);
            }

            foreach (var path in changes.Kept.Concat(foreign))
            {
                Share(Path.Combine(target, path), Place(stage, path));
            }

            if (!exists)
            {
                Directory.Move(stage, target);
                return true;
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(stage, File.GetUnixFileMode(target));
            }

            return FolderSwap.TrySwap(stage, target);
        }
        finally
        {
            if (Directory.Exists(stage))
            {
                Directory.Delete(stage, recursive: true);
            }
        }
    }

    // A folder may be writable where the one it lies in isn't, such as a volume mounted into a container.
    private static bool TryCreate(string stage)
    {
        try
        {
            Directory.CreateDirectory(stage);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Files that aren't nixgen's move along by hard link. Folders of others don't: a checkout's .git can be vast.
    private static List<string>? ForeignFiles(string target, OutputPlan plan, FolderChanges changes)
    {
        var own = new HashSet<string>(changes.Removed.Concat(plan.Files.Keys), StringComparer.Ordinal);
        var ownFolders = own.SelectMany(Parents).ToHashSet(StringComparer.Ordinal);
        var foreign = new List<string>();
        var pending = new Stack<string>([""]);
        while (pending.TryPop(out var folder))
        {
            foreach (var entry in new DirectoryInfo(Path.Combine(target, folder)).EnumerateFileSystemInfos())
            {
                var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                if (entry.LinkTarget is not null)
                {
                    return null;
                }
                else if (entry is DirectoryInfo)
                {
                    if (!ownFolders.Contains(path))
                    {
                        return null;
                    }

                    pending.Push(path);
                }
                else if (!own.Contains(path))
                {
                    foreign.Add(path);
                }
            }
        }

        return foreign;
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }

    private static string Place(string stage, string path)
    {
        var full = Path.Combine(stage, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full) ?? stage);
        return full;
    }

    private static void WriteNew(string path, ReadOnlySpan<byte> content)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        stream.Write(content);
    }

    private static void Share(string existing, string added)
    {
        if (!FolderSwap.TryLink(existing, added))
        {
            File.Copy(existing, added);
        }
    }

    // The list names the old files and the new until the last step, so a kill in between loses track of none.
    private static void WriteEach(string target, OutputPlan plan, FolderChanges changes)
    {
        Directory.CreateDirectory(target);
        var list = Path.Combine(target, OutputFolder.ListName);
        var planned = plan.Files.Keys.Where(path => path != OutputFolder.ListName);
        AtomicFile.Write(list, OutputFolder.List(planned.Concat(changes.Removed)).Span);
        foreach (var path in changes.Changed.Where(path => path != OutputFolder.ListName))
        {
            var full = Place(target, path);
            AtomicFile.DeleteLeftovers(full);
            AtomicFile.Write(full, plan.Files[path].Span);
        }

        foreach (var path in changes.Removed)
        {
            File.Delete(Path.Combine(target, path));
            DeleteEmptyParents(target, path);
        }

        AtomicFile.Write(list, plan.Files[OutputFolder.ListName].Span);
    }

    private static void DeleteEmptyParents(string target, string path)
    {
        foreach (var parent in Parents(path).Select(parent => Path.Combine(target, parent)))
        {
            if (Directory.EnumerateFileSystemEntries(parent).Any())
            {
                return;
            }

            Directory.Delete(parent);
        }
    }
}
