using NixGen.Lock;
using Xunit;

namespace NixGen.Tests.Lock;

public sealed class LockedPathTests
{
    [Theory]
    [InlineData("config.json")]
    [InlineData("a/b/c d/#%+?*[x].txt")]
    [InlineData(".gitignore")]
    [InlineData("x.git/y")]
    [InlineData("...")]
    [InlineData("模型/🙂.bin")]
    [InlineData("~")]
    [InlineData("aC:x")]
    public void Good_paths_are_good(string path) => Assert.Null(LockedPath.Problem(path));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("/a", "is absolute")]
    [InlineData("//server/share", "is absolute")]
    [InlineData("C:/a", "drive letter")]
    [InlineData("c:a", "drive letter")]
    [InlineData("\\\\server\\share", "backslash")]
    [InlineData("a//b", "empty segment")]
    [InlineData("a/", "empty segment")]
    [InlineData(".", "'.'")]
    [InlineData("a/./b", "'.'")]
    [InlineData("../a", "'..'")]
    [InlineData("a/..", "'..'")]
    [InlineData(".git/config", "belongs to git")]
    [InlineData("a/.GiT", "belongs to git")]
    [InlineData("a\0b", "U+0000")]
    [InlineData("a\nb", "U+000A")]
    [InlineData("a\u0085b", "U+0085")]
    [InlineData("a\u007f", "U+007F")]
    public void Each_bad_path_says_why(string path, string words) => Assert.Contains(words, LockedPath.Problem(path), StringComparison.Ordinal);

    [Fact]
    public void Lengths_are_counted_in_bytes()
    {
        var longest = new string('é', 127) + "x";
        Assert.Null(LockedPath.Problem(longest));
        Assert.Contains("255", LockedPath.Problem(longest + "x"), StringComparison.Ordinal);
        var deep = string.Join('/', Enumerable.Repeat(new string('a', 204), 5));
        Assert.Null(LockedPath.Problem(deep));
        Assert.Contains("1024", LockedPath.Problem(deep + "a"), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Contains("surrogate", LockedPath.Problem("a" + '\udc00'), StringComparison.Ordinal);

    [Fact]
    public void Clashes_are_found_whatever_the_order()
    {
        Assert.Empty(PathClash.Find(["a", "ab", "a.b", "b/a", "b/c"]));
        Assert.Equal(new PathClash("a/b/c", "a", PathClashKind.FileIsFolder), Assert.Single(PathClash.Find(["a/b/c", "a", "a.txt"])));
        Assert.Equal(new PathClash("x/y", "x/y", PathClashKind.Same), Assert.Single(PathClash.Find(["x/y", "z", "x/y"])));
        Assert.Equal(new PathClash("readme", "README", PathClashKind.CaseOnly), Assert.Single(PathClash.Find(["README", "readme"])));
    }
}
