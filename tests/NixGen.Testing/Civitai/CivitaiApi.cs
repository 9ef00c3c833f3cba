using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace NixGen.Testing.Civitai;

/// <summary>The site's API of versions (<c>/api/v1/model-versions/ID</c>).</summary>
internal static class CivitaiApi
{
    public static Task VersionAsync(LoopbackCivitai site, HttpContext context, string id)
    {
        if (!long.TryParse(id, out _))
            return Error(StatusCodes.Status400BadRequest, "Invalid id").ExecuteAsync(context);
        return (site.Find(id) is { } version ? Json(StatusCodes.Status200OK, Describe(site, version)) : Error(StatusCodes.Status404NotFound, "Model not found")).ExecuteAsync(context);
    }

    public static IResult Error(int status, string error) => Json(status, new JsonObject { ["error"] = error });

    public static IResult Json(int status, JsonObject body) => Results.Content(body.ToJsonString(), "application/json; charset=utf-8", statusCode: status);

    private static JsonObject Describe(LoopbackCivitai site, CivitaiVersion version) => new()
    {
        ["id"] = version.Id,
        ["modelId"] = version.ModelId,
        ["name"] = version.Name,
        ["status"] = "Published",
        ["baseModel"] = version.BaseModel,
        ["earlyAccessEndsAt"] = version.EarlyAccessEnds?.ToString("o"),
        ["usageControl"] = "Download",
        ["air"] = $"urn:air:sdxl:{version.ModelType.ToLowerInvariant()}:civitai:{version.ModelId}@{version.Id}",
        ["model"] = new JsonObject { ["name"] = version.ModelName, ["type"] = version.ModelType, ["nsfw"] = false, ["poi"] = false },
        ["files"] = version.Archived ? [] : new JsonArray([.. version.Files.Select(file => (JsonNode)Describe(site, version, file))]),
        ["downloadUrl"] = version.Archived ? null : $"{site.Url}/api/download/models/{version.Id}",
    };

    private static JsonObject Describe(LoopbackCivitai site, CivitaiVersion version, CivitaiFile file)
    {
        var hashes = new JsonObject();
        if (file.Scanned)
        {
            hashes["AutoV1"] = "4199BCDD";
            hashes["AutoV2"] = file.Sha256.Length >= 10 ? file.Sha256[..10] : file.Sha256;
            hashes["SHA256"] = file.Sha256;
            hashes["CRC32"] = "0C0FFEE0";
        }

        return new()
        {
            ["id"] = file.Id,
            ["sizeKB"] = file.SizeKB,
            ["name"] = file.Name,
            ["type"] = file.Type,
            ["pickleScanResult"] = file.Scanned ? file.PickleScan : "Pending",
            ["pickleScanMessage"] = null,
            ["virusScanResult"] = file.Scanned ? "Success" : "Pending",
            ["scannedAt"] = file.Scanned ? "2024-05-06T07:08:09.000Z" : null,
            ["metadata"] = new JsonObject { ["format"] = file.Format, ["size"] = file.Size, ["fp"] = file.Precision },
            ["hashes"] = hashes,
            ["primary"] = file.Primary,
            // Made of type and metadata, so that it needn't lead to this file.
            ["downloadUrl"] = $"{site.Url}/api/download/models/{version.Id}" + (file.Primary ? "" : $"?type={Uri.EscapeDataString(file.Type)}&format={file.Format}"),
        };
    }
}
