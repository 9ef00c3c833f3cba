using System.Text;
using System.Text.Json;

namespace NixGen.Testing.Gcs;

/// <summary>What the JSON API says of objects.</summary>
internal static class GcsListing
{
    /// <summary>One page of a bucket's live objects. Where there is none, there is no <c>items</c>.</summary>
    public static Task ListAsync(GcsExchange exchange, GcsBucket bucket, int pageSize)
    {
        string? after = null;
        if (exchange.Value("pageToken") is { Length: > 0 } token && !TryRead(token, out after))
            return exchange.FailAsync(GcsError.Invalid($"Invalid argument: pageToken {token}"));
        var most = (int)Math.Min(exchange.Number("maxResults") ?? 1000, pageSize);
        var found = bucket.List(exchange.Value("prefix") ?? "", after, most + 1);
        return exchange.SendJsonAsync(json =>
        {
            json.WriteString("kind", "storage#objects");
            if (found.Count > most)
                json.WriteString("nextPageToken", Convert.ToBase64String(Encoding.UTF8.GetBytes(found[most - 1].Name)));
            if (found.Count == 0)
                return;
            json.WriteStartArray("items");
            foreach (var item in found.Take(most))
            {
                json.WriteStartObject();
                Describe(json, bucket, item);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    public static Task ObjectAsync(GcsExchange exchange, GcsBucket bucket, GcsObject stored) =>
        exchange.SendJsonAsync(json => Describe(json, bucket, stored));

    // 64-bit numbers are strings.
    private static void Describe(Utf8JsonWriter json, GcsBucket bucket, GcsObject stored)
    {
        json.WriteString("kind", "storage#object");
        json.WriteString("id", $"{bucket.Name}/{stored.Name}/{stored.Generation}");
        json.WriteString("name", stored.Name);
        json.WriteString("bucket", bucket.Name);
        json.WriteString("generation", stored.Generation.ToString());
        json.WriteString("metageneration", "1");
        json.WriteString("contentType", "application/octet-stream");
        json.WriteString("storageClass", "STANDARD");
        json.WriteString("size", stored.Content.Length.ToString());
        if (stored.Md5 is { } md5)
            json.WriteString("md5Hash", md5);
        json.WriteString("crc32c", stored.Crc32c);
        json.WriteString("etag", stored.ETag);
        json.WriteString("updated", "2024-03-01T12:00:00.000Z");
        if (stored.ComponentCount is { } count)
            json.WriteNumber("componentCount", count);
        if (stored.ContentEncoding is { } encoding)
            json.WriteString("contentEncoding", encoding);
        if (stored.CacheControl is { } control)
            json.WriteString("cacheControl", control);
    }

    private static bool TryRead(string token, out string? name)
    {
        var buffer = new byte[token.Length];
        var good = Convert.TryFromBase64String(token, buffer, out var length);
        name = good ? Encoding.UTF8.GetString(buffer, 0, length) : null;
        return good;
    }
}
