using NixGen.Nix.Expressions;
using NixGen.Nix.Printing;
using Xunit;

namespace NixGen.Tests.Nix.Printing;

public sealed class VerbatimTests
{
    public static TheoryData<string> Movable { get; } =
    [
        "1",
        "# a comment\n{ a = ''\n  b\n\n    c\n  \n  d\n''; }",
        "let\n  foldl' = x: x;\nin\nfoldl' ''\n\ttab\n  spaces\n''",
        "''\n  a ${\n    \"b\"\n  } c ''${d} '''e''' ''\\n $${f} 'g\n''",
        "{\n  /*\n    comment ''\n  */\n  a = \"# no comment ''\"; # \"comment\n  b = [ \"}\" ];\n}",
        "''one line'' + \"a${\n  \"b\"\n}\"",
        "''   \n  a\n  ''",
    ];

    [Theory]
    [MemberData(nameof(Movable))]
    public void Moved_text_means_the_same(string text)
    {
        var expected = RealNix.Evaluate(new VerbatimExpression(text)).GetRawText();
        Expression nested = new VerbatimExpression(text);
        for (var depth = 0; depth < 5; depth++)
        {
            nested = AttributeSet.Build().Add("a", new ListExpression([nested])).Add("b", depth).ToSet();
        }

        var found = RealNix.Evaluate(nested);
        for (var depth = 0; depth < 5; depth++)
        {
            found = found.GetProperty("a")[0];
        }

        Assert.Equal(expected, found.GetRawText());
        Assert.DoesNotContain(NixPrinter.Print(nested).Split('\n'), static line => line.Length > 0 && line.Trim(' ').Length == 0 && line.Length < 10);
    }

    [Theory]
    [InlineData("\"a\nb\"", "several lines")]
    [InlineData("\"a\\\nb\"", "several lines")]
    [InlineData("''a\n  b''", "begins on its first")]
    [InlineData("''\n  a ''\\\n  b''", "escaped line end")]
    [InlineData("{ a = 1;", "'{' isn't closed")]
    [InlineData("[ 1 }", "closes nothing")]
    [InlineData("1)", "closes nothing")]
    [InlineData("\"a", "isn't closed")]
    [InlineData("''a", "isn't closed")]
    [InlineData("''\na", "isn't closed")]
    [InlineData("/* a", "isn't closed")]
    [InlineData("1 # a", "ends in a comment")]
    [InlineData("a\r\nb", "carriage return")]
    [InlineData("a\0b", "NUL")]
    [InlineData(" \n", "empty")]
    public void Text_that_would_change_is_refused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new VerbatimExpression(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_fault_s_line_is_named() =>
        Assert.Contains("line 3:", Assert.Throws<ArgumentException>(() => new VerbatimExpression("{\n  a = 1;\n  b = \"\n\";\n}")).Message, StringComparison.Ordinal);
}
