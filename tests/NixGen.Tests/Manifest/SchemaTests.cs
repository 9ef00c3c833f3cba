using System.Text.Json;
using System.Text.Json.Nodes;
using Newtonsoft.Json.Linq;
using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Manifest.Schema;
using NixGen.Testing;
using NJsonSchema.Validation;
using Xunit;

namespace NixGen.Tests.Manifest;

public sealed class SchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(ManifestSchema.Read()).RootElement;

    [Fact]
    public void The_assembly_carries_the_file_of_the_schemas_folder() =>
        Assert.Equal(File.ReadAllBytes(Path.Combine(Checkout.Root, "schemas", "manifest.v1.schema.json")), ManifestSchema.Read());

    [Fact]
    public void Every_property_has_a_description_and_an_example()
    {
        var poor = Parts()
            .Where(part => !part.Schema.TryGetProperty("$ref", out _))
            .Where(part => !part.Schema.TryGetProperty("description", out var words) || words.GetString() is null or "" || !part.Schema.TryGetProperty("examples", out _))
            .Select(part => part.Path);

        Assert.Empty(poor);
    }

    [Fact]
    public void Every_object_refuses_unknown_keys() => Assert.Empty(Parts()
        .Where(part => part.Schema.TryGetProperty("properties", out _) || part.Schema.TryGetProperty("patternProperties", out _))
        .Where(part => !part.Schema.TryGetProperty("additionalProperties", out var more) || more.ValueKind != JsonValueKind.False)
        .Select(part => part.Path));

    [Fact]
    public void Every_string_says_what_it_may_hold() => Assert.Empty(Parts()
        .Where(part => part.Schema.TryGetProperty("type", out var type) && type.ToString().Contains("string", StringComparison.Ordinal))
        .Where(part => !part.Schema.TryGetProperty("pattern", out _) && !part.Schema.TryGetProperty("enum", out _))
        .Select(part => part.Path)
        .Except(["#/properties/$schema", "#/definitions/model/properties/profile", "#/definitions/model/properties/profile/items", "#/definitions/source/properties/from", "#/definitions/group/items"]));

    [Fact]
    public void Every_definition_is_used()
    {
        var text = Schema.GetRawText();

        Assert.All(
            Schema.GetProperty("definitions").EnumerateObject(),
            definition => Assert.Contains($"\"#/definitions/{definition.Name}\"", text, StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Examples
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (path, schema) in Parts())
            {
                if (!schema.TryGetProperty("examples", out var examples))
                {
                    continue;
                }

                foreach (var example in examples.EnumerateArray())
                {
                    data.Add(path, example.GetRawText());
                }

                if (schema.TryGetProperty("default", out var fallback) && !examples.EnumerateArray().Any(example => example.GetRawText() == fallback.GetRawText()))
                {
                    data.Add(path, fallback.GetRawText());
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_and_default_is_valid_where_it_stands(string path, string example)
    {
        var part = (JsonObject)Part(path).DeepClone();
        part["definitions"] = JsonNode.Parse(Schema.GetProperty("definitions").GetRawText());
        var schema = await NJsonSchema.JsonSchema.FromJsonAsync(part.ToJsonString());

        var token = JToken.Parse(example);
        var texts = new[] { token }.Concat((token as JContainer)?.Descendants() ?? []).OfType<JValue>().Select(Line).ToHashSet();
        Assert.Empty(Flatten(schema.Validate(example), texts));
    }

    [Fact]
    public void Whole_examples_load()
    {
        foreach (var example in Schema.GetProperty("examples").EnumerateArray())
        {
            var diagnostics = new DiagnosticBag();
            ManifestLoader.Load(["models.json"], new MemoryManifestFiles(("models.json", example.GetRawText())), null, diagnostics);
            Assert.Empty(diagnostics.Items);
        }
    }

    [Fact]
    public void Source_kinds_and_their_fields_are_those_of_the_vocabulary()
    {
        var definitions = Schema.GetProperty("definitions");
        foreach (var kind in SourceVocabulary.Kinds)
        {
            var definition = definitions.GetProperty(kind.Kind);
            Assert.Equal(kind.All, definition.GetProperty("properties").EnumerateObject().Select(property => property.Name));
            Assert.Equal(kind.Required, definition.GetProperty("required").EnumerateArray().Select(item => item.GetString()));
            Assert.Equal(kind.All, definitions.GetProperty("sourceTemplate").GetProperty("properties").GetProperty(kind.Kind).GetProperty("properties").EnumerateObject().Select(property => property.Name));
        }

        Assert.Equal(
            SourceVocabulary.Kinds.SelectMany(kind => kind.OtherName is { } other ? new[] { kind.Kind, other } : [kind.Kind]).Append("from").Append("auth").Concat(SourceVocabulary.Kinds.SelectMany(kind => kind.All)).Distinct(),
            definitions.GetProperty("source").GetProperty("properties").EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void Planned_keys_are_not_accepted_ones_and_stand_in_places_that_exist()
    {
        var places = Parts()
            .Where(part => part.Schema.TryGetProperty("x-place", out _))
            .SelectMany(part => part.Schema.GetProperty("properties").EnumerateObject().Select(key => (Place: part.Schema.GetProperty("x-place").GetString(), Key: key.Name)))
            .ToHashSet();

        Assert.NotEmpty(PlannedVocabulary.Keys);
        Assert.All(PlannedVocabulary.Keys, planned =>
        {
            Assert.Contains(places, place => place.Place == planned.Place);
            Assert.DoesNotContain((planned.Place, planned.Key), places);
        });
        Assert.Equal(PlannedVocabulary.Keys.Length, PlannedVocabulary.Keys.Select(key => (key.Place, key.Key)).Distinct().Count());
    }

    [Fact]
    public void Planned_keys_are_in_the_decision_that_designs_the_vocabulary()
    {
        var decision = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "decisions", "0002-manifest-vocabulary.md"));

        Assert.All(PlannedVocabulary.Keys, planned => Assert.Contains($"`{planned.Key}`", decision, StringComparison.Ordinal));
    }

    // NJsonSchema asks for required keys even of text, which JSON Schema doesn't.
    private static IEnumerable<string> Flatten(IEnumerable<ValidationError> errors, HashSet<(int Line, int Position)> texts) => errors.SelectMany(error => error switch
    {
        ChildSchemaValidationError child => Flatten(child.Errors.Values.SelectMany(inner => inner), texts),
        { Kind: ValidationErrorKind.PropertyRequired } when texts.Contains((error.LineNumber, error.LinePosition)) => [],
        _ => [error.ToString()],
    });

    private static (int Line, int Position) Line(Newtonsoft.Json.IJsonLineInfo token) => (token.LineNumber, token.LinePosition);

    private static JsonNode Part(string path) => JsonNode.Parse(Parts().Single(part => part.Path == path).Schema.GetRawText()) ?? new JsonObject();

    private static List<(string Path, JsonElement Schema)> Parts()
    {
        var parts = new List<(string, JsonElement)>();
        Collect("#", Schema);
        return parts;

        void Collect(string path, JsonElement schema)
        {
            parts.Add((path, schema));
            foreach (var section in new[] { "properties", "patternProperties", "definitions" })
            {
                if (schema.TryGetProperty(section, out var inner))
                {
                    foreach (var part in inner.EnumerateObject())
                    {
                        var name = part.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
                        Collect($"{path}/{section}/{name}", part.Value);
                    }
                }
            }

            if (schema.TryGetProperty("items", out var items))
            {
                Collect(path + "/items", items);
            }
        }
    }
}
