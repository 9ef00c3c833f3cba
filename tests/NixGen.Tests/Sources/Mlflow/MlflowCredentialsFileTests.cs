using NixGen.Sources.Mlflow;
using Xunit;

namespace NixGen.Tests.Sources.Mlflow;

/// <summary>What the file of MLflow's own client says.</summary>
public sealed class MlflowCredentialsFileTests
{
    [Theory]
    [InlineData("", null, null)]
    [InlineData("mlflow_tracking_username = anna\nmlflow_tracking_password = x\n", null, null)]
    [InlineData("[mlflow]\nmlflow_tracking_username = anna\nmlflow_tracking_password = x\n", "anna", "x")]
    [InlineData("[mlflow]\r\nMLFLOW_TRACKING_USERNAME=anna\r\nmlflow_tracking_password=a=b:c\r\n", "anna", "a=b:c")]
    [InlineData("[mlflow]\nmlflow_tracking_username: anna\nmlflow_tracking_password: 100%%\n", "anna", "100%")]
    [InlineData("[mlflow]\n# mlflow_tracking_username = eve\n;mlflow_tracking_password = x\n", null, null)]
    [InlineData("[other]\nmlflow_tracking_username = eve\n[mlflow]\nmlflow_tracking_username = anna\n", "anna", null)]
    [InlineData("[mlflow]\nmlflow_tracking_username =\n=\n:\n[\n", null, null)]
    public void A_section_holds_a_user_and_a_password(string text, string? user, string? password) =>
        Assert.Equal((user, password), MlflowCredentialsFile.Parse(text));
}
