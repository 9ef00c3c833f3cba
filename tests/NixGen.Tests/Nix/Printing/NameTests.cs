using FsCheck;
using FsCheck.Fluent;
using NixGen.Nix.Expressions;
using NixGen.Nix.Printing;
using Xunit;

namespace NixGen.Tests.Nix.Printing;

public sealed class NameTests
{
    public static TheoryData<string> Keywords { get; } = [.. "assert else if in inherit let or rec then with".Split(' ')];

    [Fact]
    public void Nix_reads_any_attribute_name_back_as_it_was() => Check.One(NastyText.Draws, Prop.ForAll(NastyText.Many, static texts =>
    {
        var names = texts.Distinct(StringComparer.Ordinal).ToArray();
        var set = AttributeSet.Build();
        foreach (var name in names)
        {
            set.Add(AttributePath.Of("names", name), name);
        }

        var read = RealNix.Evaluate(set.ToSet()).TryGetProperty("names", out var found) ? found.EnumerateObject().ToArray() : [];
        Assert.Equal(names.Order(StringComparer.Ordinal), read.Select(static property => property.Name).Order(StringComparer.Ordinal));
        Assert.All(read, static property => Assert.Equal(property.Name, property.Value.GetString()));
    }));

    [Theory]
    [MemberData(nameof(Keywords))]
    public void Keyword_attribute_names_are_quoted(string keyword)
    {
        var set = AttributeSet.Build().Add(keyword, 1).ToSet();
        Assert.Equal($"{{ \"{keyword}\" = 1; }}\n", NixPrinter.Print(set));
        Assert.Equal(1, RealNix.Evaluate(set.Select(keyword)).GetInt64());
        Assert.Throws<ArgumentException>(() => new Identifier(keyword));
        Assert.Throws<ArgumentException>(() => new IdentifierPattern(keyword));
        Assert.Throws<ArgumentException>(() => new FormalParameter(keyword));
        Assert.Throws<ArgumentException>(() => new InheritBinding([keyword]));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("_", true)]
    [InlineData("phi-2", true)]
    [InlineData("foldl'", true)]
    [InlineData("inherits", true)]
    [InlineData("", false)]
    [InlineData("2a", false)]
    [InlineData("-a", false)]
    [InlineData("'a", false)]
    [InlineData("a.b", false)]
    [InlineData("a b", false)]
    [InlineData("é", false)]
    [InlineData("ａ", false)]
    public void Names_are_quoted_unless_they_are_identifiers(string name, bool plain)
    {
        Assert.Equal(plain, NixIdentifier.IsIdentifier(name));
        Assert.Equal(plain ? $"{{ {name} = true; }}\n" : $"{{ \"{name}\" = true; }}\n", NixPrinter.Print(AttributeSet.Build().Add(name, true).ToSet()));
        Assert.True(RealNix.Evaluate(AttributeSet.Build().Add(name, true).ToSet()).GetProperty(name).GetBoolean());
    }

    [Fact]
    public void A_name_with_a_dot_is_one_name() =>
        Assert.Equal("x", RealNix.Evaluate(AttributeSet.Build().Add("llama.cpp", "x").ToSet().Select("llama.cpp")).GetString());

    [Fact]
    public void A_name_can_be_what_evaluation_gives() => Assert.Equal(
        "x",
        RealNix.Evaluate(new Identifier("builtins").Select("listToAttrs").Call(ListExpression.Empty).Select(AttributePath.Of("a", new StringLiteral("b")), "x")).GetString());

    [Fact]
    public void Names_that_are_bound_twice_are_refused()
    {
        Assert.Throws<ArgumentException>(() => AttributeSet.Build().Add("a", 1).Add("a", 2).ToSet());
        Assert.Throws<ArgumentException>(() => AttributeSet.Build().Add("a", 1).Inherit("a").ToSet());
        Assert.Throws<ArgumentException>(() => AttributeSet.Build().Add("a", 1).Add(AttributePath.Of("a", "b"), 2).ToSet());
        Assert.Throws<ArgumentException>(() => AttributeSet.Build().Add(AttributePath.Of("a", "b"), 2).Add("a", 1).ToSet());
        Assert.Throws<ArgumentException>(() => AttributeSet.Build().Add(AttributePath.Of("a", "b"), 2).Add(AttributePath.Of("a", "b"), 1).ToSet());
        Assert.Throws<ArgumentException>(() => AttributeSet.Build().Add("a", 1).ToLet(true) is LetExpression let ? new LetExpression([.. let.Bindings, .. let.Bindings], true) : null);
        Assert.Throws<ArgumentException>(() => FunctionExpression.OfSet(["a", "a"], 1));
        Assert.Throws<ArgumentException>(() => new SetPattern([new("a")], alias: "a"));
    }

    [Fact]
    public void Many_names_that_are_bound_twice_are_refused()
    {
        var set = AttributeSet.Build();
        for (var index = 0; index < 100; index++)
        {
            set.Add($"name{index}", index);
        }

        Assert.Equal(100, set.ToSet().Bindings.Length);
        Assert.Throws<ArgumentException>(() => set.Add("name7", 1).ToSet());
    }

    [Fact]
    public void Paths_that_share_their_beginning_are_one_set() => Assert.Equal(
        """{"a":{"b":1,"c":2}}""",
        RealNix.Evaluate(AttributeSet.Build().Add(AttributePath.Of("a", "b"), 1).Add(AttributePath.Of("a", "c"), 2).ToSet()).GetRawText());
}
