using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace NixGen.Testing.S3;

/// <summary>One request and the answer to it.</summary>
internal sealed class S3Exchange(LoopbackS3 server, HttpContext context, S3Request request, S3Log.Entry entry)
{
    public static readonly XNamespace Xml = "http://s3.amazonaws.com/doc/2006-03-01/";

    public LoopbackS3 Server { get; } = server;

    public S3Request Request { get; } = request;

    public HttpResponse Response => context.Response;

    public ReadOnlyMemory<byte> Body { get; private set; }

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Reads the body whole: nobody uploads gigabytes here.</summary>
    public async Task ReadBodyAsync()
    {
        if (Request.Method is not ("PUT" or "POST"))
            return;
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, Aborted);
        Body = buffer.ToArray();
    }

    /// <summary>Notes what is about to be sent.</summary>
    public void Sending(long bytes) => entry.Sent(bytes);

    public async Task SendAsync(string contentType, ReadOnlyMemory<byte> body)
    {
        Response.ContentType = contentType;
        Response.ContentLength = body.Length;
        if (Request.Method == "HEAD" || body.IsEmpty)
            return;
        Sending(body.Length);
        await Response.Body.WriteAsync(body, Aborted);
    }

    public Task SendAsync(XElement document)
    {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + document.ToString(SaveOptions.DisableFormatting);
        return SendAsync("application/xml", Encoding.UTF8.GetBytes(text));
    }

    public Task FailAsync(S3Error error)
    {
        Response.StatusCode = error.Status;
        foreach (var (name, value) in error.Headers)
            Response.Headers[name] = value;
        var document = new XElement("Error", new XElement("Code", error.Code), new XElement("Message", error.Message));
        foreach (var (name, value) in error.Details)
            document.Add(new XElement(name, value));
        if (Request.Key.Length > 0 && !Request.Key.Any(char.IsControl))
            document.Add(new XElement("Key", Request.Key));
        document.Add(new XElement("RequestId", "LOOPBACK0000S3"), new XElement("HostId", "loopback"));
        return SendAsync(document);
    }
}
