using NixGen.Diagnostics.Rendering;
using NixGen.Tests.Diagnostics;
using Xunit;

namespace NixGen.Tests.Sources;

/// <summary>A name or a password before an address's host is refused, whatever the kind, before the kind looks at it; and no excerpt shows it.</summary>
public sealed class UserInfoTests
{
    [Theory]
    [InlineData("m: gs://user:s3cr3t@models/x")]
    [InlineData("m: s3://user:s3cr3t@models/x")]
    [InlineData("m: \"mlflow:models://user:s3cr3t@databricks/fraud/1\"")]
    [InlineData("m: https://user:s3cr3t@example.com/model.bin")]
    [InlineData("m: git+https://user:s3cr3t@example.com/model.git?rev=main")]
    [InlineData("m: oci://user:s3cr3t@example.com/model:v1")]
    [InlineData("m: { source: { huggingface: { repo: a/b, endpoint: 'https://user:s3cr3t@example.com' } } }")]
    [InlineData("m: { source: { azure: { account: account, container: models, endpoint: 'https://user:s3cr3t@example.com' } } }")]
    public void It_is_refused_and_not_shown(string model)
    {
        var (request, diagnostics) = Declarations.Bind(model);
        Assert.Null(request);
        Assert.Contains(diagnostics, item => item.Code == "NG1113");
        Assert.All(diagnostics, item => Assert.DoesNotContain("s3cr3t", Samples.Render(DiagnosticFormat.Text, colour: false, item), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("m: gs://user@models/x")]
    [InlineData("m: \"mlflow:models://profile@databricks/fraud/1\"")]
    public void So_is_a_name_alone(string model)
    {
        var (request, diagnostics) = Declarations.Bind(model);
        Assert.Null(request);
        Assert.Equal("NG1113", Assert.Single(diagnostics).Code);
    }
}
