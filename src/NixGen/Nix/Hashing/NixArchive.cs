using System.Security.Cryptography;
using System.Text;

namespace NixGen.Nix.Hashing;

/// <summary>
/// The Nix archive (NAR) of a tree: names, contents, executable bits and link targets, and nothing else of it
/// (Nix manual, "Nix Archive (NAR) format"; nix: <c>src/libutil/archive.cc</c>). Its SHA-256 is what
/// <c>outputHashMode = "recursive"</c> and <c>nix hash path</c> mean. Memory stays constant however large the files are.
/// </summary>
public static class NixArchive
{
    /// <summary>The SHA-256 of the archive of a file, a link or a folder.</summary>
    /// <exception cref="NixArchiveException">The tree holds a pipe, a socket, a device or a name that isn't UTF-8.</exception>
    /// <exception cref="IOException">Something can't be read, or changed while it was read.</exception>
    public static SriHash Hash(string path, CancellationToken cancellationToken)
    {
        using var sha256 = SHA256.Create();
        using (var sink = new CryptoStream(Stream.Null, sha256, CryptoStreamMode.Write))
        {
            Write(path, sink, cancellationToken);
        }

        return SriHash.FromBytes(sha256.Hash);
    }

    /// <summary>Writes the archive of a file, a link or a folder.</summary>
    /// <exception cref="NixArchiveException">The tree holds a pipe, a socket, a device or a name that isn't UTF-8.</exception>
    /// <exception cref="IOException">Something can't be read or written, or changed while it was read.</exception>
    public static void Write(string path, Stream destination, CancellationToken cancellationToken)
    {
        var writer = new NixArchiveWriter(destination, cancellationToken);
        writer.Text("nix-archive-1"u8);
        Node(path, writer, cancellationToken);
        writer.Flush();
    }

    private static void Node(string path, NixArchiveWriter writer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        writer.Text("("u8);
        writer.Text("type"u8);
        switch (FileKinds.Of(path))
        {
            case FileKind.SymbolicLink:
                writer.Text("symlink"u8);
                writer.Text("target"u8);
                writer.Text(LinkTarget(path));
                break;
            case FileKind.Directory:
                Directory(path, writer, cancellationToken);
                break;
            case FileKind.Other:
                throw new NixArchiveException(path, "is neither a file nor a folder nor a symbolic link, and a Nix store holds nothing else");
            case var kind:
                writer.Text("regular"u8);
                if (kind == FileKind.Executable)
                {
                    writer.Text("executable"u8);
                    writer.Text(""u8);
                }

                writer.Text("contents"u8);
                writer.File(path);
                break;
        }

        writer.Text(")"u8);
    }

    private static void Directory(string path, NixArchiveWriter writer, CancellationToken cancellationToken)
    {
        writer.Text("directory"u8);
        foreach (var name in SortedNames(path))
        {
            writer.Text("entry"u8);
            writer.Text("("u8);
            writer.Text("name"u8);
            writer.Text(name);
            writer.Text("node"u8);
            Node(Path.Join(path, Encoding.UTF8.GetString(name)), writer, cancellationToken);
            writer.Text(")"u8);
        }
    }

    private static byte[] LinkTarget(string path)
    {
        var target = new FileInfo(path).LinkTarget ?? throw new IOException($"'{path}' changed while it was read.");
        return IsUtf8(target) ? Encoding.UTF8.GetBytes(target) : throw new NixArchiveException(path, "is a link to a name that isn't UTF-8");
    }

    // .NET puts the replacement character where bytes aren't UTF-8, and the bytes are lost.
    private static bool IsUtf8(string name) => !name.Contains('\uFFFD', StringComparison.Ordinal);

    // Archives sort by bytes. .NET compares UTF-16, which sorts characters beyond U+FFFF otherwise.
    private static List<byte[]> SortedNames(string path)
    {
        var names = new List<byte[]>();
        foreach (var entry in System.IO.Directory.EnumerateFileSystemEntries(path, "*", AllEntries))
        {
            var name = Path.GetFileName(entry);
            if (!IsUtf8(name))
            {
                throw new NixArchiveException(entry, "has a name that isn't UTF-8");
            }

            names.Add(Encoding.UTF8.GetBytes(name));
        }

        names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        return names;
    }

    // The defaults would skip hidden entries and those that may not be read.
    private static readonly EnumerationOptions AllEntries = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, MatchType = MatchType.Simple };
}
