using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace NixGen.Testing.Gcs;

/// <summary>What writes: uploads in one request, and objects composed of others.</summary>
internal static class GcsUploads
{
    /// <summary><c>uploadType=media</c>: the body is the content; <c>multipart</c>: a description, then the content.</summary>
    public static async Task UploadAsync(GcsExchange exchange, GcsBucket bucket)
    {
        var name = exchange.Value("name");
        byte[] content;
        string? encoding = exchange.Value("contentEncoding");
        if (exchange.Value("uploadType") == "multipart")
        {
            var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(exchange.Request.ContentType).Boundary).Value ?? "";
            var reader = new MultipartReader(boundary, exchange.Request.Body);
            using var description = JsonDocument.Parse(await NextAsync(reader));
            content = await NextAsync(reader);
            if (description.RootElement.TryGetProperty("name", out var stated))
                name ??= stated.GetString();
            if (description.RootElement.TryGetProperty("contentEncoding", out var coding))
                encoding ??= coding.GetString();
        }
        else
        {
            content = await exchange.ReadBodyAsync();
        }

        if (string.IsNullOrEmpty(name))
            await exchange.FailAsync(GcsError.Invalid("Required object name is missing."));
        else
            await GcsListing.ObjectAsync(exchange, bucket, bucket.Put(name, content, item => item with { ContentEncoding = encoding }));
    }

    /// <summary>Joins objects of the bucket to a new one, which has no MD5.</summary>
    public static async Task ComposeAsync(GcsExchange exchange, GcsBucket bucket, string name)
    {
        using var body = JsonDocument.Parse(await exchange.ReadBodyAsync());
        var parts = new List<GcsObject>();
        foreach (var source in body.RootElement.GetProperty("sourceObjects").EnumerateArray())
        {
            var part = source.GetProperty("name").GetString() ?? "";
            if (bucket.Find(part) is not { } found)
            {
                await exchange.FailAsync(GcsError.NoObject(bucket.Name, part));
                return;
            }

            parts.Add(found);
        }

        var stored = bucket.Put(name, [.. parts.SelectMany(part => part.Content)], item => item with { ComponentCount = parts.Count });
        await GcsListing.ObjectAsync(exchange, bucket, stored);
    }

    private static async Task<byte[]> NextAsync(MultipartReader reader)
    {
        var section = await reader.ReadNextSectionAsync() ?? throw new InvalidDataException("An upload has too few parts.");
        using var content = new MemoryStream();
        await section.Body.CopyToAsync(content);
        return content.ToArray();
    }
}
