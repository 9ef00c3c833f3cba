using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NixGen.Nix.Hashing;

namespace NixGen.Sources.GitLfs;

/// <summary>A blob that was read.</summary>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">Hash of the content.</param>
/// <param name="Start">The content's first bytes, all of it where it is shorter than <see cref="LfsPointer.MaxBytes"/>.</param>
internal sealed record GitBlob(long Size, SriHash Sha256, ReadOnlyMemory<byte> Start)
{
    /// <summary>The whole content where it is small enough for a pointer or a link, else null.</summary>
    public ReadOnlyMemory<byte>? Whole => Size == Start.Length ? Start : null;
}

/// <summary>Reads blobs of a repository in one pass, in constant memory.</summary>
internal static class GitBlobs
{
    /// <summary>Which of some objects are not there. git isn't asked for them one by one, since it would fetch them one by one.</summary>
    public static async Task<HashSet<string>> MissingAsync(IGitRepository repository, IReadOnlyCollection<string> oids, CancellationToken cancellationToken)
    {
        var answer = await repository.RunAsync(["cat-file", "--batch-all-objects", "--batch-check=%(objectname)", "--buffer"], "", cancellationToken);
        var missing = oids.ToHashSet(StringComparer.Ordinal);
        missing.ExceptWith(answer.Text.Split('\n'));
        return missing;
    }

    /// <summary>The blobs by name; null where git gives other things than it was asked for.</summary>
    /// <param name="repository">Where they are; all of them must be there.</param>
    /// <param name="oids">Their names in hex.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Dictionary<string, GitBlob>?> ReadAsync(
        IGitRepository repository, IReadOnlyCollection<string> oids, CancellationToken cancellationToken)
    {
        var blobs = new Dictionary<string, GitBlob>(StringComparer.Ordinal);
        var answer = await repository.StreamAsync(
            ["cat-file", "--batch", "--buffer"],
            string.Join('\n', oids) + "\n",
            async (output, cancellation) =>
            {
                var reader = new BufferedStream(output, 1 << 16);
                while (await ReadOneAsync(reader, blobs, cancellation))
                {
                }
            },
            cancellationToken);
        return answer.IsSuccess && blobs.Count == oids.Count ? blobs : null;
    }

    // OID SP blob SP SIZE LF CONTENT LF
    private static async Task<bool> ReadOneAsync(Stream reader, Dictionary<string, GitBlob> blobs, CancellationToken cancellationToken)
    {
        var head = await ReadLineAsync(reader, cancellationToken);
        if (head.Split(' ') is not [{ Length: 40 } oid, "blob", var length]
            || !long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var start = new byte[Math.Min(size, LfsPointer.MaxBytes)];
        var buffer = new byte[(int)Math.Clamp(size, 1, 1 << 16)];
        for (var at = 0L; at < size;)
        {
            var count = await reader.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, size - at)), cancellationToken);
            if (count == 0)
            {
                return false;
            }

            hash.AppendData(buffer, 0, count);
            if (at < start.Length)
            {
                buffer.AsSpan(0, (int)Math.Min(count, start.Length - at)).CopyTo(start.AsSpan((int)at));
            }

            at += count;
        }

        blobs[oid] = new(size, SriHash.FromBytes(hash.GetHashAndReset()), start);
        return await ReadLineAsync(reader, cancellationToken) == "";
    }

    private static async Task<string> ReadLineAsync(Stream reader, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await reader.ReadAsync(one, cancellationToken) == 1 && one[0] != '\n' && line.Length < 4096)
        {
            line.Append((char)one[0]);
        }

        return line.ToString();
    }
}
