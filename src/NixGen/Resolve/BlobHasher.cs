using System.Security.Cryptography;
using System.Text;
using NixGen.Nix.Hashing;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>Hashes content as it passes: SHA-256, and what else is wanted.</summary>
internal sealed class BlobHasher : IDisposable
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? _git;
    private readonly IncrementalHash? _md5;
    private readonly Crc32C? _crc;
    private readonly long _size;

    /// <summary>Begins.</summary>
    /// <param name="size">Length in bytes that there should be, which git hashes before the content; null where nobody knows it.</param>
    /// <param name="digests">What to work out beside SHA-256.</param>
    public BlobHasher(long? size, ContentDigests digests)
    {
        _size = size ?? long.MaxValue;
        _md5 = digests.HasFlag(ContentDigests.Md5) ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
        _crc = digests.HasFlag(ContentDigests.Crc32c) ? new() : null;
        if (digests.HasFlag(ContentDigests.GitBlob) && size is not null)
        {
            _git = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
            _git.AppendData(Encoding.ASCII.GetBytes($"blob {size}\0"));
        }
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
        _git?.AppendData(piece);
        _md5?.AppendData(piece);
        _crc?.Append(piece);
        return true;
    }

    /// <summary>The hashes of all that passed.</summary>
    /// <param name="response">The answer that brought it.</param>
    public HashedContent Finish(UpstreamResponse response) => new(response, SriHash.FromBytes(_sha256.GetHashAndReset()))
    {
        Length = Length,
        GitBlobSha1 = _git is null ? null : Convert.ToHexStringLower(_git.GetHashAndReset()),
        Md5 = _md5 is null ? null : Convert.ToBase64String(_md5.GetHashAndReset()),
        Crc32c = _crc?.Finish(),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _sha256.Dispose();
        _git?.Dispose();
        _md5?.Dispose();
    }
}
