using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using NixGen.Lock;

namespace NixGen.Emit.Sbom;

/// <summary>What both formats say of an emission: facts of manifest and lock, and never the time at which it is asked.</summary>
/// <param name="Emission">The models.</param>
internal sealed record SbomFacts(Emission Emission)
{
    // Where no upstream says when a revision is from.
    private const string NoTime = "1970-01-01T00:00:00Z";

    /// <summary>How documents are written. JSON needs no more escapes than this encoder makes; they aren't put into web pages.</summary>
    public static JsonWriterOptions Writing { get; } = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Locked models by their names' order. Impure ones are left out: nothing is known of what they will be.</summary>
    public ImmutableArray<EmittedModel> Models { get; } = [.. Emission.Models.Where(model => model.Locked is not null)];

    /// <summary>The newest date of a locked revision, or the epoch; ISO 8601 in UTC, seconds.</summary>
    public string Time => Models.Select(model => TimeOf(model.Locked)).Max(StringComparer.Ordinal) ?? NoTime;

    /// <summary>Whether any upstream says when a revision is from.</summary>
    public bool HasTime => Time != NoTime;

    /// <summary>When a model's revision is from, or the epoch.</summary>
    public static string TimeOf(LockedModel? model) =>
        DateTimeOffset.TryParse(model?.Resolved.CommitDate, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            ? date.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : NoTime;

    /// <summary>A UUID made of a document's bytes (RFC 9562, version 8), so that equal documents have equal ones.</summary>
    public static string Identity(ReadOnlySpan<byte> document)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(document, hash);
        hash[6] = (byte)(hash[6] & 0x0f | 0x80);
        hash[8] = (byte)(hash[8] & 0x3f | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString("D");
    }

    /// <summary>The licence that counts: the user's own word, or upstream's.</summary>
    public static string? License(EmittedModel model) => model.Model.Meta.License ?? model.Locked?.Resolved.License;

    /// <summary>Who publishes it: what stands before the slash in the source's own name, or null.</summary>
    public static string? Publisher(LockedModel model) =>
        model.Resolved.Id.Split('/') is [{ Length: > 0 } publisher, _, ..] ? publisher : null;

    /// <summary>The page of a model at its Hub, or null for other sources.</summary>
    public static string? Page(LockedModel model) =>
        model is { Request.Kind: "huggingface", Resolved.Endpoint: { } endpoint }
            ? $"{endpoint}/{(model.Request.Fields.GetValueOrDefault("type") is RequestValue.Text type ? type.Value + "s/" : "")}{model.Resolved.Id}/tree/{model.Resolved.Revision}"
            : null;
}
