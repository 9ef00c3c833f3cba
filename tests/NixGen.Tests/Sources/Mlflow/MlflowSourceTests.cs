using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Sources.Mlflow;
using Xunit;

namespace NixGen.Tests.Sources.Mlflow;

/// <summary>What declarations of MLflow sources mean, and which mean nothing.</summary>
public sealed class MlflowSourceTests
{
    private const string LoggedModel = "m-00112233445566778899aabbccddeeff";

    [Theory]
    [InlineData("mlflow:fraud@3", "models:/fraud/3")]
    [InlineData("mlflow:fraud@Latest", "models:/fraud/latest")]
    [InlineData("mlflow:fraud@champion", "models:/fraud@champion")]
    [InlineData("mlflow:a@b@champion", "models:/a@b@champion")]
    [InlineData("mlflow:models:/fraud/3", "models:/fraud/3")]
    [InlineData("mlflow:models:/fraud/LATEST", "models:/fraud/latest")]
    [InlineData("mlflow:models:/fraud/production", "models:/fraud/Production")]
    [InlineData("mlflow:models:/fraud@champion", "models:/fraud@champion")]
    [InlineData("mlflow:models:/" + LoggedModel, "models:/" + LoggedModel)]
    [InlineData("mlflow:models:/" + LoggedModel + "/data/", "models:/" + LoggedModel + "/data")]
    [InlineData("mlflow:runs:/abc/model", "runs:/abc/model")]
    [InlineData("{ source: { mlflow: { modelName: fraud, modelVersion: 3 } } }", "models:/fraud/3")]
    [InlineData("{ source: { mlflow: { modelName: fraud, version: '3' } } }", "models:/fraud/3")]
    [InlineData("{ source: { mlflow: { modelName: fraud, stage: staging } } }", "models:/fraud/Staging")]
    [InlineData("{ source: { mlflow: { modelName: fraud, modelAlias: champion } } }", "models:/fraud@champion")]
    [InlineData("{ source: { mlflow: { run: abc } } }", "runs:/abc")]
    [InlineData("{ source: { mlflow: { run: abc, artifactPath: model/ } } }", "runs:/abc/model")]
    [InlineData("{ source: { mlflow: { uri: 'models:/fraud@champion' } } }", "models:/fraud@champion")]
    public void A_declaration_names_one_model(string model, string uri)
    {
        var (request, diagnostics) = Declarations.Bind("m: " + model);
        Assert.Empty(diagnostics.Select(item => item.Message));
        Assert.Equal(uri, Assert.IsType<MlflowRequest>(request).Model.Uri);
        // The lock's spelling means the same again.
        Assert.Equal(((MlflowRequest)request).Model, MlflowReference.Parse(uri).Reference);
    }

    [Theory]
    [InlineData("mlflow:fraud")]
    [InlineData("mlflow:@3")]
    [InlineData("mlflow:fraud@")]
    [InlineData("mlflow:a/b@3")]
    [InlineData("mlflow:fraud@a b")]
    [InlineData("mlflow:models:/fraud")]
    [InlineData("mlflow:models:/fraud/03")]
    [InlineData("mlflow:models:/fraud/Prod")]
    [InlineData("mlflow:models:/fraud@latest")]
    [InlineData("mlflow:runs:/abc/../x")]
    [InlineData("mlflow:runs:/-x/model")]
    [InlineData("mlflow:s3:/bucket")]
    public void A_short_spec_that_names_none_is_refused(string spec)
    {
        var (request, diagnostics) = Declarations.Bind($"m: \"{spec}\"");
        Assert.Null(request);
        Assert.Equal("NG3012", Assert.Single(diagnostics).Code);
    }

    [Theory]
    [InlineData("trackingUri: https://mlflow.example.com", "NG3470")]
    [InlineData("modelName: fraud", "NG3470")]
    [InlineData("modelName: fraud, modelVersion: 3, modelAlias: x", "NG3470")]
    [InlineData("modelName: fraud, modelVersion: 3, version: 3", "NG3470")]
    [InlineData("modelName: fraud, modelVersion: 3, artifactPath: x", "NG3470")]
    [InlineData("modelName: fraud, run: abc", "NG3470")]
    [InlineData("uri: 'models:/fraud/3', modelVersion: 3", "NG3470")]
    [InlineData("modelName: fraud, modelStage: Prod", "NG3010")]
    [InlineData("modelName: fraud, modelAlias: latest", "NG3010")]
    [InlineData("uri: 'models:/fraud'", "NG3010")]
    [InlineData("run: abc, artifactPath: a/../b", "NG3010")]
    [InlineData("modelName: fraud, modelVersion: 3, trackingUri: 'http://mlflow.example.com'", "NG3010")]
    public void A_long_form_that_names_none_or_two_is_refused(string fields, string code)
    {
        var (request, diagnostics) = Declarations.Bind($"m: {{ source: {{ mlflow: {{ {fields} }} }} }}");
        Assert.Null(request);
        var error = Assert.Single(diagnostics);
        Assert.Equal(code, error.Code);
        Assert.False(string.IsNullOrEmpty(error.Help));
    }

    [Theory]
    [InlineData("modelVersion", "0")]
    [InlineData("modelVersion", "three")]
    [InlineData("modelVersion", "-1")]
    [InlineData("modelVersion", "3.5")]
    [InlineData("modelName", "a/b")]
    [InlineData("trackingUri", "databricks")]
    public void What_the_schema_refuses_is_told_there(string key, string value)
    {
        var (request, diagnostics) = Declarations.Bind($"m: {{ source: {{ mlflow: {{ {(key == "modelName" ? "" : "modelName: fraud, ")}{key}: {value} }} }} }}");
        Assert.Null(request);
        Assert.Contains(diagnostics, item => item.Severity == Severity.Error && item.Code.StartsWith("NG1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("databricks")]
    [InlineData("databricks://profile")]
    [InlineData("sqlite:///mlflow.db")]
    [InlineData("https://user:geheim@mlflow.example.com")]
    public void Addresses_that_are_no_servers_are_refused(string address)
    {
        var (request, diagnostics) = Declarations.BindLong("mlflow", ("trackingUri", address), ("modelName", "fraud"), ("version", "3"));
        Assert.Null(request);
        Assert.Equal("NG3010", Assert.Single(diagnostics).Code);
    }

    [Fact]
    public void A_request_is_written_in_one_spelling()
    {
        var (first, _) = Declarations.Bind("m: { source: { mlflow: { trackingUri: https://mlflow.example.com/, modelName: fraud, version: 3, files: [b, a, b] } } }");
        var (second, _) = Declarations.Bind("m: { source: { mlflow: { trackingUri: https://mlflow.example.com, uri: 'models:/fraud/3', files: [a, b] } } }");
        Assert.Equal(first, second);
        var fields = Assert.IsType<MlflowRequest>(first).Canonical.Fields;
        Assert.Equal(["files", "trackingUri", "uri"], fields.Keys);
        Assert.Equal(new RequestValue.Text("https://mlflow.example.com"), fields["trackingUri"]);
    }
}
