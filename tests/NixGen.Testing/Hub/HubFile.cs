using System.Security.Cryptography;
using System.Text;

namespace NixGen.Testing.Hub;

/// <summary>A file of a repository, at a path from the repository's root.</summary>
public sealed class HubFile
{
    private HubFile(string path, HubContent content, bool isLfs)
    {
        Path = path;
        Content = content;
        IsLfs = isLfs;
        var stored = isLfs ? Encoding.UTF8.GetBytes(Pointer) : ((HubContent.InMemory)content).Bytes;
        Oid = GitObjects.BlobOid(stored);
        PointerSize = stored.Length;
    }

    /// <summary>The path as the listing states it. Any text: a hostile repository can be made.</summary>
    public string Path { get; }

    public HubContent Content { get; }

    /// <summary>Whether git stores a pointer, and a CDN the content.</summary>
    public bool IsLfs { get; }

    /// <summary>The git blob's SHA-1: of the content, or of the pointer text of an LFS file.</summary>
    public string Oid { get; }

    /// <summary>Length in bytes of what git stores.</summary>
    public int PointerSize { get; }

    /// <summary>The pointer text of an LFS file.</summary>
    public string Pointer => GitObjects.LfsPointer(Content.Sha256, Content.Size);

    /// <summary>What the Hub's cache calls the blob: SHA-256 for LFS files, git's SHA-1 for others.</summary>
    public string Etag => IsLfs ? Content.Sha256 : Oid;

    /// <summary>Whether the file is also in Xet storage, as all new LFS files are.</summary>
    public bool HasXet { get; init; } = true;

    /// <summary>A 64-digit hash that is not the SHA-256: what the listing calls <c>xetHash</c> and the CDN its ETag.</summary>
    public string XetHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("xet:" + Content.Sha256)));

    /// <summary>The scanners' verdict, a free string.</summary>
    public string SecurityStatus { get; init; } = "safe";

    /// <summary>A file that git stores whole.</summary>
    public static HubFile Text(string path, string text) => Regular(path, Encoding.UTF8.GetBytes(text));

    /// <summary>A file that git stores whole.</summary>
    public static HubFile Regular(string path, byte[] content) => new(path, new HubContent.InMemory(content), isLfs: false);

    /// <summary>A file in LFS storage.</summary>
    public static HubFile Lfs(string path, byte[] content) => new(path, new HubContent.InMemory(content), isLfs: true);

    /// <summary>A file in LFS storage of reproducible noise, of any size.</summary>
    public static HubFile Generated(string path, long size, int seed = 1) => new(path, new HubContent.Generated(size, seed), isLfs: true);

    /// <summary>A file in LFS storage that is only advertised; the CDN has no byte of it.</summary>
    public static HubFile Synthetic(string path, long size, string? sha256 = null) =>
        new(path, new HubContent.Synthetic(size, sha256 ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"synthetic {path} {size}")))), isLfs: true);

    /// <summary>The same content at another path.</summary>
    public HubFile At(string path) => new(path, Content, IsLfs) { HasXet = HasXet, SecurityStatus = SecurityStatus };

    /// <summary>The same with another verdict of the scanners.</summary>
    public HubFile With(string securityStatus) => new(Path, Content, IsLfs) { HasXet = HasXet, SecurityStatus = securityStatus };

    public override string ToString() => $"{Path} ({Content.Size} bytes{(IsLfs ? ", LFS" : "")})";
}
