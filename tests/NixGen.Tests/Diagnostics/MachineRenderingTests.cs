using System.Text.Json;
using NixGen.Diagnostics;
using NixGen.Diagnostics.Rendering;
using Xunit;

namespace NixGen.Tests.Diagnostics;

public sealed class MachineRenderingTests
{
    private static readonly Diagnostic[] Several =
    [
        Samples.At("größe: 😀wrong\n", "wrong", "my models/a#1.yaml") with
        {
            Expected = "100%",
            Actual = "a\u202eb",
            Related = [new(new SourceText("/abs/b.yaml", "x: 1").At(new(0, 1)), "here")],
        },
        Samples.At("a: odd", "odd", "b.yaml", Samples.Warning),
        new() { Descriptor = Samples.Note, Message = "no place" },
    ];

    [Fact]
    public void Json_has_every_key_and_counts_in_utf16_from_one()
    {
        using var document = JsonDocument.Parse(Render(DiagnosticFormat.Json));
        var root = document.RootElement;
        var items = root.GetProperty("diagnostics").EnumerateArray().ToList();

        Assert.Equal(1, root.GetProperty("errors").GetInt32());
        Assert.Equal(1, root.GetProperty("warnings").GetInt32());
        Assert.Equal(["NG3999", "NG2999", "NG1999"], items.Select(item => item.GetProperty("code").GetString()));
        Assert.All(items, item => Assert.Equal(
            ["code", "severity", "kind", "title", "message", "file", "line", "column", "endLine", "endColumn", "expected", "found", "help", "related"],
            item.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(JsonValueKind.Null, items[0].GetProperty("line").ValueKind);
        Assert.Equal(10, items[2].GetProperty("column").GetInt32());
        Assert.Equal(15, items[2].GetProperty("endColumn").GetInt32());
        Assert.Equal("/abs/b.yaml", items[2].GetProperty("related")[0].GetProperty("file").GetString());
    }

    [Fact]
    public void Json_without_diagnostics_is_a_document_too()
    {
        using var document = JsonDocument.Parse(Samples.Render(DiagnosticFormat.Json, colour: false));

        Assert.Equal(0, document.RootElement.GetProperty("diagnostics").GetArrayLength());
    }

    [Fact]
    public void Sarif_has_what_its_schema_requires()
    {
        using var document = JsonDocument.Parse(Render(DiagnosticFormat.Sarif));
        var root = document.RootElement;
        var run = Assert.Single(root.GetProperty("runs").EnumerateArray());
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().ToList();

        Assert.Equal("2.1.0", root.GetProperty("version").GetString());
        Assert.Equal("nixgen", run.GetProperty("tool").GetProperty("driver").GetProperty("name").GetString());
        Assert.Equal(["NG1999", "NG2999", "NG3999"], rules.Select(rule => rule.GetProperty("id").GetString()));
        foreach (var result in run.GetProperty("results").EnumerateArray())
        {
            Assert.Contains(result.GetProperty("level").GetString(), new[] { "error", "warning", "note" });
            Assert.NotEmpty(result.GetProperty("message").GetProperty("text").GetString() ?? "");
            Assert.Equal(
                result.GetProperty("ruleId").GetString(),
                rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
            foreach (var place in result.GetProperty("locations").EnumerateArray())
            {
                var physical = place.GetProperty("physicalLocation");
                var region = physical.GetProperty("region");
                Assert.True(Uri.TryCreate(physical.GetProperty("artifactLocation").GetProperty("uri").GetString(), UriKind.RelativeOrAbsolute, out _));
                Assert.True(region.GetProperty("startLine").GetInt32() >= 1);
                Assert.True(region.GetProperty("startColumn").GetInt32() >= 1);
            }
        }
    }

    [Fact]
    public void Sarif_escapes_paths_as_uris()
    {
        var text = Render(DiagnosticFormat.Sarif);

        Assert.Contains("\"my%20models/a%231.yaml\"", text, StringComparison.Ordinal);
        Assert.Contains("\"file:///abs/b.yaml\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void GitHub_gets_one_command_a_line_with_escapes()
    {
        var lines = Render(DiagnosticFormat.GitHub).TrimEnd('\n').Split('\n');

        Assert.Equal(
        [
            "::notice title=NG3999%3A A thing happened::no place",
            "::warning file=b.yaml,line=1,endLine=1,col=4,endColumn=7,title=NG2999%3A A thing is odd::something is wrong%0Ahelp: put it right",
            "::error file=my models/a#1.yaml,line=1,endLine=1,col=10,endColumn=15,title=NG1999%3A A thing is wrong::something is wrong%0Aexpected: 100%25%0Afound: a\\u{202e}b%0Ahelp: put it right",
        ], lines);
    }

    [Fact]
    public void GitHub_gets_no_command_out_of_a_message_or_a_path()
    {
        var hostile = Samples.At("x: y", "y", "a,b:c\n::set-output name=x::y\r") with { Message = "a\n::error::b\r\n::c" };

        var line = Assert.Single(Samples.Render(DiagnosticFormat.GitHub, colour: false, hostile).TrimEnd('\n').Split('\n'));

        Assert.DoesNotContain('\r', line);
        Assert.StartsWith("::error file=a%2Cb%3Ac%0A%3A%3Aset-output name=x%3A%3Ay%0D,", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DiagnosticFormat.Json)]
    [InlineData(DiagnosticFormat.Sarif)]
    public void Documents_are_ascii(DiagnosticFormat format) =>
        Assert.DoesNotContain(Render(format), character => character is > '~' or (< ' ' and not '\n'));

    private static string Render(DiagnosticFormat format) => Samples.Render(format, colour: false, Several);
}
