using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NixGen.Testing.Hub;

namespace NixGen.Testing.Git;

/// <summary>An entry of a tree, as <see cref="GitRepository.ImportAsync"/> takes it.</summary>
public sealed record GitEntry
{
    private GitEntry(string path, string mode, byte[] content)
    {
        Path = path;
        Mode = mode;
        Content = content;
    }

    /// <summary>The path, with slashes.</summary>
    public string Path { get; }

    /// <summary>The mode, as git writes it: <c>100644</c>, <c>120000</c> for links, <c>160000</c> for submodules.</summary>
    public string Mode { get; }

    /// <summary>What the file holds once it is checked out; a link's target; a submodule's commit.</summary>
    public byte[] Content { get; }

    /// <summary>Whether git holds a pointer, and Git LFS the content.</summary>
    public bool IsLfs { get; private init; }

    /// <summary>Whether the server's storage has the content.</summary>
    public bool IsStored { get; private init; } = true;

    /// <summary>SHA-256 of the content in hex.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Content));

    /// <summary>The name of git's own object for a file without LFS, in hex.</summary>
    public string BlobOid => GitObjects.BlobOid(Content);

    public static GitEntry Text(string path, string text) => new(path, "100644", Encoding.UTF8.GetBytes(text));

    public static GitEntry File(string path, byte[] content) => new(path, "100644", content);

    /// <summary>A file in Git LFS.</summary>
    public static GitEntry Lfs(string path, byte[] content, bool isStored = true) => new(path, "100644", content) { IsLfs = true, IsStored = isStored };

    public static GitEntry Link(string path, string target) => new(path, "120000", Encoding.UTF8.GetBytes(target));

    public static GitEntry Submodule(string path, string commit) => new(path, "160000", Encoding.ASCII.GetBytes(commit));

    /// <summary>Takes a file away.</summary>
    public static GitEntry Deleted(string path) => new(path, "", []);

    // The path is quoted as git quotes it, so that it may hold anything but NUL.
    internal void WriteTo(Stream stream, GitRepository repository)
    {
        var quoted = new StringBuilder("\"");
        foreach (var value in Encoding.UTF8.GetBytes(Path))
        {
            if (value is < 0x20 or >= 0x7f or (byte)'"' or (byte)'\\')
                quoted.Append('\\').Append(Convert.ToString(value, 8).PadLeft(3, '0'));
            else
                quoted.Append((char)value);
        }

        quoted.Append('"');
        switch (Mode)
        {
            case "":
                Write(stream, $"D {quoted}\n");
                return;
            case "160000":
                Write(stream, $"M 160000 {Encoding.ASCII.GetString(Content)} {quoted}\n");
                return;
        }

        var stored = Content;
        if (IsLfs)
        {
            stored = Encoding.UTF8.GetBytes(GitObjects.LfsPointer(Sha256, Content.Length));
            if (IsStored)
                LfsStorage.Put(repository.Folder, Content);
        }

        Write(stream, string.Create(CultureInfo.InvariantCulture, $"M {Mode} inline {quoted}\ndata {stored.Length}\n"));
        stream.Write(stored);
        Write(stream, "\n");
    }

    private static void Write(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));
}
