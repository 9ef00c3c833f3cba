using System.Diagnostics;
using System.Text;
using NixGen.Diagnostics;
using NixGen.Manifest;
using Xunit;

namespace NixGen.Tests.Manifest;

public sealed class DiskManifestFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nixgen-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void A_file_is_read_whole(int length)
    {
        var text = new string('x', length);
        File.WriteAllText(Path.Combine(_folder, "m.yaml"), text);

        var content = Assert.IsType<ManifestFile.Content>(new DiskManifestFiles(_folder).Read("m.yaml"));
        Assert.Equal(text, Encoding.UTF8.GetString(content.Bytes.Span));
    }

    [Fact]
    public void A_pipe_is_refused_at_once()
    {
        using var made = Process.Start("mkfifo", [Path.Combine(_folder, "pipe")]);
        made.WaitForExit();

        Assert.Equal("it isn't a regular file; `-` reads from standard input", Reason("pipe"));
    }

    [Theory]
    [InlineData("nowhere", "no such file")]
    [InlineData(".", "it is a folder")]
    [InlineData("/dev/zero", "it is larger than 64 MiB")]
    [InlineData("a\0b", "the path holds a NUL character or is empty")]
    public void Anything_else_is_refused_with_its_reason(string path, string reason) => Assert.Equal(reason, Reason(path));

    [Fact]
    public void Links_are_followed_and_known_as_what_they_lead_to()
    {
        File.WriteAllText(Path.Combine(_folder, "a.yaml"), "version: 1\n");
        File.CreateSymbolicLink(Path.Combine(_folder, "b.yaml"), "a.yaml");
        File.WriteAllText(Path.Combine(_folder, "both.yaml"), "version: 1\ninclude: [a.yaml, b.yaml]\n");
        var diagnostics = new DiagnosticBag();

        ManifestLoader.Load(["both.yaml"], new DiskManifestFiles(_folder), null, diagnostics);

        Assert.Equal("NG1302", Assert.Single(diagnostics.Items).Code);
    }

    [Fact]
    public void Relative_paths_start_from_the_given_folder_and_may_lead_out_of_it()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "inner"));
        File.WriteAllText(Path.Combine(_folder, "inner", "m.yaml"), "version: 1\ninclude: [../outer.yaml]\n");
        File.WriteAllText(Path.Combine(_folder, "outer.yaml"), "version: 1\nmodels: { a: hf:a/b }\n");
        var diagnostics = new DiagnosticBag();

        var manifest = ManifestLoader.Load(["m.yaml"], new DiskManifestFiles(Path.Combine(_folder, "inner")), null, diagnostics);

        Assert.Equal("a", manifest?.Models.Single().Name);
    }

    private string Reason(string path) =>
        Assert.IsType<ManifestFile.Unreadable>(new DiskManifestFiles(_folder).Read(path)).Reason;
}
