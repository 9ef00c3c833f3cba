using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using NixGen.EndToEnd.Acceptance;
using NixGen.Lock;
using NixGen.Resolve;
using NixGen.Sources.Archives;
using NixGen.Testing;
using NixGen.Testing.Nginx;
using Xunit;

namespace NixGen.EndToEnd.Url;

/// <summary>Archives at addresses: what is in them is locked file by file, and built by real Nix; what is hostile in them goes nowhere.</summary>
public sealed class UrlArchiveTests : IAsyncLifetime
{
    private readonly UrlLocking locking = new();
    private readonly string mark = Guid.NewGuid().ToString("N");
    private NginxServer? started;

    private NginxServer Nginx => started ?? throw new InvalidOperationException("Not started.");

    private string Address => Nginx.Url + "/model.tar.gz";

    private string Model => $"m: {{ source: {{ url: {{ url: '{Address}', extract: true }} }} }}";

    public async Task InitializeAsync() => started = await NginxServer.StartAsync(new NginxSite());

    public async Task DisposeAsync()
    {
        locking.Dispose();
        await Nginx.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_of_an_archive_are_locked_by_their_own_hashes_and_built(bool isPacked)
    {
        var archive = Tar(isPacked, Entry("./model/"), Entry("./model/config.json", "{}" + mark), Entry("model/ü weights+=%.bin", mark + "weights"), Entry("./README.md", "read me"));
        Nginx.Put("/model.tar.gz", archive);
        using var bench = new Workbench();
        bench.Write("models.yaml", $"version: 1\nmodels:\n  m: {{ source: {{ url: {{ url: '{Address}', extract: true, exclude: ['*.md'] }} }} }}\n  plain: {Nginx.Url}/weights.bin\n");
        Nginx.Put("/weights.bin", Encoding.UTF8.GetBytes(mark + "weights"));
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        (await bench.NixgenAsync("check", "--out", "out")).ShouldEndWith(0);
        using var nix = NixSandbox.Create();
        var path = await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#m"));
        Assert.Equal("{}" + mark, await File.ReadAllTextAsync(nix.Physical($"{path}/model/config.json")));
        Assert.Equal(mark + "weights", await File.ReadAllTextAsync(nix.Physical($"{path}/model/ü weights+=%.bin")));
        Assert.Equal([".nix-model-repo-meta.json", "model"], Directory.GetFileSystemEntries(nix.Root + path).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        // The archive is no part of the closure, and a file from it is the file from anywhere.
        var closure = await nix.ClosureAsync(path);
        Assert.Equal(2, closure.Count(item => item.Contains("-model-file-", StringComparison.Ordinal)));
        var plain = await nix.ClosureAsync(await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#plain")));
        Assert.Contains(Assert.Single(plain, item => item.Contains("-model-file-", StringComparison.Ordinal)), closure);
    }

    [Fact]
    public async Task What_is_locked_names_the_archive_and_is_kept_while_that_is_the_same()
    {
        var archive = Tar(true, Entry("./a.bin", "a"));
        Nginx.Put("/model.tar.gz", archive);
        var locked = await locking.SucceedAsync(Model);
        var file = Assert.Single(locked.Files);
        Assert.Equal(("a.bin", 1L, Address, "./a.bin", Sri(archive)), (file.Path, file.Size, file.Url, file.Object, file.Version));
        Assert.Equal(Sri("a"u8), file.Sha256.Text);
        Assert.Equal(locked, await AgainAsync(locked));
        Assert.DoesNotContain((await Nginx.LogAsync()).Skip(2), request => request.Method == "GET");

        Nginx.Put("/model.tar.gz", Tar(true, Entry("./a.bin", "b")));
        var outcome = await UpdateAsync(locked);
        Assert.Equal("NG3318", Assert.Single(outcome.Diagnostics).Code);
        Assert.Equal(Sri("b"u8), outcome.Lock.Models["m"].Files[0].Sha256.Text);
    }

    [Fact]
    public async Task A_build_of_another_archive_than_the_locked_one_fails()
    {
        Nginx.Put("/model.tar.gz", Tar(true, Entry("a.bin", "a" + mark)));
        using var bench = new Workbench();
        bench.Write("models.yaml", $"version: 1\nmodels:\n  {Model}\n");
        (await bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        var replaced = Tar(true, Entry("a.bin", "b" + mark));
        Nginx.Put("/model.tar.gz", replaced);
        using var nix = NixSandbox.Create();
        var result = await nix.TryBuildAsync(new NixTarget.File(bench.PathOf("models.nix"), "m"));
        Assert.False(result.Succeeded);
        Assert.Contains("model.tar.gz", result.Errors, StringComparison.Ordinal);
        Assert.Contains(Sri(replaced), result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hashes_stated_by_hand_do_without_a_lock()
    {
        var archive = Tar(true, Entry("folder/a.bin", "by hand " + mark));
        Nginx.Put("/model.tar.gz", archive);
        using var nix = NixSandbox.Create();
        var built = await nix.BuildAsync(Runtime.RuntimeNix.Expression($$"""
            runtime.fetchModel pkgs {
              name = "by-hand";
              source.url = { url = "{{Address}}"; sha256 = "{{Sri(archive)}}"; extract = true; };
              fileHashes."folder/a.bin" = "{{Sri(Encoding.UTF8.GetBytes("by hand " + mark))}}";
            }
            """));
        Assert.Equal("by hand " + mark, await File.ReadAllTextAsync(nix.Physical($"{built}/folder/a.bin")));
    }

    [Fact]
    public async Task An_archive_of_ten_thousand_files_is_read_once()
    {
        var archive = Tar(true, [.. Enumerable.Range(0, 10_000).Select(number => Entry($"part/{number:00000}.bin", $"{number}"))]);
        Nginx.Put("/model.tar.gz", archive);
        var locked = await locking.SucceedAsync(Model);
        Assert.Equal(10_000, locked.Files.Length);
        Assert.All(locked.Files, file => Assert.Equal(Sri(Encoding.UTF8.GetBytes($"{int.Parse(file.Path[5..10])}")), file.Sha256.Text));
        Assert.Single(await Nginx.LogAsync(), request => request.Method == "GET");
    }

    public static TheoryData<string, string, string> Hostile => new()
    {
        { "../evil", "NG3127", "evil" },
        { "/etc/passwd", "NG3127", "passwd" },
        { "a/../../evil", "NG3127", "evil" },
        { @"a\b", "NG3127", "backslash" },
        { ".git/config", "NG3127", ".git" },
        { "two", "NG3128", "two" },
        { "link:symbolic", "NG3304", "a symbolic link" },
        { "link:hard", "NG3304", "a hard link" },
        { "link:device", "NG3304", "a device" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task What_could_leave_the_model_is_refused(string name, string code, string words)
    {
        TarEntry[] entries = name switch
        {
            "two" => [Entry("two", "1"), Entry("two", "2")],
            "link:symbolic" => [new PaxTarEntry(TarEntryType.SymbolicLink, "config.json") { LinkName = "/etc/passwd" }],
            "link:hard" => [Entry("a", "1"), new PaxTarEntry(TarEntryType.HardLink, "b") { LinkName = "a" }],
            "link:device" => [new PaxTarEntry(TarEntryType.CharacterDevice, "null")],
            _ => [Entry(name, "x")],
        };
        Nginx.Put("/model.tar.gz", Tar(true, entries));
        var error = await locking.FailAsync(code, Model);
        Assert.Contains(words, $"{error.Message} {error.Expected} {error.Actual} {error.Help}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_is_left_out_does_no_harm()
    {
        Nginx.Put("/model.tar.gz", Tar(true, Entry("a.bin", "a"), new PaxTarEntry(TarEntryType.SymbolicLink, "latest") { LinkName = "a.bin" }));
        var model = Model.Replace("extract: true", "extract: true, files: ['*.bin']", StringComparison.Ordinal);
        Assert.Equal("a.bin", Assert.Single((await locking.SucceedAsync(model)).Files).Path);
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "zip", "is neither tar nor tar in gzip" },
        { "text", "is neither tar nor tar in gzip" },
        { "empty", "" },
        { "cut", "damaged" },
        { "flipped", "" },
        { "bomb", "grows more than 200 times" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_no_whole_archive_is_said(string kind, string words)
    {
        var good = Tar(true, Entry("a.bin", string.Concat(Enumerable.Range(0, 20_000).Select(number => number * 7919 % 1000))), Entry("b.bin", "b"));
        byte[] content = kind switch
        {
            "zip" => Zip(),
            "text" => Encoding.UTF8.GetBytes(new string('x', 5000)),
            "empty" => [],
            "cut" => good[..(good.Length / 2)],
            "flipped" => Flip(good, good.Length / 2),
            _ => Bomb(),
        };
        Nginx.Put("/model.tar.gz", content);
        var outcome = await locking.LockAsync(Model);
        Assert.False(outcome.Succeeded);
        var error = Assert.Single(outcome.Diagnostics);
        Assert.True(error.Code is "NG3304" or "NG3129", $"{error.Code} {error.Message}");
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_flipped_byte_is_an_error_or_another_hash()
    {
        var good = Tar(true, Entry("a.bin", mark + mark), Entry("b/c.bin", "c"));
        Nginx.Put("/model.tar.gz", good);
        var locked = await locking.SucceedAsync(Model);
        for (var at = 0; at < good.Length; at += 7)
        {
            Nginx.Put("/model.tar.gz", Flip(good, at));
            var outcome = await UpdateAsync(locked);
            Assert.True(!outcome.Succeeded || outcome.Lock.Models["m"].Files.All(file => file.Version != Sri(good)), $"byte {at}");
        }
    }

    [Fact]
    public async Task Any_byte_of_a_header_may_be_wrong()
    {
        var good = Tar(false, Entry("a.bin", mark + mark), Entry("b/c.bin", "c"));
        for (var at = 0; at < 1536; at++)
        {
            var reading = new ArchiveReading();
            await using (var writer = reading.Begin().AsStream())
                await writer.WriteAsync(Flip(good, at));
            var contents = await reading.FinishAsync().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.True(contents.Problem is not null || contents.Members.All(member => member.Size <= good.Length), $"byte {at}");
        }
    }

    [Theory]
    [InlineData("{ url: { urls: [{ url: 'https://example.com/a.tar' }], extract: true } }", "NG3302")]
    [InlineData("{ url: { url: 'https://example.com/a.tar', filename: b, extract: true } }", "NG3302")]
    [InlineData("{ url: { url: 'https://example.com/a.tar', files: ['*.bin'] } }", "NG3302")]
    [InlineData("{ url: { url: 'https://example.com/a.tar', extract: yes please } }", "NG1103")]
    public async Task Fields_that_do_not_go_together_are_said(string source, string code)
    {
        using var bench = new Workbench();
        bench.Write("models.yaml", $"version: 1\nmodels:\n  m: {{ source: {source} }}\n");
        Assert.Contains($"[{code}]", (await bench.NixgenAsync("validate")).ShouldEndWith(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hash_of_the_tree_does_not_go_with_it()
    {
        Nginx.Put("/model.tar.gz", Tar(true, Entry("a", "a")));
        await locking.FailAsync("NG3304", Model[..^2] + ", hash: sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= }");
    }

    private Task<LockOutcome> UpdateAsync(LockedModel before)
    {
        locking.Keep(new LockFile(LockFile.Empty.Models.Add("m", before)));
        locking.Options = new LockOptions { Update = true };
        return locking.LockAsync(Model);
    }

    private async Task<LockedModel> AgainAsync(LockedModel before) => (await UpdateAsync(before)).Lock.Models["m"];

    private static string Sri(ReadOnlySpan<byte> content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(content));

    private static PaxTarEntry Entry(string name, string? text = null) => text is null
        ? new PaxTarEntry(TarEntryType.Directory, name)
        : new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) };

    private static byte[] Tar(bool isPacked, params TarEntry[] entries)
    {
        using var file = new MemoryStream();
        using (var packed = isPacked ? new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true) : (Stream)new BufferedStream(file))
        {
            using (var writer = new TarWriter(packed, TarEntryFormat.Pax, leaveOpen: true))
            {
                foreach (var entry in entries)
                    writer.WriteEntry(entry);
            }

            packed.Flush();
            return isPacked ? Finish(packed, file) : file.ToArray();
        }

        static byte[] Finish(Stream packed, MemoryStream file)
        {
            packed.Dispose();
            return file.ToArray();
        }
    }

    private static byte[] Zip()
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = archive.CreateEntry("a.bin").Open())
            entry.Write("a"u8);
        return file.ToArray();
    }

    private static byte[] Flip(byte[] content, int at)
    {
        var other = content.ToArray();
        other[at] ^= 0x55;
        return other;
    }

    // More than a gigabyte of nothing, in some megabytes.
    private static byte[] Bomb()
    {
        using var file = new MemoryStream();
        using (var packed = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
        {
            var header = Tar(false, Entry("zeros", "x"))[..1536];
            // The length stands in octal in the last header (POSIX, ustar), and the header's sum before it is known as spaces.
            Encoding.ASCII.GetBytes("11145400000 ").CopyTo(header, 1024 + 124);
            Encoding.ASCII.GetBytes("        ").CopyTo(header, 1024 + 148);
            var sum = header[1024..].Sum(value => value);
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 1024 + 148);
            packed.Write(header);
            var zeros = new byte[1 << 20];
            for (var number = 0; number < 1175; number++)
                packed.Write(zeros);
        }

        return file.ToArray();
    }
}
