using FsCheck;
using FsCheck.Fluent;
using NixGen.Nix.Expressions;
using NixGen.Nix.Hashing;
using Xunit;

namespace NixGen.Tests.Nix.Hashing;

public sealed class StorePathTests
{
    private const string Legal = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+._?=-";

    private static Arbitrary<(DerivationName Name, SriHash Hash)[]> Outputs { get; } = Arb.From((
        from first in Gen.Elements(Legal.Replace(".", "", StringComparison.Ordinal).AsEnumerable())
        from rest in Gen.Elements(Legal.AsEnumerable()).ArrayOf()
        from bytes in Gen.Choose(0, 255).Select(static value => (byte)value).ArrayOf(32)
        select (DerivationName.Create(first + new string(rest)), SriHash.FromBytes(bytes))).ArrayOf(30));

    [Fact]
    public void Nix_gives_fixed_outputs_the_same_paths() => Check.One(NastyText.Draws.WithMaxTest(4), Prop.ForAll(Outputs, static outputs =>
    {
        var paths = RealNix.Evaluate(new ListExpression(
        [
            .. outputs.Select(static output => OutPath("flat", output.Name.Text, output.Hash.Text)),
            .. outputs.Select(static output => OutPath("recursive", output.Name.Text, output.Hash.Text)),
        ])).EnumerateArray().Select(static path => path.GetString());
        Assert.Equal(
            [
                .. outputs.Select(static output => StorePath.Flat(output.Name, output.Hash).ToString()),
                .. outputs.Select(static output => StorePath.Recursive(output.Name, output.Hash).ToString()),
            ],
            paths);
    }));

    [Fact]
    public void The_folder_of_the_store_counts()
    {
        var name = DerivationName.Create("hello");
        var hash = ContentHasher.Of("hello world"u8).Sha256;
        var elsewhere = StorePath.Flat(name, hash, "/gnu/store");
        Assert.StartsWith("/gnu/store/", elsewhere.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(StorePath.Flat(name, hash).Digest, elsewhere.Digest);
        Assert.Throws<ArgumentException>(() => StorePath.Flat(name, hash, "/nix/store/"));
        Assert.Throws<ArgumentException>(() => StorePath.Flat(name, hash, "nix/store"));
    }

    [Fact]
    public void The_longest_name_is_the_longest_that_Nix_takes()
    {
        var hash = ContentHasher.Of([]).Sha256;
        var longest = new string('x', DerivationName.MaximumLength);
        Assert.Equal(StorePath.Flat(DerivationName.Create(longest), hash).ToString(), RealNix.Evaluate(OutPath("flat", longest, hash.Text)).GetString());
        Assert.False(DerivationName.TryCreate(longest + "x", out _));
        Assert.Throws<InvalidOperationException>(() => RealNix.Evaluate(OutPath("flat", longest + "x", hash.Text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData(".-x")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a~b")]
    [InlineData("a\nb")]
    [InlineData("modèle")]
    public void Names_that_a_store_may_not_hold_are_refused(string? name)
    {
        Assert.False(DerivationName.TryCreate(name, out _));
        Assert.Throws<ArgumentException>(() => DerivationName.Create(name ?? ""));
    }

    [Theory]
    [InlineData("phi-2", "phi-2")]
    [InlineData("a b  c", "a-b-c")]
    [InlineData("..hidden", "hidden")]
    [InlineData("microsoft/phi-2", "microsoft-phi-2")]
    [InlineData("", "unknown")]
    [InlineData("...", "unknown")]
    [InlineData("漢字", "-")]
    public void Any_text_can_be_made_a_name(string text, string name) => Assert.Equal(name, DerivationName.Sanitize(text).Text);

    [Fact]
    public void What_is_made_a_name_is_one() => Check.One(NastyText.Draws.WithMaxTest(50), Prop.ForAll(NastyText.Many, static texts =>
        Assert.All(texts, static text => Assert.True(DerivationName.TryCreate(DerivationName.Sanitize(text).Text, out _)))));

    [Fact]
    public void A_cut_name_does_not_begin_with_a_dot() =>
        Assert.Equal(206, DerivationName.Sanitize("x." + new string('y', DerivationName.MaximumLength - 1)).Text.Length);

    [Fact]
    public void A_files_name_depends_on_its_content_alone()
    {
        var name = DerivationName.ForFile(ContentHasher.Of("hello world"u8).Sha256);
        Assert.Equal("model-file-uU0nuZNNPgilLlLX", name.Text);
        Assert.Equal(name, DerivationName.ForFile(ContentHasher.Of("hello world"u8).Sha256));
    }

    [Fact]
    public void A_files_name_is_legal_whatever_its_content()
    {
        for (var value = 0; value < 256; value++)
        {
            var hash = SriHash.FromBytes([.. Enumerable.Repeat((byte)value, 32)]);
            var name = DerivationName.ForFile(hash);
            Assert.True(DerivationName.TryCreate(name.Text, out _));
            Assert.Equal("model-file-" + hash.Text[7..23].Replace('+', '-').Replace('/', '_'), name.Text);
        }
    }

    private static Selection OutPath(string mode, string name, string hash) => new Identifier("derivation").Call(AttributeSet.Build()
        .Add("name", name)
        .Add("system", "x86_64-linux")
        .Add("builder", "/bin/sh")
        .Add("outputHashMode", mode)
        .Add("outputHashAlgo", "sha256")
        .Add("outputHash", hash)
        .ToSet()).Select("outPath");
}
