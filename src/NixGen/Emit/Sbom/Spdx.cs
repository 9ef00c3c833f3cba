using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NixGen.Lock;

namespace NixGen.Emit.Sbom;

/// <summary>A bill of materials in SPDX 3.0.1 as JSON-LD, with the profile for AI (https://spdx.github.io/spdx-spec/v3.0.1).</summary>
public static class Spdx
{
    private const string Creation = "_:creation";

    // An element of the standard's own, which no document has to repeat. In an expression there is no such word.
    private const string NoAssertion = "expandedlicensing_NoAssertionLicense";

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
            new Graph(json, $"urn:uuid:{identity}").Write(facts);
        }

        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n");
    }

    /// <summary>The elements of one document. Each is a node of its own; relationships say how they belong together.</summary>
    private sealed class Graph(Utf8JsonWriter json, string root)
    {
        private readonly List<string> _elements = [];
        private readonly Dictionary<string, string> _licenses = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _publishers = new(StringComparer.Ordinal);
        private int _relationships;

        public void Write(SbomFacts facts)
        {
            json.WriteStartObject();
            json.WriteString("@context", "https://spdx.org/rdf/3.0.1/spdx-context.jsonld");
            json.WriteStartArray("@graph");
            json.WriteStartObject();
            json.WriteString("type", "CreationInfo");
            json.WriteString("@id", Creation);
            json.WriteString("specVersion", "3.0.1");
            json.WriteString("created", facts.Time);
            Strings("createdBy", [$"{root}#agent"]);
            json.WriteEndObject();
            Begin("SoftwareAgent", "agent");
            json.WriteString("name", "nixgen");
            json.WriteEndObject();

            var models = new List<string>();
            foreach (var model in facts.Models)
            {
                if (model.Locked is { } locked)
                {
                    models.Add(WriteModel(model, locked));
                }
            }

            Begin("software_Sbom", "sbom");
            Strings("rootElement", models);
            Strings("software_sbomType", ["source"]);
            json.WriteEndObject();
            var all = _elements.ToList();
            Begin("SpdxDocument", "document");
            json.WriteString("name", facts.Emission.ManifestName);
            json.WriteString("comment", facts.Emission.Flake.Description);
            Strings("profileConformance", ["core", "software", "ai", "simpleLicensing"]);
            Strings("rootElement", [$"{root}#sbom"]);
            Strings("element", all);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        private string WriteModel(EmittedModel model, LockedModel locked)
        {
            var publisher = Publisher(SbomFacts.Publisher(locked) ?? locked.Request.Kind);
            var declared = SpdxLicenses.Expression(SbomFacts.License(model)) is { } license ? License(license) : NoAssertion;
            var files = locked.Files.Select(file => WriteFile(locked, file)).ToList();
            var id = Begin("ai_AIPackage", $"model/{Fragment(locked.Name)}");
            json.WriteString("name", locked.Name);
            if (model.Model.Meta.Description is { } description)
            {
                json.WriteString("description", description);
            }

            json.WriteString("suppliedBy", publisher);
            json.WriteString("releaseTime", SbomFacts.TimeOf(locked));
            json.WriteString("software_packageVersion", locked.Resolved.Revision);
            json.WriteString("software_primaryPurpose", "model");
            json.WriteString("software_downloadLocation", SbomFacts.Page(locked) ?? PackageUrl.Of(locked));
            json.WriteString("software_packageUrl", PackageUrl.Of(locked));
            if (model.Model.Meta.Homepage is { } homepage)
            {
                json.WriteString("software_homePage", homepage);
            }

            json.WriteEndObject();
            if (files.Count > 0)
            {
                Relate(id, "contains", files);
            }

            Relate(id, "hasDeclaredLicense", [declared]);
            Relate(id, "hasConcludedLicense", [NoAssertion]);
            return id;
        }

        private string WriteFile(LockedModel model, LockedFile file)
        {
            var id = Begin("software_File", $"model/{Fragment(model.Name)}/{string.Join('/', file.Path.Split('/').Select(Fragment))}");
            json.WriteString("name", file.Path);
            json.WriteString("comment", string.Create(CultureInfo.InvariantCulture, $"{file.Size} bytes"));
            json.WriteStartArray("verifiedUsing");
            json.WriteStartObject();
            json.WriteString("type", "Hash");
            json.WriteString("algorithm", "sha256");
            json.WriteString("hashValue", file.Sha256.Hex);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("software_fileKind", "file");
            json.WriteEndObject();
            return id;
        }

        private string License(string expression)
        {
            if (!_licenses.TryGetValue(expression, out var id))
            {
                id = Begin("simplelicensing_LicenseExpression", $"license/{Fragment(expression)}");
                json.WriteString("simplelicensing_licenseExpression", expression);
                json.WriteEndObject();
                _licenses.Add(expression, id);
            }

            return id;
        }

        private string Publisher(string name)
        {
            if (!_publishers.TryGetValue(name, out var id))
            {
                id = Begin("Organization", $"publisher/{Fragment(name)}");
                json.WriteString("name", name);
                json.WriteEndObject();
                _publishers.Add(name, id);
            }

            return id;
        }

        private void Relate(string from, string type, IEnumerable<string> to)
        {
            Begin("Relationship", string.Create(CultureInfo.InvariantCulture, $"relationship/{++_relationships}"));
            json.WriteString("from", from);
            json.WriteString("relationshipType", type);
            Strings("to", to);
            json.WriteEndObject();
        }

        private string Begin(string type, string fragment)
        {
            var id = $"{root}#{fragment}";
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("spdxId", id);
            json.WriteString("creationInfo", Creation);
            _elements.Add(id);
            return id;
        }

        private void Strings(string name, IEnumerable<string> values)
        {
            json.WriteStartArray(name);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        private static string Fragment(string text) => Uri.EscapeDataString(text);
    }
}
