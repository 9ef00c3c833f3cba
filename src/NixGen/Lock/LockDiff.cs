using System.Collections.Immutable;

namespace NixGen.Lock;

/// <summary>What became otherwise between two locks.</summary>
/// <param name="Changes">The models that differ, ordered ordinally by name.</param>
public sealed record LockDiff(ImmutableArray<ModelChange> Changes)
{
    /// <summary>Whether nothing differs.</summary>
    public bool IsEmpty => Changes.IsEmpty;

    /// <summary>Compares two locks model by model.</summary>
    public static LockDiff Between(LockFile before, LockFile after)
    {
        var changes = ImmutableArray.CreateBuilder<ModelChange>();
        foreach (var name in before.Models.Keys.Union(after.Models.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var old = before.Models.GetValueOrDefault(name);
            var current = after.Models.GetValueOrDefault(name);
            if (!Equals(old, current))
            {
                changes.Add(new(name, old, current));
            }
        }

        return new(changes.ToImmutable());
    }

    /// <summary>Does these changes to another lock: what isn't changed here stays as it is there.</summary>
    public LockFile ApplyTo(LockFile target)
    {
        var models = target.Models.ToBuilder();
        foreach (var change in Changes)
        {
            if (change.After is { } after)
            {
                models[change.Name] = after;
            }
            else
            {
                models.Remove(change.Name);
            }
        }

        return new(models.ToImmutable());
    }
}

/// <summary>One model that differs between two locks.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Before">Its old entry, or null where it is new.</param>
/// <param name="After">Its new entry, or null where it is gone.</param>
public sealed record ModelChange(string Name, LockedModel? Before, LockedModel? After)
{
    private static readonly ImmutableArray<LockedFile> _none = [];

    /// <summary>What happened to it.</summary>
    public ModelChangeKind Kind => (Before, After) switch
    {
        (null, _) => ModelChangeKind.Added,
        (_, null) => ModelChangeKind.Removed,
        _ when !string.Equals(Before.Resolved.Revision, After.Resolved.Revision, StringComparison.Ordinal) => ModelChangeKind.Moved,
        _ => ModelChangeKind.Changed,
    };

    /// <summary>Files that are new.</summary>
    public ImmutableArray<LockedFile> AddedFiles => Without(FilesAfter, FilesBefore);

    /// <summary>Files that are gone.</summary>
    public ImmutableArray<LockedFile> RemovedFiles => Without(FilesBefore, FilesAfter);

    /// <summary>Files of the same path with other content, as they are now.</summary>
    public ImmutableArray<LockedFile> ChangedFiles
    {
        get
        {
            var before = FilesBefore.ToDictionary(file => file.Path, StringComparer.Ordinal);
            return [.. FilesAfter.Where(file => before.TryGetValue(file.Path, out var old) && !old.Sha256.Equals(file.Sha256))];
        }
    }

    /// <summary>How many bytes the model grew by; negative where it shrank.</summary>
    public long Growth => LockedFile.TotalSize(FilesAfter) - LockedFile.TotalSize(FilesBefore);

    private ImmutableArray<LockedFile> FilesBefore => Before?.Files ?? _none;

    private ImmutableArray<LockedFile> FilesAfter => After?.Files ?? _none;

    private static ImmutableArray<LockedFile> Without(ImmutableArray<LockedFile> files, ImmutableArray<LockedFile> others)
    {
        var paths = others.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return [.. files.Where(file => !paths.Contains(file.Path))];
    }
}

/// <summary>What happened to a locked model.</summary>
public enum ModelChangeKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>Its revision is another one.</summary>
    Moved,

    /// <summary>The revision is the same; what was asked for, its files or what upstream states of it is not.</summary>
    Changed,
}
