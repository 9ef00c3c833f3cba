using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace NixGen.Testing.Gcs;

/// <summary>One request and its answer.</summary>
internal sealed class GcsExchange(HttpContext context, GcsRoute route, GcsRequestLog log, GcsRequest entry)
{
    private GcsRequest entry = entry;

    public GcsRoute Route { get; } = route;

    public HttpRequest Request => context.Request;

    public HttpResponse Response => context.Response;

    public Dictionary<string, StringValues> Query { get; } = QueryHelpers.ParseQuery(context.Request.QueryString.Value);

    /// <summary>Who asks, or null for anybody.</summary>
    public GcsToken? Token { get; set; }

    public GcsFault? Fault { get; set; }

    public bool IsMedia => Value("alt") == "media";

    public string? Value(string name) => Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public long? Number(string name) => long.TryParse(Value(name), out var number) ? number : null;

    /// <summary>Refuses: as JSON, or as a line of text where content was asked for.</summary>
    public Task FailAsync(GcsError error)
    {
        Response.StatusCode = error.Status;
        if (error.Status == 401)
            Response.Headers.WWWAuthenticate = "Bearer realm=\"https://accounts.google.com/\"" + (error.Reason == "authError" ? ", error=\"invalid_token\"" : "");
        if (IsMedia)
            return SendAsync(Encoding.UTF8.GetBytes(error.Message), "text/html; charset=UTF-8");
        return SendJsonAsync(json =>
        {
            json.WriteStartObject("error");
            json.WriteNumber("code", error.Status);
            json.WriteString("message", error.Message);
            json.WriteStartArray("errors");
            json.WriteStartObject();
            json.WriteString("message", error.Message);
            json.WriteString("domain", "global");
            json.WriteString("reason", error.Reason);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>Sends an object whose members <paramref name="write"/> writes.</summary>
    public Task SendJsonAsync(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return SendAsync(buffer.WrittenMemory, "application/json; charset=UTF-8");
    }

    public Task SendAsync(ReadOnlyMemory<byte> body, string contentType)
    {
        Response.ContentType = contentType;
        Response.ContentLength = body.Length;
        return SendBodyAsync(body);
    }

    /// <summary>Sends a body behind headers that are set already.</summary>
    public async Task SendBodyAsync(ReadOnlyMemory<byte> body)
    {
        if (HttpMethods.IsHead(Request.Method))
            return;
        if (Fault?.CutAfter is { } cut && cut < body.Length)
        {
            Note(item => item with { Status = Response.StatusCode, BytesSent = cut });
            await Response.Body.WriteAsync(body[..cut], context.RequestAborted);
            await Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(50, context.RequestAborted);
            context.Abort();
            return;
        }

        // In the log before the client can see it.
        Note(item => item with { Status = Response.StatusCode, BytesSent = body.Length });
        await Response.Body.WriteAsync(body, context.RequestAborted);
    }

    public async Task<byte[]> ReadBodyAsync()
    {
        using var body = new MemoryStream();
        await Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }

    private void Note(Func<GcsRequest, GcsRequest> change)
    {
        var changed = change(entry);
        log.Update(entry, changed);
        entry = changed;
    }
}
