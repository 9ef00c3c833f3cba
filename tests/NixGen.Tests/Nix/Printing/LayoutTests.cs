using NixGen.Nix.Printing;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Nix.Printing;

public sealed class LayoutTests
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "NixGen.Tests", "Nix", "Printing", "Layouts");

    public static TheoryData<string> Names { get; } = [.. LayoutCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Trees_are_laid_out_as_verified_and_Nix_reads_them(string name)
    {
        var printed = NixPrinter.Print(LayoutCases.All[name]);
        Golden.Verify(Folder, name, "nix", printed);
        Assert.NotEmpty(RealNix.Parse(printed));
    }

    [Fact]
    public void Every_verified_file_has_its_tree() => Assert.Equal(
        LayoutCases.All.Keys.Order(StringComparer.Ordinal),
        Directory.GetFiles(Folder, "*.verified.nix").Select(static file => Path.GetFileName(file)[..^".verified.nix".Length]).Order(StringComparer.Ordinal));
}
