using System.Text;

namespace NixGen.Testing.Gcs;

/// <summary>A bucket: objects by name, each with its generations.</summary>
/// <param name="name">The bucket's name.</param>
public sealed class GcsBucket(string name)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, List<GcsObject>> objects = new(ByBytes.Instance);
    private long lastGeneration = 1_700_000_000_000_000;

    public string Name { get; } = name;

    /// <summary>Whether anybody may list and read it.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Whether old generations stay when an object is written anew or deleted.</summary>
    public bool IsVersioned { get; init; }

    /// <summary>Whether requests must name a project that pays for them.</summary>
    public bool RequesterPays { get; init; }

    /// <summary>E-mail addresses of those who may list and read it.</summary>
    public ISet<string> Readers { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Stores an object; returns its new generation.</summary>
    public GcsObject Put(string objectName, byte[] content, Func<GcsObject, GcsObject>? with = null)
    {
        lock (gate)
        {
            lastGeneration += 1_117;
            var stored = new GcsObject(objectName, lastGeneration, content);
            stored = with?.Invoke(stored) ?? stored;
            if (!objects.TryGetValue(objectName, out var generations))
                objects[objectName] = generations = [];
            if (!IsVersioned)
                generations.Clear();
            generations.Add(stored);
            return stored;
        }
    }

    public GcsObject Put(string objectName, string text) => Put(objectName, Encoding.UTF8.GetBytes(text));

    /// <summary>Puts another record in the place of a generation, as no client can.</summary>
    public void Alter(GcsObject stored, Func<GcsObject, GcsObject> change)
    {
        lock (gate)
        {
            var generations = objects[stored.Name];
            generations[generations.FindIndex(item => item.Generation == stored.Generation)] = change(stored);
        }
    }

    /// <summary>Takes an object away; every generation of it, unless the bucket is versioned and none is asked for.</summary>
    public bool Delete(string objectName, long? generation = null)
    {
        lock (gate)
        {
            if (!objects.TryGetValue(objectName, out var generations))
                return false;
            if (generation is { } one)
                generations.RemoveAll(item => item.Generation == one);
            else
                generations.Clear();
            if (generations.Count == 0)
                objects.Remove(objectName);
            return true;
        }
    }

    /// <summary>An object's live generation, or the one asked for; null where there is none.</summary>
    public GcsObject? Find(string objectName, long? generation = null)
    {
        lock (gate)
        {
            return objects.TryGetValue(objectName, out var generations)
                ? generation is { } one ? generations.Find(item => item.Generation == one) : generations[^1]
                : null;
        }
    }

    /// <summary>Live objects in the order of their names' UTF-8 bytes.</summary>
    public IReadOnlyList<GcsObject> List(string prefix, string? after, int most)
    {
        lock (gate)
        {
            return [.. objects
                .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal) && (after is null || ByBytes.Instance.Compare(entry.Key, after) > 0))
                .Take(most)
                .Select(entry => entry.Value[^1])];
        }
    }

    private sealed class ByBytes : IComparer<string>
    {
        public static readonly ByBytes Instance = new();

        public int Compare(string? x, string? y) =>
            Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
    }
}
