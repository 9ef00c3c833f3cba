using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>Keeps answers that have an entity tag, so that the server can say "not modified" the next time. An entry is one line of JSON, then the body; it belongs to a URL and a token, of which only a hash is part of its name.</summary>
/// <param name="folder">Absolute path.</param>
internal sealed class AnswerCache(string folder)
{
    private const int Format = 1;
    private readonly CacheFolder _entries = new(folder, maxEntries: 2_000);

    /// <summary>The last answer to the same request, or null. Damaged entries aren't there.</summary>
    public CachedAnswer? Find(UpstreamRequest request)
    {
        if (_entries.Read(NameOf(request)) is not { } bytes || Array.IndexOf(bytes, (byte)'\n') is not (var end and > 0))
        {
            return null;
        }

        try
        {
            using var head = JsonDocument.Parse(bytes.AsMemory(0, end));
            var body = bytes.AsMemory(end + 1);
            var root = head.RootElement;
            return root.GetProperty("format").GetInt32() == Format
                && root.GetProperty("request").GetString() == PublicUrl.Of(request.Url)
                && root.GetProperty("sha256").GetString() == Convert.ToHexStringLower(SHA256.HashData(body.Span))
                && root.GetProperty("etag").GetString() is { } etag
                && Uri.TryCreate(root.GetProperty("url").GetString(), UriKind.Absolute, out var url)
                    ? new(etag, new(200, url, HeadersOf(root), body))
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Keeps an answer, if the server gave it an entity tag.</summary>
    public void Store(UpstreamRequest request, UpstreamResponse response)
    {
        if (response.Status != 200 || response.Header("ETag") is not { Length: > 0 } etag)
        {
            return;
        }

        var entry = new ArrayBufferWriter<byte>(response.Body.Length + 1024);
        using (var head = new Utf8JsonWriter(entry))
        {
            head.WriteStartObject();
            head.WriteNumber("format", Format);
            head.WriteString("request", PublicUrl.Of(request.Url));
            head.WriteString("url", response.Url.AbsoluteUri);
            head.WriteString("etag", etag);
            head.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(response.Body.Span)));
            if (response.Header("Link") is { } link)
            {
                head.WriteString("link", link);
            }

            head.WriteEndObject();
        }

        entry.Write("\n"u8);
        entry.Write(response.Body.Span);
        _entries.Write(NameOf(request), entry.WrittenSpan);
    }

    /// <summary>Deletes what is oldest.</summary>
    public void Prune() => _entries.Prune();

    private static ImmutableDictionary<string, string> HeadersOf(JsonElement head)
    {
        var none = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);
        return head.TryGetProperty("link", out var link) && link.GetString() is { } value ? none.Add("Link", value) : none;
    }

    private static string NameOf(UpstreamRequest request)
    {
        var token = request.Token is { } secret ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal()))) : "anonymous";
        return CacheFolder.NameOf($"{request.Url.AbsoluteUri}\n{token}{(request.Accept is { } accept ? $"\n{accept}" : "")}");
    }
}

/// <summary>An answer that can be asked for again on condition.</summary>
/// <param name="ETag">The server's name for it.</param>
/// <param name="Response">The answer.</param>
internal sealed record CachedAnswer(string ETag, UpstreamResponse Response);
