using System.Collections.Immutable;
using NixGen.Nix.Hashing;
using NixGen.Sources;
using NixGen.Sources.Url;
using Xunit;

namespace NixGen.Tests.Sources.Url;

public sealed class StatedDigestTests
{
    private const string Base64 = "X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=";
    private const string OfNothing = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    [Theory]
    [InlineData("Repr-Digest", "sha-256=:" + Base64 + ":")]
    [InlineData("Repr-Digest", "sha-512=:AAAA:, sha-256=:" + Base64 + ":;q=1")]
    [InlineData("repr-digest", "sha-256 = :" + Base64 + ":,md5=:AAAA:")]
    [InlineData("Content-Digest", "sha-256=:" + Base64 + ":")]
    [InlineData("x-amz-checksum-sha256", Base64)]
    public void A_sha256_is_read_from_what_servers_state(string header, string value) =>
        Assert.Equal("sha256-" + Base64, StatedDigest.Of(Head(200, ("Content-Length", "5"), (header, value)))?.Text);

    [Theory]
    [InlineData("Repr-Digest", "sha-512=:" + Base64 + ":")]
    [InlineData("Repr-Digest", "sha-256=" + Base64)]
    [InlineData("Repr-Digest", "xsha-256=:" + Base64 + ":")]
    [InlineData("Repr-Digest", "sha-256=:AAAA:")]
    [InlineData("Repr-Digest", "sha-256=:" + Base64 + ":, sha-256=:" + OfNothing + ":")]
    [InlineData("Repr-Digest", "sha-256=:" + OfNothing + ":")]
    [InlineData("Content-Digest", "sha-256=:" + OfNothing + ":")]
    [InlineData("x-amz-checksum-sha256", Base64 + "-7")]
    [InlineData("ETag", "\"" + Base64 + "\"")]
    public void Anything_else_is_no_statement(string header, string value) =>
        Assert.Null(StatedDigest.Of(Head(200, ("Content-Length", "5"), (header, value))));

    [Fact]
    public void A_hash_of_the_hashes_of_parts_is_none_of_the_object() =>
        Assert.Null(StatedDigest.Of(Head(200, ("Content-Length", "5"), ("x-amz-checksum-sha256", Base64), ("x-amz-checksum-type", "COMPOSITE"))));

    [Fact]
    public void The_Hub_states_it_beside_the_commit()
    {
        var hash = SriHash.FromBytes(Convert.FromBase64String(Base64));
        var hex = hash.Hex;
        var tag = ("X-Linked-ETag", $"\"{hex}\"");
        Assert.Equal(hash, StatedDigest.Of(Head(200, ("Content-Length", "5"), tag, ("X-Repo-Commit", "c0ffee"))));
        Assert.Null(StatedDigest.Of(Head(200, ("Content-Length", "5"), tag)));
        Assert.Null(StatedDigest.Of(Head(200, ("Content-Length", "5"), ("X-Linked-ETag", "\"" + hex[..40] + "\""), ("X-Repo-Commit", "c0ffee"))));
    }

    [Fact]
    public void The_digest_of_a_part_of_an_encoding_or_of_no_length_says_nothing_of_the_file()
    {
        var digest = ("Content-Digest", "sha-256=:" + Base64 + ":");
        Assert.Null(StatedDigest.Of(Head(206, ("Content-Range", "bytes 0-0/5"), digest)));
        Assert.NotNull(StatedDigest.Of(Head(206, ("Content-Range", "bytes 0-0/5"), ("Repr-Digest", digest.Item2))));
        Assert.Null(StatedDigest.Of(Head(200, ("Content-Length", "5"), ("Content-Encoding", "gzip"), digest)));
        Assert.Null(StatedDigest.Of(Head(200, digest)));
    }

    [Theory]
    [InlineData(200, "Content-Length", "123", 123)]
    [InlineData(206, "Content-Range", "bytes 0-0/123", 123)]
    [InlineData(206, "Content-Range", "bytes 0-0/*", null)]
    [InlineData(206, "Content-Length", "1", null)]
    [InlineData(200, "Content-Length", "-1", null)]
    [InlineData(200, "Server", "nginx", null)]
    public void The_length_is_that_of_the_whole(int status, string header, string value, int? length) =>
        Assert.Equal(length, StatedDigest.LengthOf(Head(status, (header, value))));

    private static UpstreamResponse Head(int status, params (string Name, string Value)[] headers) => new(
        status,
        new Uri("https://example.com/m.bin"),
        headers.ToImmutableDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase),
        default);
}
