using NixGen.Diagnostics;
using NixGen.Diagnostics.Reference;
using NixGen.Manifest.Binding;
using NixGen.Manifest.Loading;
using NixGen.Manifest.Reference;
using NixGen.Manifest.Schema;
using NixGen.Manifest.Tree;
using Xunit;

namespace NixGen.Tests.Manifest;

public sealed class ReferenceTests
{
    private static readonly DiagnosticDescriptor[] All =
        [.. TreeDiagnostics.All, .. SchemaDiagnostics.All, .. BindingDiagnostics.All, .. IncludeDiagnostics.All];

    [Fact]
    public void Codes_are_unique_ordered_and_of_the_manifest()
    {
        Assert.Equal(All.Length, All.Select(item => item.Code).Distinct().Count());
        Assert.All(All, item => Assert.Matches("^NG1[0-3][0-9]{2}$", item.Code));
        Assert.All(new[] { TreeDiagnostics.All, SchemaDiagnostics.All, BindingDiagnostics.All, IncludeDiagnostics.All }, list =>
            Assert.Equal(list.Select(item => item.Code).Order(StringComparer.Ordinal), list.Select(item => item.Code)));
    }

    [Fact]
    public void Every_descriptor_is_listed()
    {
        var fields = new[] { typeof(TreeDiagnostics), typeof(SchemaDiagnostics), typeof(BindingDiagnostics), typeof(IncludeDiagnostics) }
            .SelectMany(type => type.GetFields())
            .Select(field => field.GetValue(null))
            .OfType<DiagnosticDescriptor>();

        Assert.Equal(fields.Select(item => item.Code).Order(StringComparer.Ordinal), All.Select(item => item.Code).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_of_diagnostics_names_each_with_its_exit_code()
    {
        var page = DiagnosticReference.Markdown(All.Reverse());

        Assert.All(All, item => Assert.Contains($"\n### {item.Code}: {item.Title}\n\nError, exit code 1. {item.Explanation}\n", page, StringComparison.Ordinal));
        Assert.True(page.IndexOf("NG1001", StringComparison.Ordinal) < page.IndexOf("NG1303", StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_of_the_manifest_names_every_key()
    {
        var page = ManifestReference.Markdown(ManifestSchema.Read());

        Assert.All(
            new[] { "`version` (required)", "`timeout.connect`", "`huggingface.refs`", "`repo` (required)", "| `type` | `model`, `dataset`, `space` | `\"model\"` |", "[auth](#auth)", "## models.NAME" },
            text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.EndsWith("```\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_examples_of_the_page_are_yaml_that_means_the_schemas_examples()
    {
        var page = ManifestReference.Markdown(ManifestSchema.Read());
        var blocks = page.Split("```yaml\n").Skip(2).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]);

        foreach (var example in blocks.SelectMany(block => block.Split("# or\n")))
        {
            var diagnostics = new DiagnosticBag();
            Assert.NotNull(TreeReader.Read(new SourceText("example.yaml", example), diagnostics));
            Assert.Empty(diagnostics.Items);
        }
    }
}
