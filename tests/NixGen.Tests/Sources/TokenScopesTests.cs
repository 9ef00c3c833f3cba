using System.Text;
using NixGen.Sources.HuggingFace;
using Xunit;

namespace NixGen.Tests.Sources;

/// <summary>Answers of <c>whoami-v2</c> that the loopback Hub doesn't give: what isn't understood gives no right.</summary>
public sealed class TokenScopesTests
{
    [Theory]
    [InlineData("""{ "role": "fineGrained" }""")]
    [InlineData("""{ "role": "fineGrained", "fineGrained": null }""")]
    [InlineData("""{ "role": "fineGrained", "fineGrained": { "canReadGatedRepos": "true", "global": "repo.content.read", "scoped": {} } }""")]
    [InlineData("""{ "role": "fineGrained", "fineGrained": { "global": [1, null, "", "repo.content.read\n"], "scoped": [1, null, {}, { "entity": [], "permissions": ["repo.content.read"] }] } }""")]
    [InlineData("""{ "role": "fineGrained", "fineGrained": { "scoped": [{ "entity": { "type": "user", "name": "own" }, "permissions": ["repo.content.read"] }] } }""")]
    [InlineData("""{ "role": "fineGrained", "fineGrained": { "scoped": [{ "entity": { "type": "dataset", "name": "owner/model" }, "permissions": ["repo.content.read"] }] } }""")]
    [InlineData("""{ "role": "fineGrained", "fineGrained": { "scoped": [{ "entity": { "type": "collection", "name": "owner" }, "permissions": ["repo.content.read"] }] } }""")]
    [InlineData("""{ "role": "fineGrained", "fineGrained": { "scoped": [{ "entity": { "type": "resource-group", "name": "owner" }, "permissions": ["repo.content.read"] }] } }""")]
    [InlineData("""{ "role": "contributor" }""")]
    public void What_is_not_understood_gives_no_right(string token)
    {
        var scopes = Parse(token);
        Assert.False(scopes.Grants("read", RepositoryType.Model, "owner/model"));
        Assert.False(scopes.Grants("gated", RepositoryType.Model, "owner/model"));
        Assert.DoesNotContain(scopes.InWords(), char.IsControl);
    }

    [Theory]
    [InlineData("""{ "name": "Owner" }""", true)]
    [InlineData("""{ "name": "owner/Model" }""", true)]
    [InlineData("""{ "name": "model" }""", false)]
    [InlineData("""{ "type": "model", "name": "owner" }""", false)]
    [InlineData("""{ "type": "org", "name": "owner/model" }""", false)]
    public void A_place_is_an_owner_or_a_repository(string entity, bool covers)
    {
        var scopes = Parse($$"""{ "role": "fineGrained", "fineGrained": { "scoped": [{ "entity": {{entity}}, "permissions": ["repo.content.read"] }] } }""");
        Assert.Equal(covers, scopes.Grants("read", RepositoryType.Model, "owner/model"));
    }

    [Fact]
    public void A_role_that_is_new_to_nixgen_is_itself_and_counts_as_too_much()
    {
        var scopes = Parse("""{ "role": "contributor" }""");
        Assert.True(scopes.Grants("contributor", RepositoryType.Model, "owner/model"));
        Assert.Equal("contributor", Assert.Single(scopes.ExcessOver([])));
    }

    [Fact]
    public void Long_lists_are_cut_and_so_are_the_words_for_them()
    {
        var names = string.Join(", ", Enumerable.Range(0, 5000).Select(i => $"\"a{i}.read\""));
        var scopes = Parse($$"""{ "role": "fineGrained", "fineGrained": { "global": [{{names}}] } }""");
        Assert.Equal(1000, scopes.Everywhere.Length);
        Assert.Contains("and 992 more", scopes.InWords(), StringComparison.Ordinal);
    }

    private static TokenScopes Parse(string token)
    {
        var (scopes, problem) = TokenScopes.Parse(Encoding.UTF8.GetBytes($$"""{ "auth": { "accessToken": {{token}} } }"""));
        Assert.Null(problem);
        return scopes ?? throw new InvalidOperationException("Neither scopes nor a problem.");
    }
}
