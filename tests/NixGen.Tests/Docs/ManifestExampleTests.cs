using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Sources;
using NixGen.Tests.Manifest;
using Xunit;

namespace NixGen.Tests.Docs;

/// <summary>Every manifest that a page shows is one.</summary>
public sealed class ManifestExampleTests
{
    public static TheoryData<string> Pages => [.. WithExamples];

    private static IEnumerable<string> WithExamples => MarkdownPage.Paths.Where(path => Examples(path).Any());

    [Fact]
    public void There_are_examples()
    {
        Assert.Contains("README.md", WithExamples);
        Assert.Contains("docs/manifest.md", WithExamples);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Shown_manifests_are_valid(string path)
    {
        foreach (var example in Examples(path))
        {
            var diagnostics = new DiagnosticBag();
            var manifest = ManifestLoader.Load(["models.yaml"], new MemoryManifestFiles(("models.yaml", example)), null, diagnostics);
            foreach (var model in manifest?.Models ?? [])
            {
                Assert.NotNull(SourceRegistry.Bind(model.Source, diagnostics));
            }

            Assert.True(manifest is { Models.Length: > 0 } && diagnostics.Items.IsEmpty, $"{path}:\n{example}\n{string.Join('\n', diagnostics.Items.Select(item => item.Message))}");
        }
    }

    // The keys of the top level tell a manifest from other YAML and from a part of one.
    private static IEnumerable<string> Examples(string path) =>
        MarkdownPage.Read(path).Blocks
            .Where(block => block.Language is "yaml" or "json"
                && $"\n{block.Content}".Contains("\nversion:", StringComparison.Ordinal)
                && $"\n{block.Content}".Contains("\nmodels:", StringComparison.Ordinal))
            .Select(block => block.Content);
}
