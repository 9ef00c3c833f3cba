using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Docs;

/// <summary>Nothing on a page leads nowhere.</summary>
public sealed class LinkTests
{
    public static TheoryData<string> Pages => [.. MarkdownPage.Paths];

    [Fact]
    public void There_are_pages() => Assert.Contains("docs/architecture.md", MarkdownPage.Paths);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Relative_links_lead_to_files_and_to_headings(string path)
    {
        var folder = Path.GetDirectoryName(path) ?? "";
        var broken = MarkdownPage.Read(path).Links
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(link => !LeadsSomewhere(path, folder, link))
            .ToList();
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_file_that_the_architecture_page_names_exists()
    {
        var named = MarkdownPage.Read("docs/architecture.md").Spans
            .Where(span => span.Contains('/', StringComparison.Ordinal) && (span.EndsWith('/') || Path.HasExtension(span)))
            .ToList();
        Assert.True(named.Count > 40, $"only {named.Count} files are named");
        var missing = named
            .Where(name => !Exists(Checkout.At(name)) && !Exists(Checkout.At("src", name)) && !Exists(Checkout.At("src", "NixGen", name)))
            .ToList();
        Assert.Empty(missing);
    }

    private static bool LeadsSomewhere(string page, string folder, string link)
    {
        var hash = link.IndexOf('#', StringComparison.Ordinal);
        var file = hash < 0 ? link : link[..hash];
        var target = file.Length == 0 ? page : Path.GetRelativePath(Checkout.At(), Path.GetFullPath(Path.Combine(Checkout.At(folder), file)));
        return Exists(Checkout.At(target))
            && (hash < 0 || MarkdownPage.Read(target).Anchors.Contains(link[(hash + 1)..], StringComparer.Ordinal));
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);
}
