using System.Reflection;
using NixGen.Cli.Reference;
using NixGen.Diagnostics;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Cli;

/// <summary>The reference pages say what the code does.</summary>
public sealed class ReferencePagesTests
{
    [Fact]
    public void The_checked_in_pages_are_what_the_code_makes()
    {
        using var console = new TestConsole();
        var pages = ReferencePages.Make(console.Terminal);
        Assert.Equal(3, pages.Count);
        Assert.All(pages, page => Assert.True(
            File.ReadAllText(Checkout.At("docs", "reference", page.Key)) == page.Value,
            $"docs/reference/{page.Key} is stale: run ./nixgen reference docs/reference"));
    }

    [Fact]
    public void Every_diagnostic_is_on_the_page_and_every_code_is_used_once()
    {
        var declared = new[] { typeof(Diagnostic).Assembly, typeof(ReferencePages).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(DiagnosticDescriptor) && !field.Name.StartsWith('<'))
            .Select(field => Assert.IsType<DiagnosticDescriptor>(field.GetValue(null)))
            .ToList();
        Assert.True(declared.Count > 50);
        Assert.Equal(declared.Select(item => item.Code).Order(), declared.Select(item => item.Code).Distinct().Order());
        Assert.Equal(declared.Select(item => item.Code).Order(), ReferencePages.Diagnostics.Select(item => item.Code).Order());
        Assert.All(declared, item => Assert.Matches("^NG[1-5][0-9]{3}$", item.Code));
    }
}
