using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NixGen.Nix.Expressions;
using NixGen.Nix.Printing;
using Xunit;

namespace NixGen.Tests.Nix.Printing;

public sealed class TreeTests
{
    [Fact]
    public void Nix_reads_every_tree_as_if_every_parenthesis_were_written() =>
        Check.One(NastyText.Draws.WithMaxTest(15), Prop.ForAll(RandomTrees.Many, static trees =>
        {
            // In one file, since Nix orders attributes by where it met their names first.
            var expected = string.Join('\n', trees.Select(ParenthesizedWriter.Write));
            var printed = NixPrinter.Print(new ListExpression([.. trees]));
            var read = RealNix.Parse($"{{ {string.Join(", ", RandomTrees.Variables)}, ... }}: [ [ {expected} ]\n{printed} ]");

            // Nix begins an indented string that begins with an interpolation with an empty one; the value is the same.
            var (first, second) = Halves(read.Replace("(\"\" + ", "(", StringComparison.Ordinal));
            Assert.True(string.Equals(first, second, StringComparison.Ordinal), $"{printed}\n--- is read as\n{second}\n--- and not as\n{first}");
        }));

    [Fact]
    public void No_printed_line_ends_in_a_space_or_is_blank_twice() =>
        Check.One(NastyText.Draws.WithMaxTest(200), Prop.ForAll(RandomTrees.Many, static trees =>
        {
            var printed = NixPrinter.Print(new ListExpression([.. trees.Where(static tree => !HoldsLines(tree))]));
            Assert.DoesNotContain(" \n", printed, StringComparison.Ordinal);
            Assert.DoesNotContain("\n\n\n", printed, StringComparison.Ordinal);
            Assert.EndsWith("]\n", printed, StringComparison.Ordinal);
        }));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(-long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Integers_of_64_bits_are_read_back(long value)
    {
        Assert.Equal(value, RealNix.Evaluate(value).GetInt64());
        Assert.Equal(value, RealNix.Evaluate(new ListExpression([value]))[0].GetInt64());
        Assert.Equal(value, RealNix.Evaluate(AttributeSet.Build().Add("a", value).ToSet()).GetProperty("a").GetInt64());
    }

    [Theory]
    [InlineData("./.", "./.")]
    [InlineData("lib", "./lib")]
    [InlineData("./lib/types.nix", "./lib/types.nix")]
    [InlineData("../../fetchers", "../../fetchers")]
    [InlineData("..", "../.")]
    public void Paths_are_written_as_Nix_reads_them(string path, string printed)
    {
        var text = NixPrinter.Print(path == "./." ? new PathLiteral(0) : PathLiteral.Parse(path));
        Assert.Equal(printed + "\n", text);
        Assert.StartsWith("/", RealNix.Parse(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a b")]
    [InlineData("${x}")]
    [InlineData("~/x")]
    [InlineData("")]
    [InlineData("a/")]
    public void Paths_that_no_literal_holds_are_refused(string path) => Assert.Throws<ArgumentException>(() => PathLiteral.Parse(path));

    [Fact]
    public void A_comment_stays_a_comment_whatever_it_says()
    {
        var hostile = string.Join('\n', "x */ builtins.abort \"x\" /*", "\r builtins.abort", "\u2028 1", "\u202E evil", "${builtins.abort 1}", "''", "");
        foreach (var style in Enum.GetValues<CommentStyle>())
        {
            var set = AttributeSet.Build().Comment(hostile, style).Add("a", 1).ToSet().Below(new(hostile, style)) with { BlankLine = true };
            Assert.Equal("""{"a":1}""", RealNix.Evaluate(set).GetRawText());
            var printed = NixPrinter.Print(set);
            Assert.DoesNotContain('\u202E', printed);
            Assert.DoesNotContain('\r', printed);
        }
    }

    [Fact]
    public void Printing_does_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "minus";
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal("-12345\n", NixPrinter.Print(-12345));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>The two elements of a list of lists as Nix writes it, <c>(… [ (first) (second) ])</c>, if they are the same; otherwise two halves that differ.</summary>
    private static (string First, string Second) Halves(string read)
    {
        var start = read.IndexOf(": [ (", StringComparison.Ordinal) + ": [ ".Length;
        var lists = read[start..read.LastIndexOf(" ])", StringComparison.Ordinal)];
        return (lists[..(lists.Length / 2)], lists[((lists.Length / 2) + 1)..]);
    }

    // Lines of strings may end in spaces: they are the value.
    private static bool HoldsLines(Expression tree) => NixPrinter.Print(tree).Contains("''", StringComparison.Ordinal);
}
