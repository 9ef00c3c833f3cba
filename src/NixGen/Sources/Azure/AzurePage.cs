using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace NixGen.Sources.Azure;

/// <summary>What "List Blobs" states of one blob.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="Size">Length in bytes.</param>
internal sealed record AzureBlob(string Name, long Size)
{
    /// <summary>The entity tag, without quotes; it changes with the content.</summary>
    public string? ETag { get; init; }

    /// <summary>MD5 of the content in base64, where whoever uploaded it stated one.</summary>
    public string? Md5 { get; init; }

    /// <summary>How the stored bytes are encoded, such as <c>gzip</c>; null where they are the content.</summary>
    public string? Encoding { get; init; }

    /// <summary>Whether it stands for a folder: accounts with a hierarchical namespace list those too.</summary>
    public bool IsFolder { get; init; }
}

/// <summary>One page of a list of blobs.</summary>
/// <param name="Blobs">The blobs.</param>
/// <param name="NextMarker">What asks for the next page, or null on the last.</param>
internal sealed record AzurePage(ImmutableArray<AzureBlob> Blobs, string? NextMarker)
{
    private static readonly XmlReaderSettings _settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>Reads one; null where the answer isn't one.</summary>
    public static AzurePage? Parse(ReadOnlyMemory<byte> body)
    {
        if (Load(body)?.Root is not { Name.LocalName: "EnumerationResults" } root)
        {
            return null;
        }

        var blobs = ImmutableArray.CreateBuilder<AzureBlob>();
        foreach (var element in root.Element("Blobs")?.Elements("Blob") ?? [])
        {
            if (Blob(element) is not { } blob)
            {
                return null;
            }

            blobs.Add(blob);
        }

        var next = root.Element("NextMarker")?.Value;
        return new(blobs.ToImmutable(), string.IsNullOrEmpty(next) ? null : next);
    }

    /// <summary>The code and the sentence of an error, where the answer states them.</summary>
    public static (string? Code, string? Message) ParseError(ReadOnlyMemory<byte> body)
    {
        var root = body.Length is > 0 and < 65536 ? Load(body)?.Root : null;
        return root is { Name.LocalName: "Error" } ? (root.Element("Code")?.Value, root.Element("Message")?.Value.Split('\n')[0]) : (null, null);
    }

    private static AzureBlob? Blob(XElement element)
    {
        var properties = element.Element("Properties");
        var name = element.Element("Name");
        if (name is null
            || properties is null
            || !long.TryParse(properties.Element("Content-Length")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            return null;
        }

        // Names with characters that XML hasn't come percent-encoded, and say so.
        var text = name.Attribute("Encoded")?.Value == "true" ? Uri.UnescapeDataString(name.Value) : name.Value;
        return text.Length == 0 ? null : new(text, size)
        {
            ETag = Text("Etag")?.Trim('"'),
            Md5 = Text("Content-MD5"),
            Encoding = Text("Content-Encoding"),
            IsFolder = Text("ResourceType") == "directory" || element.Element("Metadata")?.Element("hdi_isfolder")?.Value == "true",
        };

        string? Text(string property) => properties.Element(property)?.Value is { Length: > 0 } value ? value : null;
    }

    private static XDocument? Load(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body.ToArray()), _settings);
            return XDocument.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
