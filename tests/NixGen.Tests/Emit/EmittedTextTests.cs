using System.Globalization;
using System.Text;
using NixGen.Emit.SingleFile;
using NixGen.Emit.Templates;
using NixGen.Emit.Tree;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Emit;

/// <summary>What a manifest and a lock give, to the letter; and Nix reads every file of it.</summary>
public sealed class EmittedTextTests
{
    public static TheoryData<string> Cases => [.. GoldenFixtures.Cases("emit")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_models_of_the_single_file_are_as_verified(string name)
    {
        var text = Encoding.UTF8.GetString(SingleFileEmitter.Emit(EmitFixture.Load(name)).Span);
        // The library above the models is verbatim, and has tests of its own.
        var models = text.LastIndexOf("\n    fetchModel;\n", StringComparison.Ordinal);
        Golden.Verify(EmitFixture.Folder(name), "models", "nix", text[..text.IndexOf("let\n", StringComparison.Ordinal)] + "…" + text[models..]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_files_of_the_tree_are_as_verified(string name)
    {
        var listing = new StringBuilder();
        foreach (var (path, content) in TreeEmitter.Emit(EmitFixture.Load(name)).Files)
        {
            var isVerbatim = path.StartsWith("lib/", StringComparison.Ordinal) || path.StartsWith("fetchers/", StringComparison.Ordinal);
            listing.Append(CultureInfo.InvariantCulture, $"=== {path}\n");
            listing.Append(isVerbatim ? "" : Encoding.UTF8.GetString(content.Span));
        }

        Golden.Verify(EmitFixture.Folder(name), "tree", "txt", listing.ToString());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nix_parses_every_file(string name)
    {
        var emission = EmitFixture.Load(name);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.At("models.nix"), SingleFileEmitter.Emit(emission).ToArray());
        foreach (var (path, content) in TreeEmitter.Emit(emission).Files.Where(file => file.Key.EndsWith(".nix", StringComparison.Ordinal)))
        {
            File.WriteAllBytes(folder.At($"tree-{path.Replace('/', '-')}"), content.ToArray());
        }

        var files = Directory.GetFiles(folder.Path);
        Assert.True(files.Length > 5);
        (await ProcessRunner.RunAsync("nix-instantiate", ["--parse", .. files])).OrThrow("nix-instantiate");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_same_input_gives_the_same_bytes(string name) =>
        Assert.Equal(SingleFileEmitter.Emit(EmitFixture.Load(name)).ToArray(), SingleFileEmitter.Emit(EmitFixture.Load(name)).ToArray());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_file_is_plain_text_that_ends_with_one_line_feed(string name) =>
        Assert.All(TreeEmitter.Emit(EmitFixture.Load(name)).Files, file =>
        {
            var text = Encoding.UTF8.GetString(file.Value.Span);
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            Assert.False(text.EndsWith("\n\n", StringComparison.Ordinal), file.Key);
            Assert.DoesNotContain("\r", text, StringComparison.Ordinal);
            Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        });

    [Fact]
    public void A_manifest_without_hub_models_brings_no_fetch_code()
    {
        var text = Encoding.UTF8.GetString(SingleFileEmitter.Emit(EmitFixture.Load("json-mock")).Span);
        Assert.DoesNotContain("curl", text, StringComparison.Ordinal);
        Assert.Contains("adapters", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_module_of_the_library_can_be_inlined() =>
        Assert.All(
            EmbeddedTemplate.In("lib/").Where(path => !path.EndsWith("default.nix", StringComparison.Ordinal)),
            path => Assert.NotEmpty(new LibraryModule("x", path).Read().Body.Text));
}
