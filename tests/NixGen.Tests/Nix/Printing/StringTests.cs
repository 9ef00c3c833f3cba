using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using NixGen.Nix.Expressions;
using NixGen.Nix.Printing;
using Xunit;

namespace NixGen.Tests.Nix.Printing;

public sealed class StringTests
{
    [Fact]
    public void Nix_reads_any_string_back_as_it_was() =>
        Check.One(NastyText.Draws, Prop.ForAll(NastyText.Many, static texts => AreReadBack(texts, static text => new StringLiteral(text))));

    [Fact]
    public void Nix_reads_any_indented_string_back_as_it_was() =>
        Check.One(NastyText.Draws, Prop.ForAll(NastyText.Many, static texts => AreReadBack(texts, static text => new IndentedString(text))));

    [Fact]
    public void Nix_reads_any_indented_string_back_wherever_it_stands() =>
        Check.One(NastyText.Draws, Prop.ForAll(NastyText.Many, static texts => AreReadBack(texts, Nested)));

    [Fact]
    public void Nix_reads_strings_with_interpolations_back_as_they_were() =>
        Check.One(NastyText.Draws, Prop.ForAll(NastyText.Many, static texts => AreReadBack(texts, static text => new InterpolatedString(Parts(text)))));

    [Fact]
    public void Nix_reads_indented_strings_with_interpolations_back_as_they_were() =>
        Check.One(NastyText.Draws, Prop.ForAll(NastyText.Many, static texts => AreReadBack(texts, static text => new IndentedString(Parts(text)))));

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("say \"hi\"", "\"say \\\"hi\\\"\"")]
    [InlineData("C:\\x", "\"C:\\\\x\"")]
    [InlineData("${x}", "\"\\${x}\"")]
    [InlineData("$${x}", "\"$\\${x}\"")]
    [InlineData("costs 5$", "\"costs 5$\"")]
    [InlineData("$HOME", "\"$HOME\"")]
    [InlineData("a\tb\r\nc", "\"a\\tb\\r\\nc\"")]
    [InlineData("\u0001", "\"\u0001\"")]
    public void Only_what_must_be_escaped_is(string text, string printed) => Assert.Equal(printed + "\n", NixPrinter.Print(text));

    [Theory]
    [InlineData("a\n${b}\n", "''\n  a\n  ''${b}\n''\n")]
    [InlineData("it's ''x''\n", "''\n  it's '''x'''\n''\n")]
    [InlineData("a\n\nb", "''\n  a\n\n  b''\n")]
    [InlineData("one line", "''one line''\n")]
    [InlineData("ends with '", "''ends with ''\\'''\n")]
    [InlineData("\ttab\n", "''\n  \ttab\n''\n")]
    [InlineData("  all\n  indented\n", "\"  all\\n  indented\\n\"\n")]
    [InlineData("spaces last\n  ", "\"spaces last\\n  \"\n")]
    [InlineData("", "\"\"\n")]
    public void Indented_strings_fall_back_to_quotes_only_where_they_would_lie(string text, string printed) =>
        Assert.Equal(printed, NixPrinter.Print(new IndentedString(text)));

    [Fact]
    public void Text_that_no_Nix_string_holds_is_refused()
    {
        // Half surrogates can't be arguments of a theory: attributes are UTF-8.
        string[] texts = ["a\0b", "\uD83D", "x\uDE00y", "\uDE00\uD83D"];
        Assert.All(texts, static text =>
        {
            Assert.Throws<ArgumentException>(() => new StringLiteral(text));
            Assert.Throws<ArgumentException>(() => new IndentedString(text));
            Assert.Throws<ArgumentException>(() => (AttributeName)text);
        });
    }

    [Fact]
    public void A_dollar_before_an_interpolation_does_not_disarm_it()
    {
        var five = new StringLiteral("5");
        var values = RealNix.Evaluate(new ListExpression([
            new InterpolatedString("$", five),
            new InterpolatedString("$", "$", five, "$", "{x}"),
            new IndentedString("$", five),
            new IndentedString("'", "'", five, "'"),
            new IndentedString("''", five, "\n", five, "\n  x\n"),
        ]));
        Assert.Equal(["$5", "$$5${x}", "$5", "''5'", "''5\n5\n  x\n"], values.EnumerateArray().Select(static value => value.GetString()));
    }

    private static void AreReadBack(string[] texts, Func<string, Expression> write)
    {
        var values = RealNix.Evaluate(new ListExpression([.. texts.Select(write)]));
        Assert.Equal(texts, values.EnumerateArray().Select(static value => value.GetString()));
    }

    // Deep in sets and lets the lines are moved far to the right.
    private static Expression Nested(string text) =>
        new LetExpression(
            [new AttributeBinding("x", AttributeSet.Build().Add(AttributePath.Of("a", "b"), AttributeSet.Build().Add("c", new IndentedString(text)).ToSet()).ToSet())],
            new Identifier("x").Select(AttributePath.Of("a", "b", "c")));

    // Cuts text into thirds, the middle one interpolated.
    private static ImmutableArray<StringPart> Parts(string text)
    {
        var (first, second) = (Boundary(text, text.Length / 3), Boundary(text, text.Length * 2 / 3));
        return [text[..first], new StringLiteral(text[first..second]), text[second..]];
    }

    private static int Boundary(string text, int index) => index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) ? index - 1 : index;
}
