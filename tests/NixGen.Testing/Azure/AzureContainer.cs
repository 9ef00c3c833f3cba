using System.Security.Cryptography;

namespace NixGen.Testing.Azure;

/// <summary>One version of a blob.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="Version">What tells it from other versions.</param>
/// <param name="Content">The bytes.</param>
public sealed record AzureVersion(string Name, string Version, byte[] Content)
{
    /// <summary>Such as <c>gzip</c>, or null.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>What is sent in place of the content; null for the content.</summary>
    public byte[]? ServedContent { get; init; }

    public string ETag => $"\"0x{Version.Replace(":", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal)}\"";

#pragma warning disable CA5351 // the checksum that Blob Storage states
    public string Md5 { get; } = Convert.ToBase64String(MD5.HashData(Content));
#pragma warning restore CA5351
}

/// <summary>A container of an account that keeps versions, or of one that doesn't.</summary>
/// <param name="name">The container's name.</param>
public sealed class AzureContainer(string name)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, List<AzureVersion>> blobs = new(StringComparer.Ordinal);
    private int written;

    public string Name { get; } = name;

    /// <summary>Whether anybody may list and read it.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Whether old versions stay when a blob is written anew.</summary>
    public bool IsVersioned { get; init; } = true;

    public AzureVersion Put(string blob, byte[] content, Func<AzureVersion, AzureVersion>? with = null)
    {
        lock (gate)
        {
            var stored = new AzureVersion(blob, $"2024-05-01T12:00:00.{++written:0000000}Z", content);
            stored = with?.Invoke(stored) ?? stored;
            if (!blobs.TryGetValue(blob, out var versions))
                blobs[blob] = versions = [];
            if (!IsVersioned)
                versions.Clear();
            versions.Add(stored);
            return stored;
        }
    }

    public AzureVersion Put(string blob, string text) => Put(blob, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Takes one version away.</summary>
    public void Delete(AzureVersion version)
    {
        lock (gate)
            blobs[version.Name].RemoveAll(item => item.Version == version.Version);
    }

    internal AzureVersion? Find(string blob, string? version)
    {
        lock (gate)
            return blobs.TryGetValue(blob, out var versions) ? version is null ? versions.LastOrDefault() : versions.Find(item => item.Version == version) : null;
    }

    internal IReadOnlyList<AzureVersion> List(string prefix, string? marker, int most)
    {
        lock (gate)
        {
            return [.. blobs.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal) && (marker is null || string.CompareOrdinal(entry.Key, marker) >= 0) && entry.Value.Count > 0)
                .Take(most).Select(entry => entry.Value[^1])];
        }
    }
}
