using NixGen.Testing;
using NixGen.Tests.Architecture;
using Xunit;

namespace NixGen.Tests.Docs;

/// <summary>The architecture page's table of arrows is the source's.</summary>
public sealed class ArchitecturePageTests
{
    [Fact]
    public void The_table_of_arrows_is_as_measured()
    {
        var rows = MarkdownPage.Read("docs/architecture.md").Text.Split('\n')
            .SkipWhile(line => !line.StartsWith("| uses |", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        var columns = rows[0].Skip(1).Select(Name).ToList();
        var stated = rows.Skip(2).ToDictionary(
            row => Name(row[0]),
            row => columns.Where((_, column) => row[column + 1] == "yes").Order(StringComparer.Ordinal).ToList(),
            StringComparer.Ordinal);
        Assert.Equal(Directory.EnumerateDirectories(Checkout.At("src", "NixGen")).Select(Path.GetFileName).Order(StringComparer.Ordinal), stated.Keys.Order(StringComparer.Ordinal));
        Assert.All(stated, row => Assert.Equal(
            StageArrowsTests.UsedBy(row.Key).Select(arrow => arrow.Used).Distinct().Order(StringComparer.Ordinal),
            row.Value));
    }

    private static string Name(string cell) => cell.Trim('`');
}
