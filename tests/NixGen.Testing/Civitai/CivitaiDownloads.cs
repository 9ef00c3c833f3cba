using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace NixGen.Testing.Civitai;

/// <summary>The site's downloads (<c>/api/download/models/VERSION?fileId=ID</c>), and the storage that they lead to.</summary>
internal static class CivitaiDownloads
{
    private const string LoginNeeded = "The creator of this asset requires you to be logged in to download it";

    public static async Task DownloadAsync(LoopbackCivitai site, HttpContext context, string id)
    {
        context.Response.Headers.CacheControl = "no-store";
        await (Answer(site, context, id) ?? CivitaiApi.Error(StatusCodes.Status404NotFound, "Model not found")).ExecuteAsync(context);
    }

    public static async Task StoredAsync(LoopbackCivitai site, HttpContext context)
    {
        var query = context.Request.Query;
        // Credentials beside a signature are refused, as S3 and its kin do.
        if (context.Request.Headers.Authorization.Count > 0)
        {
            await Results.StatusCode(StatusCodes.Status400BadRequest).ExecuteAsync(context);
        }
        // Links are signed for one method.
        else if (!HttpMethods.IsGet(context.Request.Method) || query["X-Amz-Signature"] != "5igned" || context.Request.Path.Value?.Split('/') is not ["", "model", var id, ..])
        {
            await Results.StatusCode(StatusCodes.Status403Forbidden).ExecuteAsync(context);
        }
        else if (FindFile(site, id, query["file"].ToString()) is { } file)
        {
            await Results.Bytes(file.Content, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);
        }
        else
        {
            await Results.StatusCode(StatusCodes.Status404NotFound).ExecuteAsync(context);
        }
    }

    private static IResult? Answer(LoopbackCivitai site, HttpContext context, string id)
    {
        if (site.TakeRefusal(out var status))
            return CivitaiApi.Error(status, status == 429 ? "Too many requests" : status == 404 ? "File not found" : "Error");
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return CivitaiApi.Error(StatusCodes.Status400BadRequest, "Invalid id");
        if (site.Find(id) is not { } version)
            return null;
        if (version.Archived)
            return CivitaiApi.Error(StatusCodes.Status410Gone, "Model archived, not available for download");
        var fileId = context.Request.Query["fileId"].ToString();
        // Without a file's number the site chooses; never the last one here, so that who leaves it out is found out.
        var file = fileId.Length == 0 ? version.Files.FirstOrDefault() : FindFile(site, id, fileId);
        if (file is null)
            return CivitaiApi.Error(StatusCodes.Status404NotFound, "File not found");

        var isJson = context.Request.ContentType == "application/json";
        var authorization = context.Request.Headers.Authorization.ToString();
        var isLoggedIn = authorization == "Bearer " + LoopbackCivitai.Token;
        if (authorization.Length > 0 && !isLoggedIn)
            return CivitaiApi.Error(StatusCodes.Status401Unauthorized, "Unauthorized");
        if (version.NeedsLogin && !isLoggedIn)
        {
            return isJson
                ? CivitaiApi.Json(StatusCodes.Status401Unauthorized, new JsonObject { ["error"] = "Unauthorized", ["message"] = LoginNeeded })
                : Results.Redirect($"/login?returnUrl=%2Fmodels%2F{version.ModelId}&reason=download-auth", preserveMethod: true);
        }

        if (version.EarlyAccessEnds is { } deadline && deadline > DateTimeOffset.UtcNow)
        {
            return CivitaiApi.Json(
                StatusCodes.Status403Forbidden,
                new JsonObject { ["error"] = "Early Access", ["deadline"] = deadline.ToString("o"), ["message"] = "This asset is in Early Access. You can use Buzz access it now!" });
        }

        return Results.Redirect(
            $"{site.StorageUrl}/model/{version.Id}/{Uri.EscapeDataString(file.Name)}?file={file.Id}&X-Amz-Expires=86400&X-Amz-Signature=5igned", preserveMethod: true);
    }

    private static CivitaiFile? FindFile(LoopbackCivitai site, string version, string file) =>
        site.Find(version)?.Files.FirstOrDefault(known => known.Id.ToString(CultureInfo.InvariantCulture) == file);
}
