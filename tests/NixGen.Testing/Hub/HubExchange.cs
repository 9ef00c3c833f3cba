using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace NixGen.Testing.Hub;

/// <summary>One request and its answer.</summary>
internal sealed class HubExchange(LoopbackHub hub, HttpContext context, HubRoute route, HubToken? token)
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public LoopbackHub Hub { get; } = hub;

    public HttpContext Context { get; } = context;

    public HubRoute Route { get; } = route;

    public HubToken? Token { get; } = token;

    public Dictionary<string, StringValues> Query { get; } = QueryHelpers.ParseQuery(context.Request.QueryString.Value);

    /// <summary>What goes wrong with the answer.</summary>
    public HubFault? Fault { get; init; }

    public HttpRequest Request => Context.Request;

    public HttpResponse Response => Context.Response;

    public bool IsHead => HttpMethods.IsHead(Context.Request.Method);

    public bool Flag(string name) => Query.TryGetValue(name, out var value) && value.ToString() is "true" or "1" or "True";

    /// <summary>The page of a repository, for people.</summary>
    public string PageOf(HubRepository repository) => $"{Hub.Url}/{HubJson.Prefix(repository.Kind)}{repository.Id}";

    /// <summary>States an error: JSON for the API, text elsewhere, and the headers that clients go by.</summary>
    public Task FailAsync(HubError error)
    {
        Response.StatusCode = error.Status;
        if (error.Code is not null)
            Response.Headers["X-Error-Code"] = error.Code;
        Response.Headers["X-Error-Message"] = error.Message;
        if (error.Status == 401)
            Response.Headers.WWWAuthenticate = "Bearer realm=\"Authentication required\", charset=\"UTF-8\"";
        if (Route.Kind is not HubRequestKind.Api)
            return SendTextAsync(error.Message, "text/plain; charset=utf-8");
        return SendJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("error", error.Message);
            json.WriteEndObject();
        });
    }

    /// <summary>Sends JSON with a weak ETag; answers 304 to who has it already.</summary>
    public Task SendJsonAsync(Action<Utf8JsonWriter> write) => SendJsonAsync("application/json; charset=utf-8", write);

    /// <summary>Likewise, as another kind of JSON.</summary>
    public Task SendJsonAsync(string contentType, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Json))
            write(json);
        var body = buffer.WrittenMemory;
        var etag = $"W/\"{body.Length:x}-{Convert.ToHexStringLower(SHA256.HashData(body.Span))[..27]}\"";
        if (Response.StatusCode == StatusCodes.Status200OK && Route.Kind == HubRequestKind.Api)
        {
            Response.Headers.ETag = etag;
            if (Request.Headers.IfNoneMatch.ToString() is { Length: > 0 } known && known.Contains(etag[2..], StringComparison.Ordinal))
            {
                Response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }

        return SendBytesAsync(body, contentType);
    }

    public Task SendTextAsync(string text, string contentType) => SendBytesAsync(Encoding.UTF8.GetBytes(text), contentType);

    /// <summary>Sends a small body, compressed where the client takes it.</summary>
    public async Task SendBytesAsync(ReadOnlyMemory<byte> body, string contentType)
    {
        Response.ContentType = contentType;
        Response.Headers.Vary = "Accept-Encoding";
        if (AcceptsGzip && body.Length > 256)
        {
            Response.Headers.ContentEncoding = "gzip";
            if (IsHead)
                return;
            var gzip = new GZipStream(Response.Body, CompressionLevel.Fastest, leaveOpen: true);
            await using (gzip.ConfigureAwait(false))
                await gzip.WriteAsync(body, Context.RequestAborted);
            return;
        }

        Response.ContentLength = body.Length;
        if (!IsHead)
            await Response.Body.WriteAsync(body, Context.RequestAborted);
    }

    /// <summary>Whether the client says that it takes gzip. One that says nothing gets plain text.</summary>
    public bool AcceptsGzip => Hub.CompressesText && Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);

    /// <summary>Sends a redirect with the short text that the Hub puts into it.</summary>
    public Task RedirectAsync(int status, string location)
    {
        Response.StatusCode = status;
        Response.Headers.Location = location;
        var words = status == StatusCodes.Status302Found ? "Found" : "Temporary Redirect";
        return SendTextAsync($"{words}. Redirecting to {location}", "text/plain; charset=utf-8");
    }

    /// <summary>States where the next page is; the URL is absolute.</summary>
    public void LinkNext(string target) => Response.Headers.Link = $"<{Hub.LinkOrigin ?? Hub.Url}{target}>; rel=\"next\"";
}
