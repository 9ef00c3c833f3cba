using NixGen.Sources.Oci;
using Xunit;

namespace NixGen.Tests.Sources;

public sealed class OciSpecTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("ghcr.io/org/model:v1", "https://ghcr.io org/model v1 ghcr.io/org/model:v1")]
    [InlineData("ghcr.io/org/model", "https://ghcr.io org/model latest ghcr.io/org/model:latest")]
    [InlineData("ghcr.io/org/a/b_c/d--e@" + Digest, "https://ghcr.io org/a/b_c/d--e " + Digest + " ghcr.io/org/a/b_c/d--e@" + Digest)]
    [InlineData("ghcr.io/org/model:v1@" + Digest, "https://ghcr.io org/model " + Digest + " ghcr.io/org/model@" + Digest)]
    [InlineData("registry.example.com:8443/model:v1", "https://registry.example.com:8443 model v1 registry.example.com:8443/model:v1")]
    [InlineData("localhost:5000/model:v1", "http://localhost:5000 model v1 localhost:5000/model:v1")]
    [InlineData("127.0.0.1:5000/org/model:v1", "http://127.0.0.1:5000 org/model v1 127.0.0.1:5000/org/model:v1")]
    [InlineData("ai/smollm2:360M-Q4_K_M", "https://registry-1.docker.io ai/smollm2 360M-Q4_K_M docker.io/ai/smollm2:360M-Q4_K_M")]
    [InlineData("docker.io/ai/smollm2", "https://registry-1.docker.io ai/smollm2 latest docker.io/ai/smollm2:latest")]
    [InlineData("index.docker.io/model", "https://registry-1.docker.io library/model latest docker.io/library/model:latest")]
    public void A_reference_is_understood(string reference, string expected)
    {
        foreach (var model in new[] { $"m: \"oci://{reference}\"", $"m: {{ source: {{ oci: {{ image: \"{reference}\" }} }} }}" })
        {
            var (request, diagnostics) = Declarations.Bind(model);
            Assert.Empty(diagnostics);
            var image = Assert.IsType<OciRequest>(request).Image;
            Assert.Equal(expected, $"{image.Endpoint.BaseUrl} {image.Repository} {image.Reference} {image.Text}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ghcr.io/")]
    [InlineData("ghcr.io/Org/Model")]
    [InlineData("ghcr.io/org/../model")]
    [InlineData("ghcr.io/org//model")]
    [InlineData("ghcr.io/org/model:")]
    [InlineData("ghcr.io/org/model:a/b")]
    [InlineData("ghcr.io/org/model@sha256:12")]
    [InlineData("ghcr.io/org/model@sha512:12")]
    [InlineData("ghcr.io/org/model?x=y")]
    public void What_is_none_is_refused(string reference)
    {
        var (request, diagnostics) = Declarations.Bind($"m: \"oci://{reference}\"");
        Assert.Null(request);
        Assert.Equal("NG3012", Assert.Single(diagnostics).Code);
        Assert.Equal("NG3010", Assert.Single(Declarations.BindLong("oci", ("image", reference)).Diagnostics).Code);
    }

    [Fact]
    public void Patterns_are_part_of_the_request()
    {
        var one = Declarations.Bind("m: { source: { oci: { image: \"ghcr.io/org/model\", files: [b, a, a] } } }").Request?.Canonical;
        var same = Declarations.Bind("m: { source: { oci: { image: \"ghcr.io/org/model:latest\", files: [a, b] } } }").Request?.Canonical;
        var other = Declarations.Bind("m: { source: { oci: { image: \"ghcr.io/org/model\", exclude: [a, b] } } }").Request?.Canonical;
        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
    }
}
