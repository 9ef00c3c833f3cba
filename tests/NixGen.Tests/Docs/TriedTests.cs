using System.Text.RegularExpressions;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Docs;

/// <summary>What the page on authentication says was tried is tried by tests that there are.</summary>
public sealed partial class TriedTests
{
    [Fact]
    public void Every_test_that_the_page_names_is_there()
    {
        var sources = Directory.EnumerateFiles(Checkout.At("tests", "NixGen.EndToEnd"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(path => Path.GetFileNameWithoutExtension(path), File.ReadAllText, StringComparer.Ordinal);
        var named = MarkdownPage.Read("docs/authentication.md").Spans.Select(span => Named().Match(span)).Where(match => match.Success).ToList();
        Assert.True(named.Count > 8, $"only {named.Count} tests are named");
        var missing = named
            .Where(match => !sources[match.Groups["class"].Value].Any(
                source => !match.Groups["test"].Success || source.Contains($"Task {match.Groups["test"].Value}(", StringComparison.Ordinal)))
            .Select(match => match.Value);
        Assert.Empty(missing);
    }

    [GeneratedRegex(@"^(?<class>[A-Z]\w*Tests)(\.(?<test>\w+))?$")]
    private static partial Regex Named();
}
