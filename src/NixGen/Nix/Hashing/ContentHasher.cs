using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace NixGen.Nix.Hashing;

/// <summary>What one pass over some content found.</summary>
/// <param name="Sha256">The SHA-256 of the bytes.</param>
/// <param name="GitBlob">Git's name of the content: 40 lower-case hexadecimal digits.</param>
/// <param name="Length">How many bytes there were.</param>
public sealed record ContentHashes(SriHash Sha256, string GitBlob, long Length);

/// <summary>
/// Hashes content as it streams by, in constant memory: its SHA-256, and the SHA-1 that git names a blob by
/// (<c>blob &lt;length&gt;\0</c> and the bytes: git, <c>gitformat-pack</c> and "Git Internals - Git Objects").
/// Git puts the length first, so it must be known beforehand.
/// </summary>
public sealed class ContentHasher : IDisposable
{
    private readonly long expectedLength;
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash git = CreateGitHash();
    private long length;

    /// <summary>Begins.</summary>
    /// <param name="expectedLength">The content's length in bytes.</param>
    public ContentHasher(long expectedLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expectedLength);
        this.expectedLength = expectedLength;
        git.AppendData(Encoding.ASCII.GetBytes($"blob {expectedLength}\0"));
    }

    /// <summary>How many bytes have come.</summary>
    public long Length => length;

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        length += bytes.Length;
        sha256.AppendData(bytes);
        git.AppendData(bytes);
    }

    /// <summary>Ends; the hasher is spent.</summary>
    /// <exception cref="InvalidDataException">Fewer or more bytes came than were announced, so git's name would be wrong.</exception>
    public ContentHashes Complete() =>
        length == expectedLength
            ? new(SriHash.FromBytes(sha256.GetHashAndReset()), Convert.ToHexStringLower(git.GetHashAndReset()), length)
            : throw new InvalidDataException($"{expectedLength} bytes were announced and {length} came.");

    /// <summary>All of some content at once.</summary>
    public static ContentHashes Of(ReadOnlySpan<byte> content)
    {
        using var hasher = new ContentHasher(content.Length);
        hasher.Append(content);
        return hasher.Complete();
    }

    /// <summary>The content of a file.</summary>
    /// <exception cref="IOException">The file can't be read, or it changed while it was read.</exception>
    public static ContentHashes OfFile(string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        using var hasher = new ContentHasher(RandomAccess.GetLength(file));
        var buffer = new byte[1 << 17];
        for (int read; (read = RandomAccess.Read(file, buffer, hasher.Length)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hasher.Append(buffer.AsSpan(0, read));
        }

        return hasher.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        sha256.Dispose();
        git.Dispose();
    }

    [SuppressMessage("Security", "CA5350", Justification = "Git names blobs by SHA-1; it is compared, never trusted: SHA-256 decides.")]
    private static IncrementalHash CreateGitHash() => IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
}
