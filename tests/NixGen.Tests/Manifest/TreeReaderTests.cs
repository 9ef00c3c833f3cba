using System.Text;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;
using Xunit;

namespace NixGen.Tests.Manifest;

public sealed class TreeReaderTests
{
    [Theory]
    [InlineData("", ScalarKind.Null)]
    [InlineData("~", ScalarKind.Null)]
    [InlineData("null", ScalarKind.Null)]
    [InlineData("nULL", ScalarKind.String)]
    [InlineData("true", ScalarKind.Boolean)]
    [InlineData("FALSE", ScalarKind.Boolean)]
    [InlineData("yes", ScalarKind.String)]
    [InlineData("No", ScalarKind.String)]
    [InlineData("on", ScalarKind.String)]
    [InlineData("0", ScalarKind.Integer)]
    [InlineData("-12", ScalarKind.Integer)]
    [InlineData("+12", ScalarKind.Integer)]
    [InlineData("0123", ScalarKind.Integer)]
    [InlineData("0o17", ScalarKind.Integer)]
    [InlineData("0o18", ScalarKind.String)]
    [InlineData("0xfF", ScalarKind.Integer)]
    [InlineData("-0x1", ScalarKind.String)]
    [InlineData("1_000", ScalarKind.String)]
    [InlineData("1e3", ScalarKind.Float)]
    [InlineData("1E-3", ScalarKind.Float)]
    [InlineData("1.", ScalarKind.Float)]
    [InlineData(".5", ScalarKind.Float)]
    [InlineData("-.inf", ScalarKind.Float)]
    [InlineData(".NaN", ScalarKind.Float)]
    [InlineData("-.nan", ScalarKind.String)]
    [InlineData(".", ScalarKind.String)]
    [InlineData("e3", ScalarKind.String)]
    [InlineData("1e", ScalarKind.String)]
    [InlineData("1.2.3", ScalarKind.String)]
    [InlineData("12:30", ScalarKind.String)]
    [InlineData("2024-01-01", ScalarKind.String)]
    [InlineData("7e5f2a1", ScalarKind.String)]
    public void Plain_scalars_are_read_by_the_core_schema(string text, ScalarKind expected) =>
        Assert.Equal(expected, Assert.IsType<ScalarNode>(Read("models.yaml", $"v: {text}\n")["v"]).Kind);

    [Theory]
    [InlineData("models.yaml", "a: 1\r\nwort: ü😀x\r\nlast: [1, \"ok\"]\r\n")]
    [InlineData("models.json", "{\"a\": 1,\r\n\"wort\": \"ü😀x\",\r\n\"last\": [1, \"ok\"]}\r\n")]
    public void Places_are_character_offsets(string path, string text)
    {
        var root = Read(path, text);

        Assert.Equal(["a", "wort", "last"], root.Entries.Select(entry => Slice(entry.KeySpan).Trim('"')));
        Assert.Equal("ü😀x", Slice(root["wort"]).Trim('"'));
        Assert.Equal("[1, \"ok\"]", Slice(root["last"]));
        Assert.Equal((2, 1), root.Entries[1].KeySpan.Start);
    }

    [Fact]
    public void A_block_mapping_ends_with_its_last_value()
    {
        var root = Read("models.yaml", "a:\n  b: 1\n  c: |\n    two\n\n# a comment\nd: 2\n");

        Assert.Equal("b: 1\n  c: |\n    two", Slice(root["a"]));
    }

    [Fact]
    public void An_alias_shares_the_anchored_content_and_knows_where_it_is_used()
    {
        var root = Read("models.yaml", "a: &x { b: [1] }\nc: *x\n");

        Assert.Equal("*x", Slice(root["c"]?.Via));
        Assert.Equal(root["a"]?.Span, root["c"]?.Span);
        Assert.Same(((MappingNode?)root["a"])?["b"], ((MappingNode?)root["c"])?["b"]);
    }

    [Fact]
    public void Explicit_keys_win_over_merged_ones_and_earlier_mappings_over_later()
    {
        var root = Read("models.yaml", "x: &x { a: x, b: x, c: x }\ny: &y { b: y, c: y, d: y }\nz:\n  <<: [*y, *x]\n  c: z\n");
        var merged = Assert.IsType<MappingNode>(root["z"]);

        Assert.Equal(
            ["a=x", "b=y", "c=z", "d=y"],
            merged.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={((ScalarNode)entry.Value).Text}"));
    }

    [Fact]
    public void A_quoted_merge_key_is_an_ordinary_key() =>
        Assert.Equal("1", (Read("models.yaml", "'<<': 1\n")["<<"] as ScalarNode)?.Text);

    [Theory]
    [InlineData('[', ']', "models.yaml")]
    [InlineData('[', ']', "models.json")]
    [InlineData('{', '}', "models.yaml")]
    public void Depth_is_limited_long_before_the_stack_is(char open, char close, string path)
    {
        var deep = new string(open, 200_000) + new string(close, 200_000);

        Assert.Equal("NG1013", Assert.Single(Diagnose(path, deep)).Code);
    }

    [Fact]
    public void Depth_through_aliases_is_limited_too()
    {
        var text = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i < 100; i++)
        {
            text.Append($"a{i}: &a{i} [*a{i - 1}]\n");
        }

        Assert.Equal("NG1013", Assert.Single(Diagnose("models.yaml", text.ToString())).Code);
    }

    [Fact]
    public void Sixty_three_levels_are_fine() =>
        Assert.Empty(Diagnose("models.yaml", "a: " + new string('[', 63) + new string(']', 63) + "\n"));

    [Fact]
    public void A_file_full_of_faults_reports_a_hundred()
    {
        var text = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i}: x\n"));

        Assert.Equal(TreeLimits.Problems, Diagnose("models.yaml", text).Count);
    }

    [Theory]
    [InlineData("-", "{\"version\": 1,}", "NG1004")]
    [InlineData("-", "{version: 1}", null)]
    [InlineData("-", "  {}", null)]
    [InlineData("x.yml", "{\"version\": 1,}", null)]
    [InlineData("x.JSON", "version: 1", "NG1004")]
    public void The_ending_decides_the_notation_and_then_the_first_brace(string path, string text, string? code) =>
        Assert.Equal(code, Diagnose(path, text).SingleOrDefault()?.Code);

    private static MappingNode Read(string path, string text)
    {
        var diagnostics = new DiagnosticBag();
        var root = TreeReader.Read(new SourceText(path, text), diagnostics);
        Assert.Empty(diagnostics.Items);
        return Assert.IsType<MappingNode>(root);
    }

    private static IReadOnlyList<Diagnostic> Diagnose(string path, string text)
    {
        var diagnostics = new DiagnosticBag();
        TreeReader.Read(new SourceText(path, text), diagnostics);
        return diagnostics.Items;
    }

    private static string Slice(Node? node) => Slice(node?.Span);

    private static string Slice(SourceSpan? span) =>
        span is null ? "" : span.Source.Text.Substring(span.Span.Start, span.Span.Length);
}
