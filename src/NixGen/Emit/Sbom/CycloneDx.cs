using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NixGen.Lock;

namespace NixGen.Emit.Sbom;

/// <summary>A machine-learning bill of materials: CycloneDX 1.6 in JSON (ECMA-424, https://cyclonedx.org/docs/1.6/json).</summary>
public static class CycloneDx
{
    /// <summary>The document's bytes: UTF-8, line feeds. The same lock gives the same.</summary>
    public static ReadOnlyMemory<byte> Write(Emission emission)
    {
        var facts = new SbomFacts(emission);
        var unnamed = Write(facts, "");
        return Write(facts, SbomFacts.Identity(unnamed.Span));
    }

    private static ReadOnlyMemory<byte> Write(SbomFacts facts, string identity)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, SbomFacts.Writing))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
            json.WriteString("bomFormat", "CycloneDX");
            json.WriteString("specVersion", "1.6");
            json.WriteString("serialNumber", "urn:uuid:" + identity);
            json.WriteNumber("version", 1);
            WriteMetadata(json, facts);
            json.WriteStartArray("components");
            foreach (var model in facts.Models)
            {
                if (model.Locked is { } locked)
                {
                    WriteModel(json, model, locked);
                }
            }

            json.WriteEndArray();
            json.WriteStartArray("dependencies");
            json.WriteStartObject();
            json.WriteString("ref", "models");
            json.WriteStartArray("dependsOn");
            foreach (var model in facts.Models)
            {
                json.WriteStringValue(Reference(model.Model.Name));
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n");
    }

    private static void WriteMetadata(Utf8JsonWriter json, SbomFacts facts)
    {
        json.WriteStartObject("metadata");
        if (facts.HasTime)
        {
            json.WriteString("timestamp", facts.Time);
        }

        json.WriteStartObject("tools");
        json.WriteStartArray("components");
        json.WriteStartObject();
        json.WriteString("type", "application");
        json.WriteString("name", "nixgen");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("component");
        json.WriteString("type", "data");
        json.WriteString("bom-ref", "models");
        json.WriteString("name", facts.Emission.ManifestName);
        json.WriteString("description", facts.Emission.Flake.Description);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, EmittedModel model, LockedModel locked)
    {
        json.WriteStartObject();
        json.WriteString("type", "machine-learning-model");
        json.WriteString("bom-ref", Reference(locked.Name));
        if (SbomFacts.Publisher(locked) is { } publisher)
        {
            json.WriteString("group", publisher);
        }

        json.WriteString("name", locked.Name);
        json.WriteString("version", locked.Resolved.Revision);
        if (model.Model.Meta.Description is { } description)
        {
            json.WriteString("description", description);
        }

        WriteLicense(json, SbomFacts.License(model));
        json.WriteString("purl", PackageUrl.Of(locked));
        WriteReferences(json, model, locked);
        WriteProperties(json, locked);
        json.WriteStartArray("components");
        foreach (var file in locked.Files)
        {
            WriteFile(json, locked, file);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLicense(Utf8JsonWriter json, string? license)
    {
        if (license is null)
        {
            return;
        }

        json.WriteStartArray("licenses");
        json.WriteStartObject();
        if (SpdxLicenses.Compound(license) is { } expression)
        {
            json.WriteString("expression", expression);
        }
        else
        {
            json.WriteStartObject("license");
            json.WriteString(SpdxLicenses.Identifier(license) is null ? "name" : "id", SpdxLicenses.Identifier(license) ?? license);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteReferences(Utf8JsonWriter json, EmittedModel model, LockedModel locked)
    {
        (string Type, string? Url)[] references =
            [("website", model.Model.Meta.Homepage), ("distribution", SbomFacts.Page(locked)), ("distribution", SbomFacts.Page(locked) is null ? locked.Resolved.Endpoint : null)];
        json.WriteStartArray("externalReferences");
        foreach (var (type, url) in references)
        {
            if (url is not null)
            {
                json.WriteStartObject();
                json.WriteString("type", type);
                json.WriteString("url", url);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static void WriteProperties(Utf8JsonWriter json, LockedModel locked)
    {
        var resolved = locked.Resolved;
        json.WriteStartArray("properties");
        Property(json, "nixgen:source", locked.Request.Kind);
        Property(json, "nixgen:id", resolved.Id);
        Property(json, "nixgen:commitDate", resolved.CommitDate);
        Property(json, "nixgen:gated", resolved.Gated);
        Property(json, "nixgen:scan", resolved.Scan);
        Property(json, "nixgen:digest", resolved.Digest);
        Property(json, "nixgen:version", resolved.Version);
        Property(json, "nixgen:size", locked.Files.Sum(file => file.Size).ToString(CultureInfo.InvariantCulture));
        json.WriteEndArray();
    }

    private static void WriteFile(Utf8JsonWriter json, LockedModel model, LockedFile file)
    {
        json.WriteStartObject();
        json.WriteString("type", "file");
        json.WriteString("bom-ref", $"{Reference(model.Name)}/{file.Path}");
        json.WriteString("name", file.Path);
        json.WriteStartArray("hashes");
        json.WriteStartObject();
        json.WriteString("alg", "SHA-256");
        json.WriteString("content", file.Sha256.Hex);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("properties");
        Property(json, "nixgen:size", file.Size.ToString(CultureInfo.InvariantCulture));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Property(Utf8JsonWriter json, string name, string? value)
    {
        if (value is null)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("value", value);
        json.WriteEndObject();
    }

    private static string Reference(string model) => "model/" + model;
}
