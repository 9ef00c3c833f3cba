using NixGen.Sources.HuggingFace;

namespace NixGen.Sources.Mlflow;

/// <summary>Addresses of tracking servers.</summary>
internal static class MlflowAddress
{
    /// <summary>The base URL without a trailing slash, or what is wrong with a text, as the end of a sentence that begins with it.</summary>
    public static (string? BaseUrl, string? Problem) Parse(string text)
    {
        if (text.StartsWith("databricks", StringComparison.OrdinalIgnoreCase) || text.StartsWith("uc:", StringComparison.OrdinalIgnoreCase))
        {
            return (null, "is Databricks, whose registry isn't MLflow's and can't be locked");
        }

        var (endpoint, problem) = HubEndpoint.Parse(text);
        return endpoint is not null
            ? (endpoint.BaseUrl, null)
            : (null, problem == "is not an http(s) URL" ? "is no http(s) URL of a tracking server ('mlflow server' makes one of a folder or database)" : problem);
    }

    /// <summary>Scheme, host and port: whom credentials are sent to.</summary>
    public static string Origin(Uri url) => url.GetLeftPart(UriPartial.Authority);

    /// <summary>A path with every segment escaped.</summary>
    public static string Escape(string path) => HubEndpoint.EscapePath(path);
}
