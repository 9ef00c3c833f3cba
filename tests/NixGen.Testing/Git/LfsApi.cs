using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace NixGen.Testing.Git;

/// <summary>The Git LFS batch API (git-lfs, docs/api/batch.md) over the repositories of a <see cref="GitServer"/>.</summary>
internal sealed class LfsApi(GitServer server)
{
    public const string MediaType = "application/vnd.git-lfs+json";

    public async Task BatchAsync(HttpContext context, string path)
    {
        var faults = server.Lfs;
        if (faults.BatchStatuses.TryDequeue(out var status))
        {
            if (status.RetryAfter is { } seconds)
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await RefuseAsync(context, status.Status, "Not now");
            return;
        }

        if (faults.BatchBody is { } stated)
        {
            await SendAsync(context, 200, stated);
            return;
        }

        if (!MediaType.Equals(context.Request.ContentType?.Split(';')[0], StringComparison.Ordinal)
            || !context.Request.Headers.Accept.ToString().Contains(MediaType, StringComparison.Ordinal))
        {
            await RefuseAsync(context, StatusCodes.Status406NotAcceptable, "Not Acceptable");
            return;
        }

        using var request = await JsonDocument.ParseAsync(context.Request.Body);
        var repository = Path.Combine(server.Root, path.Split("/info/lfs/")[0].Split("/lfs-api/")[0].Trim('/'));
        if (!repository.EndsWith(".git", StringComparison.Ordinal))
            repository += ".git";
        if (!Directory.Exists(repository))
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "Repository not found");
            return;
        }

        var objects = request.RootElement.GetProperty("objects").EnumerateArray().ToList();
        if (objects.Count > faults.MostObjects)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "Too many objects");
            return;
        }

        var upload = request.RootElement.GetProperty("operation").GetString() == "upload";
        var answer = new JsonObject
        {
            ["transfer"] = "basic",
            ["hash_algo"] = "sha256",
            ["objects"] = new JsonArray([.. objects.Select(item =>
                (JsonNode)ObjectOf(repository, item.GetProperty("oid").GetString() ?? "", item.GetProperty("size").GetInt64(), upload))]),
        };
        await SendAsync(context, 200, answer.ToJsonString());
    }

    /// <summary>Locks and whatever else: not here, which clients live with.</summary>
    public static Task OtherAsync(HttpContext context) => RefuseAsync(context, StatusCodes.Status404NotFound, "Not here");

    private JsonObject ObjectOf(string repository, string oid, long size, bool upload)
    {
        var answer = new JsonObject { ["oid"] = oid, ["size"] = size };
        if (upload)
        {
            if (!LfsStorage.Has(repository, oid))
                answer["actions"] = new JsonObject { ["upload"] = server.Storage.Link(repository, oid) };
            return answer;
        }

        if (server.Lfs.ObjectErrors.TryGetValue(oid, out var error))
            answer["error"] = new JsonObject { ["code"] = error.Code, ["message"] = error.Message };
        else if (!LfsStorage.Has(repository, oid))
            answer["error"] = new JsonObject { ["code"] = 404, ["message"] = "Object does not exist" };
        else
            answer["actions"] = new JsonObject { ["download"] = server.Storage.Link(repository, oid) };
        return answer;
    }

    private static Task RefuseAsync(HttpContext context, int status, string message) =>
        SendAsync(context, status, new JsonObject { ["message"] = message }.ToJsonString());

    private static async Task SendAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaType;
        await context.Response.WriteAsync(json, Encoding.UTF8);
    }
}
