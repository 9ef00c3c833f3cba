using NixGen.Sources.Url;
using Xunit;

namespace NixGen.Tests.Sources.Url;

public sealed class FileAddressTests
{
    [Theory]
    [InlineData("https://example.com/m.bin", "https://example.com/m.bin", "m.bin")]
    [InlineData("HTTPS://Example.COM:443/m.bin", "https://example.com/m.bin", "m.bin")]
    [InlineData("https://example.com:8443/a/m.bin?download=true&v=3", "https://example.com:8443/a/m.bin?download=true&v=3", "m.bin")]
    [InlineData("https://example.com/a b.bin", "https://example.com/a%20b.bin", "a b.bin")]
    [InlineData("https://example.com/a+b=c.bin", "https://example.com/a+b=c.bin", "a+b=c.bin")]
    [InlineData("https://example.com/a%2Fb.bin", "https://example.com/a%2Fb.bin", "a/b.bin")]
    [InlineData("https://example.com/%23%3F.bin", "https://example.com/%23%3F.bin", "#?.bin")]
    [InlineData("https://example.com/模型.bin", "https://example.com/%E6%A8%A1%E5%9E%8B.bin", "模型.bin")]
    [InlineData("https://bücher.example/m.bin", "https://xn--bcher-kva.example/m.bin", "m.bin")]
    [InlineData("https://example.com/a/../m.bin", "https://example.com/m.bin", "m.bin")]
    [InlineData("https://example.com/folder/", "https://example.com/folder/", "")]
    [InlineData("https://example.com", "https://example.com/", "")]
    [InlineData("http://127.0.0.1:8080/m.bin", "http://127.0.0.1:8080/m.bin", "m.bin")]
    [InlineData("http://[::1]:8080/m.bin", "http://[::1]:8080/m.bin", "m.bin")]
    public void An_address_has_one_spelling_and_a_name(string text, string canonical, string name)
    {
        var (address, problem) = FileAddress.Parse(text);
        Assert.Null(problem);
        Assert.Equal(canonical, address?.Text);
        Assert.Equal(name, address?.LastName);
        Assert.Equal(canonical, FileAddress.Parse(canonical).Address?.Text);
        Assert.Equal(canonical, address?.Url.AbsoluteUri);
    }

    [Theory]
    [InlineData("example.com/m.bin", "is not an http(s) URL")]
    [InlineData("ftp://example.com/m.bin", "is not an http(s) URL")]
    [InlineData("file:///etc/passwd", "is not an http(s) URL")]
    [InlineData("https://", "is not an http(s) URL")]
    [InlineData("https://example.com/a\nb", "is not an http(s) URL")]
    [InlineData("https://reader:secret@example.com/m.bin", "user name or password")]
    [InlineData("https://example.com/m.bin#part", "fragment")]
    [InlineData("http://example.com/m.bin", "TLS")]
    [InlineData("https://example.com/m.bin?X-Amz-Algorithm=AWS4&x-amz-signature=abc", "X-Amz-Signature")]
    [InlineData("https://example.com/m.bin?sv=1&sig=abc", "'sig'")]
    [InlineData("https://example.com/m.bin?a=1&to%6ben=abc", "'token'")]
    public void What_can_not_be_locked_is_refused_without_being_shown(string text, string problem)
    {
        var (address, found) = FileAddress.Parse(text);
        Assert.Null(address);
        Assert.Contains(problem, found, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", found, StringComparison.Ordinal);
        Assert.DoesNotContain("abc", found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_sent_to_scheme_host_and_port() =>
        Assert.Equal("https://example.com:8443", FileAddress.Parse("https://example.com:8443/a/b").Address?.Origin);
}
