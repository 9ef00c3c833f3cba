using System.Security.Cryptography;
using System.Text;
using NixGen.Nix.Hashing;

namespace NixGen.Resolve;

/// <summary>Hashes content as it passes: SHA-256, and SHA-1 as git names blobs.</summary>
internal sealed class BlobHasher : IDisposable
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _git = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private readonly long _size;

    /// <summary>Begins; git hashes the length before the content.</summary>
    public BlobHasher(long size)
    {
        _size = size;
        _git.AppendData(Encoding.ASCII.GetBytes($"blob {size}\0"));
    }

    /// <summary>How many bytes have passed.</summary>
    public long Length { get; private set; }

    /// <summary>Takes the next bytes; false once there are more than there should be.</summary>
    public bool Append(ReadOnlySpan<byte> piece)
    {
        Length += piece.Length;
        if (Length > _size)
        {
            return false;
        }

        _sha256.AppendData(piece);
        _git.AppendData(piece);
        return true;
    }

    /// <summary>The SHA-256, and git's name in hex.</summary>
    public (SriHash Sha256, string GitBlob) Finish() =>
        (SriHash.FromBytes(_sha256.GetHashAndReset()), Convert.ToHexStringLower(_git.GetHashAndReset()));

    /// <inheritdoc/>
    public void Dispose()
    {
        _sha256.Dispose();
        _git.Dispose();
    }
}
