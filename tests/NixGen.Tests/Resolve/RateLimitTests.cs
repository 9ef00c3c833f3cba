using NixGen.Sources;
using Xunit;

namespace NixGen.Tests.Resolve;

public sealed class RateLimitTests
{
    [Theory]
    [InlineData("7", null, 7)]
    [InlineData("0", null, 0)]
    [InlineData(null, "\"api\";r=0;t=55", 55)]
    [InlineData(null, "\"api\"; r=0 ; t=55", 55)]
    [InlineData("3", "\"api\";r=0;t=55", 3)]
    [InlineData(null, "\"api\";r=12;t=55", null)]
    [InlineData(null, "\"api\";t=55", null)]
    [InlineData("Wed, 21 Oct 2026 07:28:00 GMT", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("99999999999999999999", null, null)]
    [InlineData(null, "garbage;;;r=;t=", null)]
    public void A_pause_is_read_from_either_header(string? retryAfter, string? rateLimit, int? seconds) =>
        Assert.Equal(seconds, (int?)RateLimit.Of(retryAfter, rateLimit)?.TotalSeconds);

    [Fact]
    public void URLs_are_shown_without_secrets() =>
        Assert.Equal("https://cdn.example/a%20b?…", PublicUrl.Of(new("https://user:pass@cdn.example/a b?X-Amz-Signature=secret#frag")));

    [Fact]
    public void A_secret_prints_as_asterisks() => Assert.Equal("***", new Secret("hf_x", "HF_TOKEN").ToString());
}
