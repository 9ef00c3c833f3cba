using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace NixGen.Testing.S3;

/// <summary>ListObjectsV2, ListObjectVersions, GetBucketLocation and GetBucketVersioning.</summary>
internal static class S3Listings
{
    public static Task ObjectsAsync(S3Exchange exchange, S3Bucket bucket)
    {
        var query = exchange.Request.Query;
        var prefix = query.GetValueOrDefault("prefix") ?? "";
        var after = query.TryGetValue("continuation-token", out var token)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(token))
            : query.GetValueOrDefault("start-after") ?? "";
        var limit = int.TryParse(query.GetValueOrDefault("max-keys"), CultureInfo.InvariantCulture, out var asked) ? Math.Min(asked, 1000) : 1000;
        var found = bucket.Newest()
            .Where(version => version.Key.StartsWith(prefix, StringComparison.Ordinal) && IsAfter(version.Key, after))
            .Take(Math.Min(limit, exchange.Server.PageSize) + 1)
            .ToImmutableArray();
        var page = found.Length > Math.Min(limit, exchange.Server.PageSize) ? found[..^1] : found;
        var document = new XElement(
            S3Exchange.Xml + "ListBucketResult",
            Element("Name", bucket.Name),
            Element("Prefix", Spell(exchange, prefix)),
            Element("KeyCount", page.Length),
            Element("MaxKeys", limit),
            Element("IsTruncated", page.Length < found.Length ? "true" : "false"));
        if (IsEncoded(exchange))
            document.Add(Element("EncodingType", "url"));
        if (page.Length < found.Length)
            document.Add(Element("NextContinuationToken", Convert.ToBase64String(Encoding.UTF8.GetBytes(page[^1].Key))));
        foreach (var version in page)
        {
            var row = new XElement(
                S3Exchange.Xml + "Contents",
                Element("Key", Spell(exchange, version.Key)),
                Element("LastModified", Time(version)),
                Element("ETag", version.ETag));
            AddChecksum(row, version);
            row.Add(Element("Size", version.Size), Element("StorageClass", "STANDARD"));
            document.Add(row);
        }

        return exchange.SendAsync(document);
    }

    public static Task VersionsAsync(S3Exchange exchange, S3Bucket bucket)
    {
        var prefix = exchange.Request.Query.GetValueOrDefault("prefix") ?? "";
        var document = new XElement(
            S3Exchange.Xml + "ListVersionsResult",
            Element("Name", bucket.Name),
            Element("Prefix", Spell(exchange, prefix)),
            Element("MaxKeys", 1000),
            Element("IsTruncated", "false"));
        var newest = "";
        foreach (var version in bucket.All().Where(version => version.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var row = new XElement(
                S3Exchange.Xml + (version.Content is null ? "DeleteMarker" : "Version"),
                Element("Key", Spell(exchange, version.Key)),
                Element("VersionId", version.VersionId ?? "null"),
                Element("IsLatest", version.Key != newest ? "true" : "false"),
                Element("LastModified", Time(version)));
            if (version.Content is not null)
                row.Add(Element("ETag", version.ETag), Element("Size", version.Size));
            document.Add(row);
            newest = version.Key;
        }

        return exchange.SendAsync(document);
    }

    public static Task LocationAsync(S3Exchange exchange, S3Bucket bucket) =>
        exchange.SendAsync(new XElement(S3Exchange.Xml + "LocationConstraint", bucket.Region == "us-east-1" ? "" : bucket.Region));

    public static Task VersioningAsync(S3Exchange exchange, S3Bucket bucket) =>
        exchange.SendAsync(new XElement(S3Exchange.Xml + "VersioningConfiguration", bucket.IsVersioned ? Element("Status", "Enabled") : null));

    private static void AddChecksum(XElement row, S3Version version)
    {
        if (version.Sha256 is not null)
            row.Add(Element("ChecksumAlgorithm", "SHA256"), Element("ChecksumType", version.IsComposite ? "COMPOSITE" : "FULL_OBJECT"));
    }

    private static bool IsAfter(string key, string after) =>
        Encoding.UTF8.GetBytes(key).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(after)) > 0;

    private static bool IsEncoded(S3Exchange exchange) => exchange.Request.Query.GetValueOrDefault("encoding-type") == "url";

    private static string Spell(S3Exchange exchange, string key) => IsEncoded(exchange) ? S3Spelling.EncodeForListing(key) : key;

    private static string Time(S3Version version) => version.Modified.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static XElement Element(string name, object value) => new(S3Exchange.Xml + name, value);
}
