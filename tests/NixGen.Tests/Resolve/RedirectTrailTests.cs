using NixGen.Resolve;
using NixGen.Sources;
using Xunit;

namespace NixGen.Tests.Resolve;

public sealed class RedirectTrailTests
{
    private static readonly Secret Token = new("hf_secret", "a test");

    [Theory]
    [InlineData("/other", "https://hub.example/other")]
    [InlineData("other?x=1", "https://hub.example/a/other?x=1")]
    [InlineData("https://HUB.example/other", "https://hub.example/other")]
    [InlineData("https://hub.example:443/other", "https://hub.example/other")]
    public void The_token_goes_on_within_the_server(string location, string url)
    {
        var trail = Begin(mayLeave: false);
        trail.Follow(new(location, UriKind.RelativeOrAbsolute));
        Assert.Equal(url, trail.Url.AbsoluteUri);
        Assert.Same(Token, trail.Token);
    }

    [Theory]
    [InlineData("https://cdn.example/x")]
    [InlineData("//cdn.example/x")]
    [InlineData("https://hub.example:8443/x")]
    public void The_token_stays_behind_for_good_where_another_server_is_asked(string location)
    {
        var trail = Begin(mayLeave: true);
        trail.Follow(new(location, UriKind.RelativeOrAbsolute));
        Assert.Null(trail.Token);
        trail.Follow(new("https://hub.example/back"));
        Assert.Null(trail.Token);
        Assert.Throws<UpstreamException>(() => Begin(mayLeave: false).Follow(new(location, UriKind.RelativeOrAbsolute)));
    }

    [Theory]
    [InlineData("http://hub.example/x")]
    [InlineData("http://cdn.example/x")]
    [InlineData("http://127.0.0.1/x")]
    [InlineData("https://user:pass@cdn.example/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://hub.example/a/b")]
    public void Unprotected_strange_and_circular_redirects_are_refused(string location)
    {
        var refusal = Assert.Throws<UpstreamException>(() => Begin(mayLeave: true).Follow(new(location)));
        Assert.Equal(UpstreamFailure.Redirect, refusal.Failure);
        Assert.DoesNotContain("pass", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_redirect_to_what_is_no_URL_is_refused()
    {
        var refusal = Assert.Throws<UpstreamException>(() => Begin(mayLeave: true).Follow(new("//[", UriKind.RelativeOrAbsolute)));
        Assert.Equal(UpstreamFailure.Redirect, refusal.Failure);
    }

    [Fact]
    public void Ten_redirects_are_enough()
    {
        var trail = Begin(mayLeave: true);
        for (var i = 0; i < 10; i++)
        {
            trail.Follow(new($"/{i}", UriKind.Relative));
        }

        Assert.Throws<UpstreamException>(() => trail.Follow(new("/11", UriKind.Relative)));
        Assert.Throws<UpstreamException>(() => trail.Follow(null));
    }

    private static RedirectTrail Begin(bool mayLeave) => new(new(new("https://hub.example/a/b"), Token), mayLeave);
}
