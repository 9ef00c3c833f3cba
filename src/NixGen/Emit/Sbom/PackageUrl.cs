using NixGen.Lock;

namespace NixGen.Emit.Sbom;

/// <summary>Package URLs of locked models (https://github.com/package-url/purl-spec, types <c>huggingface</c>, <c>mlflow</c>, <c>oci</c> and <c>generic</c>).</summary>
internal static class PackageUrl
{
    private const string UsualHub = "https://huggingface.co";

    /// <summary>The URL; it names the locked revision.</summary>
    public static string Of(LockedModel model)
    {
        var resolved = model.Resolved;
        return model.Request.Kind switch
        {
            "huggingface" when !model.Request.Fields.ContainsKey("type") =>
                $"pkg:huggingface/{Path(resolved.Id)}@{resolved.Revision}{Repository(resolved.Endpoint == UsualHub ? null : resolved.Endpoint)}",
            "mlflow" => $"pkg:mlflow/{Escape(resolved.Id)}@{Escape(resolved.Version ?? resolved.Revision)}{Repository(resolved.Endpoint)}",
            "oci" or "ollama" when resolved.Digest is { } digest =>
                $"pkg:oci/{Escape(resolved.Id[(resolved.Id.LastIndexOf('/') + 1)..])}@{Escape(digest)}{Repository(resolved.Endpoint is null ? null : $"{resolved.Endpoint}/{resolved.Id}")}",
            _ => $"pkg:generic/{Escape(model.Name)}@{resolved.Revision}",
        };
    }

    private static string Repository(string? url) => url is null ? "" : $"?repository_url={Uri.EscapeDataString(url)}";

    private static string Path(string id) => string.Join('/', id.Split('/').Select(Escape));

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
