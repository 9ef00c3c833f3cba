using NixGen.Sources.Mock;
using Xunit;

namespace NixGen.Tests.Sources;

public sealed class MockSourceTests
{
    [Fact]
    public void A_mocks_files_and_revision_are_those_that_sha256sum_and_git_compute()
    {
        var request = Assert.IsType<MockRequest>(Declarations.Bind(
            "m: { source: { mock: { org: example, model: tiny, files: [{ path: b.txt, text: \"hello world\" }, { path: a/empty, text: \"\" }] } } }").Request);

        // printf 'hello world' | sha256sum; printf 'hello world' | git hash-object --stdin
        var locked = request.Files.Select(file => file.Lock()).ToArray();
        Assert.Equal(["a/empty", "b.txt"], locked.Select(file => file.Path));
        Assert.Equal("b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9", locked[1].Sha256.Hex);
        Assert.Equal("95d09f2b10159347eece71399a7e2e907ea3df4f", locked[1].Blob);
        Assert.Equal("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", locked[0].Blob);
        Assert.Equal((0, 11), (locked[0].Size, locked[1].Size));

        // { printf ''|sha256sum|sed s,-,a/empty,; printf 'hello world'|sha256sum|sed s,-,b.txt,; } | sha1sum
        Assert.Equal("d92666e5ef66692ebb2761fef8685bc7d245a772", request.Revision);
    }

    [Theory]
    [InlineData("files: [{ path: .GIT/x, text: a }]", "belongs to git")]
    [InlineData("files: [{ path: a, text: a }, { path: a/b, text: a }]", "can't both be files")]
    [InlineData("org: a--b, files: [{ path: a, text: a }]", "'org'")]
    [InlineData("files: []", "")]
    public void A_mock_that_can_not_be_is_refused(string fields, string words)
    {
        var (request, diagnostics) = Declarations.Bind($"m: {{ source: {{ mock: {{ {fields} }} }} }}");
        Assert.Null(request);
        Assert.Contains(diagnostics, item => item.Message.Contains(words, StringComparison.Ordinal));
    }
}
