using NixGen.Diagnostics;
using NixGen.Diagnostics.Rendering;
using Xunit;

namespace NixGen.Tests.Diagnostics;

public sealed class TextRenderingTests
{
    [Fact]
    public void A_caret_stands_under_the_word()
    {
        Assert.Equal(
            """
            error[NG1999]: something is wrong
             --> models.yaml:2:6
              |
            2 |   a: wrong # here
              |      ^^^^^
              = help: put it right

            """,
            Text(Samples.At("models:\n  a: wrong # here\n", "wrong")));
    }

    [Theory]
    [InlineData("\tkey: wrong", "    key: wrong", 9, 5)]
    [InlineData("a\tkey: wrong", "a   key: wrong", 9, 5)]
    [InlineData("日本: wrong", "日本: wrong", 6, 5)]
    [InlineData("größe-😀: wrong", "größe-😀: wrong", 10, 5)]
    [InlineData("e\u0301: wrong", "e\u0301: wrong", 3, 5)]
    [InlineData("\u202e: wrong", "\\u{202e}: wrong", 10, 5)]
    [InlineData("\u001b[31m: wrong", "\\u{1b}[31m: wrong", 12, 5)]
    public void Carets_count_the_cells_of_a_terminal(string line, string shown, int before, int width)
    {
        var lines = Text(Samples.At(line, "wrong")).Split('\n');

        Assert.Equal("1 | " + shown, lines[3]);
        Assert.Equal("  | " + new string(' ', before) + new string('^', width), lines[4]);
    }

    [Fact]
    public void A_long_line_is_cut_around_the_caret()
    {
        var lines = Text(Samples.At(new string('a', 5_000) + "wrong" + new string('b', 5_000), "wrong")).Split('\n');

        Assert.InRange(lines[3].Length, 50, 120);
        Assert.Equal("wrong", lines[3].Substring(lines[4].IndexOf('^', StringComparison.Ordinal), 5));
        Assert.StartsWith("1 | …", lines[3], StringComparison.Ordinal);
        Assert.EndsWith("…", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_of_several_lines_shows_its_first()
    {
        var lines = Text(Samples.At("a: one\ntwo\n", "one\ntwo")).Split('\n');

        Assert.Equal("1 | a: one", lines[3]);
        Assert.Equal("  |    ^^^", lines[4]);
    }

    [Fact]
    public void A_place_behind_the_end_gets_one_caret()
    {
        var source = new SourceText("models.yaml", "a: \n");
        var lines = Text(Samples.At("x", "x") with { Location = source.At(new(4, 0)) }).Split('\n');

        Assert.Equal(" --> models.yaml:2:1", lines[1]);
        Assert.Equal("  | ^", lines[4]);
    }

    [Fact]
    public void Secrets_are_asterisks_of_the_same_width()
    {
        var diagnostic = Samples.At("token: abc wrong", "wrong");
        diagnostic.Location?.Source.Conceal(new(7, 3));

        Assert.Equal("1 | token: *** wrong", Text(diagnostic).Split('\n')[3]);
    }

    [Fact]
    public void A_text_with_thousands_of_secrets_is_hidden_whole()
    {
        var source = new SourceText("models.yaml", new string('x', 5_000) + "\nlast");
        for (var i = 0; i < 1_500; i++)
        {
            source.Conceal(new(i, 1));
        }

        Assert.Equal("****", source.ShownLine(2));
    }

    [Fact]
    public void Nothing_that_a_terminal_acts_on_is_written()
    {
        const string hostile = "x\u001b]0;pwned\u0007\u009b31m\u202e\u2066\r\u200f\ufeff";
        var text = Text(new Diagnostic
        {
            Descriptor = Samples.Error,
            Message = hostile,
            Location = new SourceText(hostile, hostile).At(new(0, 1)),
            Expected = hostile,
            Actual = hostile,
            Help = hostile + "\nsecond line",
            Related = [new(new SourceText("b", hostile).At(new(0, 1)), hostile)],
        });

        Assert.DoesNotContain(text, character => character != '\n' && !VisibleText.IsVisible(new(character)));
        Assert.Contains("second line", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_there_only_where_they_are_asked_for()
    {
        var diagnostic = Samples.At("a: wrong", "wrong");

        Assert.DoesNotContain("\u001b", Samples.Render(DiagnosticFormat.Text, colour: false, diagnostic), StringComparison.Ordinal);
        var coloured = Samples.Render(DiagnosticFormat.Text, colour: true, diagnostic);
        Assert.StartsWith("\u001b[1;31merror[NG1999]\u001b[0m", coloured, StringComparison.Ordinal);
        Assert.Equal(
            coloured.Split("\u001b[0m").Length - 1,
            System.Text.RegularExpressions.Regex.Count(coloured, "\u001b\\[1(;3[0-9])?m"));
    }

    [Fact]
    public void Diagnostics_are_ordered_by_file_place_and_code_and_stand_once()
    {
        var late = Samples.At("one two", "two", "b.yaml");
        var early = Samples.At("one two", "one", "b.yaml");
        var other = Samples.At("one two", "two", "a.yaml", Samples.Warning);
        var nowhere = late with { Location = null, Message = "nowhere" };

        var sorted = DiagnosticOrder.Sort([late, early, late with { Help = "again" }, other, nowhere]);

        Assert.Equal<Diagnostic>([nowhere, other, early, late], [.. sorted]);
    }

    private static string Text(Diagnostic diagnostic) => Samples.Render(DiagnosticFormat.Text, colour: false, diagnostic);
}
