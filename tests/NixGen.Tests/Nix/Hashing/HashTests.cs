using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NixGen.Nix.Hashing;
using Xunit;

namespace NixGen.Tests.Nix.Hashing;

public sealed class HashTests
{
    private static readonly byte[] Hello = "hello world"u8.ToArray();

    private static Arbitrary<SriHash[]> Hashes { get; } =
        Arb.From(Gen.Choose(0, 255).Select(static value => (byte)value).ArrayOf(32).Select(static bytes => SriHash.FromBytes(bytes)).ArrayOf(40));

    [Fact]
    public void Nix_writes_hashes_in_the_same_forms() => Check.One(NastyText.Draws.WithMaxTest(4), Prop.ForAll(Hashes, static hashes =>
    {
        string[] hex = [.. hashes.Select(static hash => hash.Hex)];
        Assert.Equal(Lines("nix-hash", ["--to-base32"], hex), hashes.Select(static hash => hash.ToNix32()));
        Assert.Equal(Lines("nix", ["hash", "to-sri"], hex), hashes.Select(static hash => hash.Text));
        Assert.Equal(hex, Lines("nix-hash", ["--to-base16"], [.. hashes.Select(static hash => hash.ToNix32())]));
    }));

    [Fact]
    public void Every_form_is_read_back() => Check.One(NastyText.Draws, Prop.ForAll(Hashes, static hashes => Assert.All(hashes, static hash =>
    {
        string[] forms = [hash.Text, hash.Hex, hash.Hex.ToUpperInvariant(), hash.ToNix32(), hash.Text["sha256-".Length..], "sha256:" + hash.Hex, "sha256:" + hash.ToNix32()];
        Assert.All(forms, form => Assert.Equal(hash, SriHash.TryParseAny(form, out var read) ? read : null));
    })));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("sha256-")]
    [InlineData("sha512-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=")]
    [InlineData("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")]
    [InlineData("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSu U=")]
    [InlineData("sha256:sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("****************************************************************")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c7e")]
    public void What_is_no_SHA_256_is_refused(string? text) => Assert.False(SriHash.TryParseAny(text, out _));

    [Fact]
    public void The_known_vectors_hold()
    {
        var content = ContentHasher.Of(Hello);
        Assert.Equal("b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9", content.Sha256.Hex);
        Assert.Equal("95d09f2b10159347eece71399a7e2e907ea3df4f", content.GitBlob);
        Assert.Equal(Hello.Length, content.Length);

        Assert.True(SriHash.TryFromHex("ae45042aef5b148835db02d045fe89b4c09ff9e476dab001a14bc0322d3f2093", out var nar));
        Assert.Equal("14r07wnk5h2bl40v1nknwkwrzh5li7z4bl02vcsqh52vxwm08idf", nar.ToNix32());

        var name = DerivationName.Create("hello");
        Assert.Equal("/nix/store/932qd371cw0gg3rycs2k64hm6h6h7syl-hello", StorePath.Flat(name, content.Sha256).ToString());
        Assert.Equal("/nix/store/b5hhkarm3s4myfy4kcq8mqy1waibfpm2-hello", StorePath.Recursive(name, nar).ToString());
        Assert.Equal("0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73", SriHash.FromBytes(SHA256.HashData([])).ToNix32());
    }

    [Fact]
    public void Base_32_is_read_back_at_any_length()
    {
        for (var length = 0; length <= 70; length++)
        {
            var bytes = RandomNumberGenerator.GetBytes(length);
            var text = NixBase32.Encode(bytes);
            var read = new byte[length];
            Assert.Equal(NixBase32.EncodedLength(length), text.Length);
            Assert.True(NixBase32.TryDecode(text, read));
            Assert.Equal(bytes, read);
            Assert.False(NixBase32.TryDecode(text + "0", read));
        }
    }

    [Theory]
    [InlineData("e")]
    [InlineData("o")]
    [InlineData("t")]
    [InlineData("u")]
    [InlineData("A")]
    [InlineData("-")]
    public void Letters_outside_the_alphabet_are_refused(string letter) => Assert.False(NixBase32.TryDecode("0" + letter, new byte[1]));

    [Fact]
    public void Bits_beyond_the_last_byte_are_refused()
    {
        Assert.True(NixBase32.TryDecode("7z", new byte[1]));
        Assert.False(NixBase32.TryDecode("8z", new byte[1]));
    }

    [Fact]
    public void Streamed_content_hashes_as_git_does()
    {
        using var hasher = new ContentHasher(Hello.Length);
        hasher.Append(Hello.AsSpan(0, 3));
        hasher.Append(Hello.AsSpan(3));
        Assert.Equal(ContentHasher.Of(Hello), hasher.Complete());
        Assert.Equal("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", ContentHasher.Of([]).GitBlob);
    }

    [Fact]
    public void Content_of_another_length_than_announced_is_refused()
    {
        using var hasher = new ContentHasher(Hello.Length + 1);
        hasher.Append(Hello);
        Assert.Throws<InvalidDataException>(hasher.Complete);
    }

    [Fact]
    public void A_file_hashes_as_its_content_does()
    {
        var file = Path.GetTempFileName();
        try
        {
            var content = RandomNumberGenerator.GetBytes(300_000);
            File.WriteAllBytes(file, content);
            Assert.Equal(ContentHasher.Of(content), ContentHasher.OfFile(file, CancellationToken.None));
            Assert.Equal(ContentHasher.Of(content).Sha256.Hex, Encoding.ASCII.GetString(RealNix.Run("nix-hash", "--flat", "--type", "sha256", file)).Trim());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string[] Lines(string program, string[] command, string[] hashes) =>
        Encoding.ASCII.GetString(RealNix.Run(program, [.. command, "--type", "sha256", .. hashes])).TrimEnd().Split('\n');
}
