using System.Globalization;
using System.Text;
using NixGen.Nix.Hashing;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>Remembers hashes of streamed content across runs: one small file each, <c>PLACE LF NAME LF SIZE LF SRI LF</c>.</summary>
/// <param name="folder">Absolute path, or null to remember nothing.</param>
internal sealed class ContentHashCache(string? folder) : IContentHashes
{
    private readonly CacheFolder _entries = new(folder, maxEntries: 50_000);

    /// <inheritdoc/>
    public SriHash? Find(string place, string name, long size)
    {
        var about = About(place, name, size);
        if (_entries.Read(CacheFolder.NameOf(about)) is not { } bytes)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes);
        return text.StartsWith(about, StringComparison.Ordinal)
            && text.EndsWith('\n')
            && SriHash.TryParse(text[about.Length..^1], out var hash)
            ? hash
            : null;
    }

    /// <inheritdoc/>
    public void Add(string place, string name, long size, SriHash sha256)
    {
        var about = About(place, name, size);
        _entries.Write(CacheFolder.NameOf(about), Encoding.UTF8.GetBytes($"{about}{sha256.Text}\n"));
    }

    /// <summary>Deletes what is oldest.</summary>
    public void Prune() => _entries.Prune();

    private static string About(string place, string name, long size) =>
        $"{place}\n{name}\n{size.ToString(CultureInfo.InvariantCulture)}\n";
}
