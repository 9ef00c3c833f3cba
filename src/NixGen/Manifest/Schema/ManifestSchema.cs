namespace NixGen.Manifest.Schema;

/// <summary>The manifest's JSON Schema (draft-07) as it lies in <c>schemas/</c> and travels in the assembly.</summary>
public static class ManifestSchema
{
    private const string Resource = "schemas/manifest.v1.schema.json";

    /// <summary>The schema's bytes, UTF-8, as checked in.</summary>
    public static byte[] Read()
    {
        using var stream = typeof(ManifestSchema).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
