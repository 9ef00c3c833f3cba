using NixGen.Sources.Gcs;
using Xunit;

namespace NixGen.Tests.Sources;

/// <summary>What a short spec of Cloud Storage means.</summary>
public sealed class GcsSpecTests
{
    [Theory]
    [InlineData("gs://models", "models", "", null)]
    [InlineData("gs://models/", "models", "", null)]
    [InlineData("GS://models/llama/v1", "models", "llama/v1", null)]
    [InlineData("gs://models/llama/v1//", "models", "llama/v1", null)]
    [InlineData("gs://my_models.example.com/a b/50%2F+#x", "my_models.example.com", "a b/50%2F+#x", null)]
    [InlineData("gs://models/model.gguf#1709294400000000", "models", "model.gguf", "1709294400000000")]
    [InlineData("gs://models/a#1#01", "models", "a#1#01", null)]
    public void It_names_bucket_prefix_and_generation(string text, string bucket, string prefix, string? generation)
    {
        var (bound, diagnostics) = Declarations.Bind($"m: '{text}'");
        Assert.Empty(diagnostics);
        var request = Assert.IsType<GcsRequest>(bound);
        Assert.Equal((bucket, prefix, generation), (request.Bucket, request.Prefix, request.Generation));
    }

    [Theory]
    [InlineData("gs://", "names the bucket ''")]
    [InlineData("gs://ab/x", "is not 3 to 222 characters long")]
    [InlineData("gs://Models/x", "lower-case letters")]
    [InlineData("gs://-models/x", "begin and end")]
    [InlineData("gs://models//x", "begins with a slash")]
    [InlineData("gs://models/..", "no object has")]
    [InlineData("gs://models/#12", "a generation and no object")]
    public void What_is_none_is_refused(string text, string problem)
    {
        var (bound, diagnostics) = Declarations.Bind($"m: '{text}'");
        Assert.Null(bound);
        var error = Assert.Single(diagnostics);
        Assert.Equal("NG3012", error.Code);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ bucket: models, prefix: a, generation: 17 }", null)]
    [InlineData("{ bucket: models, prefix: a, generation: '17' }", null)]
    [InlineData("{ bucket: models, generation: 17 }", "NG3360")]
    [InlineData("{ bucket: models, prefix: a, generation: 17, files: ['*'] }", "NG3360")]
    [InlineData("{ bucket: models, endpoint: 'http://storage.example.com' }", "NG3010")]
    [InlineData("{ bucket: models, prefix: .. }", "NG3010")]
    public void The_long_form_is_held_to_its_meaning(string fields, string? code)
    {
        var (bound, diagnostics) = Declarations.Bind($"m: {{ source: {{ gcs: {fields} }} }}");
        Assert.Equal(code, diagnostics.SingleOrDefault()?.Code);
        Assert.Equal(code is null, bound is not null);
    }

    [Fact]
    public void Spellings_that_mean_the_same_are_one_request()
    {
        var (first, _) = Declarations.Bind("m: gs://models/a/");
        var (second, _) = Declarations.Bind("m: { source: { gcs: { bucket: models, prefix: a } } }");
        Assert.Equal(first, second);
        Assert.Equal(first?.Canonical, second?.Canonical);
    }
}
