using Microsoft.AspNetCore.Http;

namespace NixGen.Testing.Mlflow;

/// <summary>How the server hands out content.</summary>
internal static class MlflowDownloads
{
    private const int Piece = 64 * 1024;

    /// <summary>Through the proxy: in pieces, without a length, and whole whatever range is asked for.</summary>
    public static async Task StreamAsync(LoopbackMlflow server, HttpContext context, string name)
    {
        if (!server.State.Artifacts.TryGetValue(name, out var content))
            throw new MlflowException(500, "INTERNAL_ERROR", "The requested artifact was not found.");
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers["X-Content-Type-Options"] = "nosniff";
        var end = server.CutsAfter > 0 ? Math.Min(server.CutsAfter, content.Length) : content.Length;
        for (var at = 0; at < end; at += Piece)
            await context.Response.Body.WriteAsync(content.AsMemory(at, Math.Min(Piece, end - at)), context.RequestAborted);
        if (end < content.Length && !server.CutsQuietly)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }

    /// <summary>By the server's own routes: a file that it fetched before, with its length and with ranges (Flask's <c>send_file</c>).</summary>
    public static Task SendAsync(HttpContext context, MlflowState state, string artifactUri, string path)
    {
        if (!state.Artifacts.TryGetValue(MlflowState.NameOf(artifactUri, path), out var content))
            throw new MlflowException(500, "INTERNAL_ERROR", $"No such artifact: '{path}'");
        return Results.Bytes(content, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);
    }
}
