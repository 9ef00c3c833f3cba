using System.Buffers;
using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Security.Cryptography;
using NixGen.Nix.Hashing;

namespace NixGen.Sources.Archives;

/// <summary>
/// Reads an archive while it comes, in constant memory, and hashes each file in it: tar (POSIX.1-2001 pax, ustar, GNU), plain or in
/// gzip (RFC 1952). Formats with a table of contents of their own, as zip, can say two things of one file, and are not read.
/// </summary>
public sealed class ArchiveReading
{
    private const string File = "a file";
    private const int MostEntries = 100_000;
    private const long FreeBytes = 1L << 30;
    private const int MostGrowth = 200;
    private Task<ArchiveContents>? _reading;

    /// <summary>Begins anew: what is written there is read as an archive. A transfer that is tried again begins again.</summary>
    public PipeWriter Begin()
    {
        var pipe = new Pipe();
        _reading = ReadAsync(pipe.Reader);
        return pipe.Writer;
    }

    /// <summary>What was in the archive that came last.</summary>
    public Task<ArchiveContents> FinishAsync() => _reading ?? throw new InvalidOperationException("Nothing was begun.");

    private static async Task<ArchiveContents> ReadAsync(PipeReader pipe)
    {
        var members = ImmutableArray.CreateBuilder<ArchiveMember>();
        string? problem;
        try
        {
            problem = await ReadAsync(pipe, members);
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or EndOfStreamException or NotSupportedException or ArgumentException or OverflowException)
        {
            problem = members.Count == 0 ? "is neither tar nor tar in gzip" : $"is damaged behind '{members[^1].Path}'";
        }
        catch (IOException)
        {
            // The transfer broke off; who transfers says so.
            problem = "came in part only";
        }
        finally
        {
            // Whatever happened: what is written from now on waits for nobody.
            await pipe.CompleteAsync();
        }

        return new(members.ToImmutable(), problem);
    }

    private static async Task<string?> ReadAsync(PipeReader pipe, ImmutableArray<ArchiveMember>.Builder members)
    {
        await using var counted = new CountedStream(pipe.AsStream(leaveOpen: true));
        await using var content = new CountedStream(await IsGzipAsync(pipe) ? new GZipStream(counted, CompressionMode.Decompress) : counted);
        await using var reader = new TarReader(content);
        for (var count = 0; await reader.GetNextEntryAsync() is { } entry; count++)
        {
            if (count == MostEntries)
            {
                return $"has more than {MostEntries} entries";
            }

            var kind = Kind(entry.EntryType);
            var hash = await HashAsync(entry, () => Grows(content, counted));
            if (Grows(content, counted))
            {
                return $"grows more than {MostGrowth} times when it is unpacked";
            }

            if (kind is not null)
            {
                var path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
                members.Add(new(entry.Name, path, entry.Length, kind == File ? hash : null, kind));
            }
        }

        // What stands behind the end of a tar is padding; it belongs to the archive's hash all the same.
        await content.CopyToAsync(Stream.Null);
        await counted.CopyToAsync(Stream.Null);
        return null;
    }

    private static bool Grows(CountedStream content, CountedStream packed) => content.Length > FreeBytes && content.Length / MostGrowth > packed.Length;

    // Stops early where it is told to; what it gives then is of no use.
    private static async Task<SriHash> HashAsync(TarEntry entry, Func<bool> isToStop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        while (entry.DataStream is { } data && !isToStop() && await data.ReadAsync(buffer) is var length and > 0)
        {
            hash.AppendData(buffer, 0, length);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return SriHash.FromBytes(hash.GetHashAndReset());
    }

    private static async Task<bool> IsGzipAsync(PipeReader pipe)
    {
        var start = await pipe.ReadAtLeastAsync(2);
        var isGzip = start.Buffer.Length >= 2 && start.Buffer.Slice(0, 2).ToArray() is [0x1f, 0x8b];
        pipe.AdvanceTo(start.Buffer.Start);
        return isGzip;
    }

    // Null for folders, and for what says something of other entries.
    private static string? Kind(TarEntryType type) => type switch
    {
        TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile => File,
        TarEntryType.Directory or TarEntryType.DirectoryList or TarEntryType.GlobalExtendedAttributes or TarEntryType.TapeVolume => null,
        TarEntryType.SymbolicLink => "a symbolic link",
        TarEntryType.HardLink => "a hard link",
        TarEntryType.SparseFile => "a sparse file",
        TarEntryType.CharacterDevice or TarEntryType.BlockDevice or TarEntryType.Fifo => "a device",
        _ => "something that is no file",
    };
}
