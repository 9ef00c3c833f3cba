using System.Collections.Immutable;

namespace NixGen.Sources.Azure;

/// <summary>What a connection string states ("Configure Azure Storage connection strings"): where an account's blobs are, and what opens them.</summary>
/// <param name="Name">The account's name.</param>
/// <param name="Endpoint">The address of its blobs, without a slash at its end.</param>
/// <param name="Key">Its key in base64, or null.</param>
/// <param name="Signature">A shared access signature, or null.</param>
internal sealed record AzureAccount(string? Name, string? Endpoint, string? Key, string? Signature)
{
    private const string EmulatorName = "devstoreaccount1";

    // Published by Microsoft for emulators; it protects nothing.
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>Reads one; null where it is none.</summary>
    public static AzureAccount? Parse(string text)
    {
        var fields = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], StringComparer.OrdinalIgnoreCase)
            .ToImmutableDictionary(group => group.Key, group => group.First()[1], StringComparer.OrdinalIgnoreCase);
        if (fields.GetValueOrDefault("UseDevelopmentStorage")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true)
        {
            return new(EmulatorName, $"http://127.0.0.1:10000/{EmulatorName}", EmulatorKey, null);
        }

        var name = fields.GetValueOrDefault("AccountName");
        var endpoint = fields.GetValueOrDefault("BlobEndpoint")
            ?? (name is null ? null : $"{fields.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{name}.blob.{fields.GetValueOrDefault("EndpointSuffix", "core.windows.net")}");
        return fields.IsEmpty
            ? null
            : new(name, endpoint?.TrimEnd('/'), fields.GetValueOrDefault("AccountKey"), fields.GetValueOrDefault("SharedAccessSignature"));
    }
}
