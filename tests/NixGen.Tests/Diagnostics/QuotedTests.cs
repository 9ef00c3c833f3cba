using NixGen.Diagnostics;
using Xunit;

namespace NixGen.Tests.Diagnostics;

public sealed class QuotedTests
{
    [Theory]
    [InlineData("plain", "`plain`")]
    [InlineData("a\nb\u202e", "`a\\u{a}b\\u{202e}`")]
    [InlineData("see hf_Abcdefgh12345678Ab here", "`see ********************* here`")]
    [InlineData("https://me:pw@example.com/x", "`https://*****@example.com/x`")]
    [InlineData("hf:org/model@main", "`hf:org/model@main`")]
    public void Text_in_messages_is_visible_and_holds_no_secret(string text, string quoted) =>
        Assert.Equal(quoted, Quoted.Text(text));

    [Fact]
    public void Text_in_messages_is_short() => Assert.Equal(81, Quoted.Bare(new string('x', 5_000)).Length);
}
