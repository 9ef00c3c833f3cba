using System.Security.Cryptography;
using System.Text;

namespace NixGen.Testing.Hub;

/// <summary>The identifiers that git gives to content, computed as git computes them.</summary>
public static class GitObjects
{
    /// <summary>SHA-1 of <c>blob LENGTH NUL content</c>, 40 hexadecimal digits.</summary>
    public static string BlobOid(ReadOnlySpan<byte> content) => ObjectOid("blob", content);

    /// <summary>SHA-1 of an object of the given type, 40 hexadecimal digits.</summary>
    public static string ObjectOid(string type, ReadOnlySpan<byte> content)
    {
        using var sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha1.AppendData(Encoding.ASCII.GetBytes($"{type} {content.Length}\0"));
        sha1.AppendData(content);
        return Convert.ToHexStringLower(sha1.GetHashAndReset());
    }

    /// <summary>The text that git stores in place of a Git LFS file.</summary>
    public static string LfsPointer(string sha256, long size) =>
        $"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n";

    /// <summary>The oid of a tree whose children are given in any order.</summary>
    public static string TreeOid(IEnumerable<(string Name, bool IsFolder, string Oid)> children)
    {
        // git orders a folder as if its name ended with a slash.
        var ordered = children.OrderBy(child => child.IsFolder ? child.Name + "/" : child.Name, StringComparer.Ordinal);
        using var content = new MemoryStream();
        foreach (var (name, isFolder, oid) in ordered)
        {
            content.Write(Encoding.UTF8.GetBytes($"{(isFolder ? "40000" : "100644")} {name}\0"));
            content.Write(Convert.FromHexString(oid));
        }

        return ObjectOid("tree", content.ToArray());
    }

    /// <summary>The oid of a commit.</summary>
    public static string CommitOid(string tree, string? parent, string author, DateTimeOffset date, string message)
    {
        var who = $"{author} <{author}@users.noreply.example> {date.ToUnixTimeSeconds()} +0000";
        var parents = parent is null ? "" : $"parent {parent}\n";
        return ObjectOid("commit", Encoding.UTF8.GetBytes($"tree {tree}\n{parents}author {who}\ncommitter {who}\n\n{message}\n"));
    }
}
