using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NixGen.Testing.Hub;

/// <summary>What a file holds: bytes at hand, bytes made on the fly, or nothing but a stated size and hash.</summary>
public abstract class HubContent
{
    /// <summary>Length in bytes.</summary>
    public abstract long Size { get; }

    /// <summary>SHA-256 as 64 lower-case hexadecimal digits.</summary>
    public abstract string Sha256 { get; }

    /// <summary>Whether there are bytes to serve.</summary>
    public virtual bool CanServe => true;

    /// <summary>Writes a part of the content.</summary>
    public abstract Task CopyAsync(Stream target, long offset, long count, CancellationToken cancellationToken);

    /// <summary>Bytes at hand.</summary>
    public sealed class InMemory(byte[] bytes) : HubContent
    {
        public byte[] Bytes { get; } = bytes;

        public override long Size => Bytes.Length;

        public override string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(bytes));

        public override Task CopyAsync(Stream target, long offset, long count, CancellationToken cancellationToken) =>
            target.WriteAsync(Bytes.AsMemory((int)offset, (int)count), cancellationToken).AsTask();
    }

    /// <summary>A size and a hash that are stated and cannot be served: for advertising more than a machine holds.</summary>
    public sealed class Synthetic(long size, string sha256) : HubContent
    {
        public override long Size { get; } = size;

        public override string Sha256 { get; } = sha256;

        public override bool CanServe => false;

        public override Task CopyAsync(Stream target, long offset, long count, CancellationToken cancellationToken) =>
            throw new NotSupportedException("A synthetic file has no content.");
    }

    /// <summary>Reproducible noise made on the fly, so that gigabytes can be served from a megabyte.</summary>
    public sealed class Generated : HubContent
    {
        private const int BlockSize = 1 << 20;
        private readonly byte[] block = new byte[BlockSize];
        private readonly Lazy<string> sha256;

        public Generated(long size, int seed)
        {
            Size = size;
#pragma warning disable CA5394 // Noise for tests must be reproducible, not secret.
            new Random(seed).NextBytes(block);
#pragma warning restore CA5394
            sha256 = new Lazy<string>(Hash);
        }

        public override long Size { get; }

        public override string Sha256 => sha256.Value;

        public override async Task CopyAsync(Stream target, long offset, long count, CancellationToken cancellationToken)
        {
            var buffer = new byte[BlockSize];
            while (count > 0)
            {
                Fill(buffer, offset / BlockSize);
                var start = (int)(offset % BlockSize);
                var length = (int)Math.Min(count, BlockSize - start);
                await target.WriteAsync(buffer.AsMemory(start, length), cancellationToken);
                offset += length;
                count -= length;
            }
        }

        private void Fill(byte[] buffer, long index)
        {
            block.CopyTo(buffer, 0);
            BinaryPrimitives.WriteInt64LittleEndian(buffer, index);
        }

        private string Hash()
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BlockSize];
            for (long offset = 0; offset < Size; offset += BlockSize)
            {
                Fill(buffer, offset / BlockSize);
                hash.AppendData(buffer, 0, (int)Math.Min(BlockSize, Size - offset));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }
}
