using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest;
using Xunit;

namespace NixGen.Tests.Manifest;

public sealed class ValidationMemoTests : IDisposable
{
    private const string Valid = "version: 1\nmodels: { a: hf:a/b }\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("nixgen-memo-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Valid_bytes_are_remembered_by_one_empty_marker()
    {
        Assert.Empty(Load(Valid));

        var marker = Assert.Single(Directory.GetFiles(_folder));
        Assert.Equal(64, Path.GetFileName(marker).Length);
        Assert.Equal(0, new FileInfo(marker).Length);
        Assert.Empty(Load(Valid));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Each_change_of_any_file_is_checked_again()
    {
        Load(Valid);
        Load(Valid + "# a comment\n");
        Load(Valid + "include: [b.yaml]\n", ("b.yaml", "version: 1\n"));
        Load(Valid + "include: [b.yaml]\n", ("b.yaml", "version: 1\n\n"));

        Assert.Equal(4, Directory.GetFiles(_folder).Length);
    }

    [Theory]
    [InlineData("version: 1\nmodles: {}\n")]
    [InlineData("version: 1\nmodels: { a: [ }\n")]
    public void What_is_wrong_is_not_remembered(string text)
    {
        Assert.NotEmpty(Load(text));
        Assert.NotEmpty(Load(text));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Meaning_is_checked_however_often_the_form_was()
    {
        const string text = "version: 1\nmodels: { a: { source: hf:a/b, profile: none } }\n";

        Assert.Equal("NG1203", Assert.Single(Load(text)).Code);
        Assert.Equal("NG1203", Assert.Single(Load(text)).Code);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_costs_nothing_but_time()
    {
        var diagnostics = new DiagnosticBag();
        var blocked = Path.Combine(_folder, "a-file");
        File.WriteAllText(blocked, "");

        var manifest = ManifestLoader.Load(["m.yaml"], new MemoryManifestFiles(("m.yaml", Valid)), Path.Combine(blocked, "memo"), diagnostics);

        Assert.NotNull(manifest);
        Assert.Empty(diagnostics.Items);
    }

    private ImmutableArray<Diagnostic> Load(string text, params (string Path, string Text)[] more)
    {
        var diagnostics = new DiagnosticBag();
        ManifestLoader.Load(["m.yaml"], new MemoryManifestFiles([("m.yaml", text), .. more]), _folder, diagnostics);
        return diagnostics.Items;
    }
}
