using System.Globalization;
using System.Text;
using NixGen.Nix.Hashing;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>Remembers hashes of streamed content across runs: one small file each, <c>ENDPOINT LF BLOB LF SIZE LF SRI LF</c>.</summary>
/// <param name="folder">Absolute path, or null to remember nothing.</param>
internal sealed class ContentHashCache(string? folder) : IContentHashes
{
    private readonly CacheFolder _entries = new(folder, maxEntries: 50_000);

    /// <inheritdoc/>
    public SriHash? Find(string endpoint, string gitBlobSha1, long size)
    {
        var about = About(endpoint, gitBlobSha1, size);
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
    public void Add(string endpoint, string gitBlobSha1, long size, SriHash sha256)
    {
        var about = About(endpoint, gitBlobSha1, size);
        _entries.Write(CacheFolder.NameOf(about), Encoding.UTF8.GetBytes($"{about}{sha256.Text}\n"));
    }

    /// <summary>Deletes what is oldest.</summary>
    public void Prune() => _entries.Prune();

    private static string About(string endpoint, string blob, long size) =>
        $"{endpoint}\n{blob}\n{size.ToString(CultureInfo.InvariantCulture)}\n";
}
