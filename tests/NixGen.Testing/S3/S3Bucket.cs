using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NixGen.Testing.Hub;

namespace NixGen.Testing.S3;

/// <summary>A bucket: objects in the order of their keys' bytes, with or without versions.</summary>
public sealed class S3Bucket(string name, string region = "us-east-1")
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, ImmutableList<S3Version>> objects = new(Utf8Order.Instance);
    private int written;

    public string Name { get; } = name;

    public string Region { get; } = region;

    /// <summary>Whether new objects get version ids; objects from before have the id <c>null</c> then.</summary>
    public bool IsVersioned { get; set; }

    /// <summary>Whether anybody may read objects.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Whether those who may read may also list. Without that a missing key is answered as one that may not be read.</summary>
    public bool MayList { get; init; } = true;

    /// <summary>Access keys that may not read here.</summary>
    public ImmutableHashSet<string> Denied { get; init; } = [];

    /// <summary>Adds an object, or a version of it; returns it.</summary>
    /// <param name="key">Any text of at most 1024 bytes.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="sha256">What the checksum header will say, or null for none.</param>
    public S3Version Put(string key, HubContent content, string? sha256 = null) => Add(key, content, sha256);

    /// <summary>Adds an object that was uploaded whole with its SHA-256.</summary>
    public S3Version PutWithSha256(string key, HubContent content) => Add(key, content, Convert.ToBase64String(Convert.FromHexString(content.Sha256)));

    /// <summary>Takes an object away: for good, or by a marker where there are versions.</summary>
    public void Delete(string key)
    {
        if (IsVersioned)
        {
            Add(key, content: null, sha256: null);
            return;
        }

        lock (gate)
            objects.Remove(key);
    }

    /// <summary>Takes one version away for good.</summary>
    public void DeleteVersion(string key, string versionId)
    {
        lock (gate)
            objects[key] = objects[key].RemoveAll(version => version.VersionId == versionId);
    }

    /// <summary>The newest version of a key or the one asked for; null where there is none.</summary>
    public S3Version? Find(string key, string? versionId = null)
    {
        lock (gate)
        {
            return objects.TryGetValue(key, out var versions)
                ? versionId is null ? versions.LastOrDefault() : versions.Find(version => (version.VersionId ?? "null") == versionId)
                : null;
        }
    }

    /// <summary>The newest versions of all keys, in order, delete markers aside.</summary>
    public ImmutableArray<S3Version> Newest()
    {
        lock (gate)
            return [.. objects.Values.Select(versions => versions.LastOrDefault()).OfType<S3Version>().Where(version => version.Content is not null)];
    }

    /// <summary>All versions, newest first for each key.</summary>
    public ImmutableArray<S3Version> All()
    {
        lock (gate)
            return [.. objects.Values.SelectMany(versions => versions.Reverse())];
    }

    private S3Version Add(string key, HubContent? content, string? sha256)
    {
        lock (gate)
        {
            var number = ++written;
            var before = objects.GetValueOrDefault(key) ?? [];
            var version = new S3Version
            {
                Key = key,
                VersionId = IsVersioned ? $"v{number.ToString("d4", CultureInfo.InvariantCulture)}.{Name.Length}_x" : null,
                Content = content,
                ETag = $"\"{number.ToString("x32", CultureInfo.InvariantCulture)}\"",
                Sha256 = sha256,
            };
            objects[key] = IsVersioned ? [.. before.Select(old => old with { VersionId = old.VersionId ?? "null" }), version] : [version];
            return version;
        }
    }

    private sealed class Utf8Order : IComparer<string>
    {
        public static readonly Utf8Order Instance = new();

        public int Compare(string? x, string? y) =>
            Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
    }
}
