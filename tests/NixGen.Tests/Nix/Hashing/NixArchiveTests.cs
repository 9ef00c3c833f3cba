using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using NixGen.Nix.Hashing;
using Xunit;

namespace NixGen.Tests.Nix.Hashing;

public sealed class NixArchiveTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("nixgen-nar-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_tree_of_everything_is_archived_as_Nix_does()
    {
        // Ordinal UTF-16 would put the emoji before U+FFFD's neighbours; bytes put it last.
        string[] names = ["B", "a", "a.b", "a b", "ab", "é", "漢", "\uFF5E", "😀", "'\"$`\n", ".hidden", "-", "a\\b", "*"];
        for (var index = 0; index < names.Length; index++)
        {
            File.WriteAllBytes(Path.Join(folder, names[index]), RandomNumberGenerator.GetBytes(index));
        }

        Write("executable", "#!/bin/sh\n", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Write("group-executable", "not for the owner", UnixFileMode.UserRead | UnixFileMode.GroupExecute);
        Directory.CreateDirectory(Path.Join(folder, "empty"));
        Directory.CreateDirectory(Path.Join(folder, "deep", "er"));
        File.WriteAllText(Path.Join(folder, "deep", "er", "file"), "x");
        File.WriteAllBytes(Path.Join(folder, "large"), RandomNumberGenerator.GetBytes((1 << 20) + 3));
        File.CreateSymbolicLink(Path.Join(folder, "link"), "deep/er");
        File.CreateSymbolicLink(Path.Join(folder, "dangling"), "../../nowhere/é");
        File.CreateSymbolicLink(Path.Join(folder, "absolute"), "/etc");

        MatchesNix(folder);
        MatchesNix(Path.Join(folder, "link"));
        MatchesNix(Path.Join(folder, "executable"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData((1 << 17) - 1)]
    [InlineData(1 << 17)]
    [InlineData((1 << 17) + 1)]
    [InlineData(1 << 19)]
    public void A_file_of_any_length_is_padded_as_Nix_does(int length)
    {
        var file = Path.Join(folder, "file");
        File.WriteAllBytes(file, RandomNumberGenerator.GetBytes(length));
        MatchesNix(file);
    }

    [Fact]
    public void The_known_vector_holds()
    {
        var file = Path.Join(folder, "hello");
        File.WriteAllText(file, "hello world");
        using var archive = new MemoryStream();
        NixArchive.Write(file, archive, CancellationToken.None);
        Assert.Equal(128, archive.Length);
        Assert.Equal("14r07wnk5h2bl40v1nknwkwrzh5li7z4bl02vcsqh52vxwm08idf", NixArchive.Hash(file, CancellationToken.None).ToNix32());
    }

    [Fact]
    public void A_socket_is_refused()
    {
        var path = Path.Join(folder, "socket");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        var refused = Assert.Throws<NixArchiveException>(() => NixArchive.Hash(folder, CancellationToken.None));
        Assert.Equal(path, refused.Path);
    }

    [Fact]
    public void A_pipe_is_refused_and_not_waited_for()
    {
        RealNix.Run("mkfifo", Path.Join(folder, "pipe"));
        Assert.Throws<NixArchiveException>(() => NixArchive.Hash(folder, CancellationToken.None));
    }

    [Fact]
    public void A_device_is_refused() => Assert.Throws<NixArchiveException>(() => NixArchive.Hash("/dev/null", CancellationToken.None));

    [Fact]
    public void A_name_that_is_not_UTF_8_is_refused()
    {
        RealNix.Run("bash", "-c", $"touch '{folder}'/$'\\xff'");
        Assert.Throws<NixArchiveException>(() => NixArchive.Hash(folder, CancellationToken.None));

        // .NET can't name it to delete it either.
        RealNix.Run("bash", "-c", $"rm '{folder}'/$'\\xff'");
    }

    [Fact]
    public void What_is_missing_is_an_error() =>
        Assert.ThrowsAny<IOException>(() => NixArchive.Hash(Path.Join(folder, "missing"), CancellationToken.None));

    [Fact]
    public void Hashing_stops_when_it_is_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => NixArchive.Hash(folder, new CancellationToken(canceled: true)));

    [Fact]
    public void Memory_stays_constant_however_large_a_file_is()
    {
        var file = Path.Join(folder, "sparse");
        using (var stream = File.Create(file))
        {
            stream.SetLength(64 << 20);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        NixArchive.Hash(file, CancellationToken.None);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static void MatchesNix(string path)
    {
        using var archive = new MemoryStream();
        NixArchive.Write(path, archive, CancellationToken.None);
        Assert.Equal(RealNix.Run("nix-store", "--dump", path), archive.ToArray());
        Assert.Equal(SriHash.FromBytes(SHA256.HashData(archive.ToArray())), NixArchive.Hash(path, CancellationToken.None));
        Assert.Equal(Encoding.ASCII.GetString(RealNix.Run("nix-hash", "--type", "sha256", "--base32", path)).Trim(), NixArchive.Hash(path, CancellationToken.None).ToNix32());
    }

    private void Write(string name, string content, UnixFileMode mode)
    {
        var path = Path.Join(folder, name);
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
