namespace NixGen.Testing.Mlflow;

/// <summary>An error as the server states it: a status, and JSON with a code and words.</summary>
public sealed class MlflowException(int status, string code, string message) : Exception(message)
{
    /// <summary>The HTTP status that belongs to the code.</summary>
    public int Status { get; } = status;

    /// <summary>The value of <c>error_code</c>.</summary>
    public string Code { get; } = code;

    /// <summary>Something that isn't there.</summary>
    public static MlflowException Missing(string message) => new(404, "RESOURCE_DOES_NOT_EXIST", message);

    /// <summary>A parameter that can't be.</summary>
    public static MlflowException Invalid(string message) => new(400, "INVALID_PARAMETER_VALUE", message);
}
