using NixGen.Diagnostics;
using NixGen.Nix.Printing;
using NixGen.Sources.Url;
using Xunit;

namespace NixGen.Tests.Sources.Url;

public sealed class UrlSourceTests
{
    private const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";

    [Theory]
    [InlineData("m: https://example.com/a.bin", "https://example.com/a.bin - a.bin")]
    [InlineData("m: { source: { url: { url: 'https://example.com/a.bin' } } }", "https://example.com/a.bin - a.bin")]
    [InlineData("m: { source: { http: 'https://example.com/a.bin' } }", "https://example.com/a.bin - a.bin")]
    [InlineData("m: { source: { http: { url: 'https://example.com/a.bin' } } }", "https://example.com/a.bin - a.bin")]
    [InlineData("m: { source: { url: { url: 'https://example.com/a.bin', filename: b/c.bin, sha256: '" + Zeros + "' } } }", "https://example.com/a.bin sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= b/c.bin")]
    [InlineData("m: { source: { url: { urls: [{ url: 'https://example.com/z.bin' }, { url: 'https://example.com/x?v=2', filename: a.bin }] } } }", "https://example.com/x?v=2 - a.bin|https://example.com/z.bin - z.bin")]
    public void Every_form_means_files_at_addresses(string model, string expected)
    {
        var (request, diagnostics) = Declarations.Bind(model);
        Assert.Empty(diagnostics);
        Assert.Equal(expected, string.Join('|', Assert.IsType<UrlRequest>(request).Files.Select(file => file.Canonical)));
    }

    [Theory]
    [InlineData("m: https://example.com/folder/", "NG3303")]
    [InlineData("m: https://example.com/a%2Fb.bin", "NG3303")]
    [InlineData("m: https://example.com/%2E%2E%2Fb", "NG3303")]
    [InlineData("m: https://example.com/a%0Ab", "NG3303")]
    [InlineData("m: https://example.com/m.bin#x", "NG3301")]
    [InlineData("m: http://example.com/m.bin", "NG3301")]
    [InlineData("m: { source: { url: { urls: [{ url: 'https://example.com/a.bin' }, { url: 'https://example.org/a.bin' }] } } }", "NG3303")]
    [InlineData("m: { source: { url: { urls: [{ url: 'https://example.com/a' }, { url: 'https://example.org/b', filename: a/b }] } } }", "NG3303")]
    [InlineData("m: { source: { url: { url: 'https://example.com/a', urls: [{ url: 'https://example.org/b' }] } } }", "NG3302")]
    [InlineData("m: { source: { url: { sha256: '" + Zeros + "', urls: [{ url: 'https://example.org/b' }] } } }", "NG3302")]
    [InlineData("m: { source: { url: { filename: a.bin } } }", "NG3302")]
    public void What_is_wrong_has_its_code(string model, string code)
    {
        var (request, diagnostics) = Declarations.Bind(model);
        Assert.Null(request);
        var error = Assert.Single(diagnostics);
        Assert.Equal(code, error.Code);
        Assert.NotNull(error.Help);
        Assert.NotNull(error.Location);
    }

    [Fact]
    public void A_signature_is_not_shown()
    {
        var (request, diagnostics) = Declarations.Bind("m: https://example.com/m.bin?sig=s3cr3tv4lue");
        Assert.Null(request);
        var error = Assert.Single(diagnostics);
        Assert.Equal("NG3301", error.Code);
        Assert.DoesNotContain("s3cr3tv4lue", Render(error), StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_addresses_means_nothing_and_their_hashes_do()
    {
        Assert.Equal(
            Canonical("m: { source: { url: { urls: [{ url: 'https://example.com/a' }, { url: 'https://example.com/b' }] } } }"),
            Canonical("m: { source: { url: { urls: [{ url: 'https://example.com/b' }, { url: 'https://example.com/a' }] } } }"));
        Assert.NotEqual(
            Canonical("m: https://example.com/a"),
            Canonical("m: { source: { url: { url: 'https://example.com/a', sha256: '" + Zeros + "' } } }"));
    }

    [Fact]
    public void Names_are_data_in_Nix()
    {
        var (request, _) = Declarations.Bind("m: { source: { url: { url: 'https://example.com/a$%7Bb%7D.bin', filename: '${x}\"''.bin' } } }");
        Assert.Contains("\\${x}\\\"'.bin", NixPrinter.Print(Assert.IsType<UrlRequest>(request).ToNix()), StringComparison.Ordinal);
    }

    private static object? Canonical(string model) => Declarations.Bind(model).Request?.Canonical;

    private static string Render(Diagnostic diagnostic) =>
        $"{diagnostic.Message} {diagnostic.Help} {diagnostic.Actual} {diagnostic.Location?.Source.ShownLine(diagnostic.Location.Start.Line)}";
}
