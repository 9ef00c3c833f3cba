using NixGen.Sources.Url;
using Xunit;

namespace NixGen.Tests.Sources.Url;

public sealed class NetrcTests
{
    [Theory]
    [InlineData("machine example.com login ann password one", "ann:one")]
    [InlineData("machine example.com\n  login ann\n  password \"o\\\"ne\"\n", "ann:o\"ne")]
    [InlineData("machine other.example login bob password two\nmachine example.com password one login ann", "ann:one")]
    [InlineData("machine example.com login ann password one\nmachine example.com login eve password two", "ann:one")]
    [InlineData("# machine example.com login no password no\nmachine example.com login ann password one", "ann:one")]
    [InlineData("macdef init\nmachine example.com login no password no\n\nmachine example.com login ann password one", "ann:one")]
    [InlineData("default login any password one", "any:one")]
    [InlineData("default login any password one\nmachine example.com login ann password two", "any:one")]
    [InlineData("machine example.com login password password password", "password:password")]
    [InlineData("machine example.com login ann", null)]
    [InlineData("machine example.com.evil.example login ann password one", null)]
    [InlineData("machine machine login ann password one", null)]
    [InlineData("", null)]
    public void The_first_entry_of_a_host_counts(string text, string? expected) =>
        Assert.Equal(expected, Netrc.Find(text, "example.com") is var (login, password) ? $"{login}:{password}" : null);
}
