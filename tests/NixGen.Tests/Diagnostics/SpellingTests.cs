using NixGen.Diagnostics;
using Xunit;

namespace NixGen.Tests.Diagnostics;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    public void Distance_counts_edits_and_swaps(string left, string right, int distance)
    {
        Assert.Equal(distance, Spelling.Distance(left, right));
        Assert.Equal(distance, Spelling.Distance(right, left));
    }

    [Theory]
    [InlineData("modles", "models")]
    [InlineData("MODELS", "models")]
    [InlineData("groups", null)]
    [InlineData("zebra", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_found_where_one_is_near(string word, string? expected) =>
        Assert.Equal(expected, Spelling.Nearest(word, ["models", "groups", "profiles"]));

    [Fact]
    public void Ties_go_to_the_ordinally_first() => Assert.Equal("aax", Spelling.Nearest("aa", ["aay", "aax"]));
}
