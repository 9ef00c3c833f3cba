using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace NixGen.Tests.Manifest;

/// <summary>Valid manifests at random, as JSON, and their spelling as YAML blocks.</summary>
internal static class RandomManifests
{
    private static readonly Gen<string> Word = Gen.Elements(
        "a", "b-1", "no", "on", "null", "~x", "1e3", "0123", "true", "x.Y+z", "_", "12:30", "2024-01-01", "0x1f", "yes");

    private static readonly Gen<string> Name = Word.Where(word => word[0] is not '~' and not ':' && !word.Contains(':'));

    private static readonly Gen<string> Free = Gen.Elements(
        "plain", "two words", "\"; ${builtins.abort \"x\"}", "'; touch x; '", "# no comment", "- x", "a: b", "{x}", "[x]", "*a", "&a", "!t",
        "größe 😀", "%", "@", "`id`", " lead", "trail ", "日本", "\u202e", "a\\b", "''", "?", "|", ">", "no", "1e3");

    private static readonly Gen<JsonNode> Settings =
        from pin in Gen.Elements(true, false)
        from connect in Gen.Choose(1, 3600)
        from attempts in Gen.Choose(1, 100)
        from license in Free
        from description in Free
        from stated in Gen.Elements(true, false)
        from parts in Gen.Choose(0, 15)
        select (JsonNode)Only(
            parts,
            ("pin", pin),
            ("network", new JsonObject { ["timeout"] = new JsonObject { ["connect"] = connect }, ["retry"] = new JsonObject { ["maxAttempts"] = attempts } }),
            ("meta", new JsonObject { ["license"] = license, ["description"] = description }),
            ("integration", new JsonObject { ["huggingface"] = stated ? new JsonObject { ["enable"] = true } : new JsonObject { ["org"] = "mirror" } }));

    private static readonly Gen<JsonNode> Model =
        from kind in Gen.Choose(0, 3)
        from settings in Settings
        from word in Name
        from text in Free
        select kind switch
        {
            0 => JsonValue.Create("hf:org/" + word),
            1 => With(settings, "source", new JsonObject { ["huggingface"] = new JsonObject { ["repo"] = "org/" + word.Replace("+", "", StringComparison.Ordinal), ["revision"] = word, ["files"] = new JsonArray(text) } }),
            2 => With(settings, "source", new JsonObject { ["mock"] = new JsonObject { ["files"] = new JsonArray(new JsonObject { ["path"] = "x.txt", ["text"] = text + "\n\n" + text }) } }),
            _ => With(With(settings, "source", "hf:a/b"), "profile", new JsonArray("p")),
        };

    public static Arbitrary<JsonNode> Arbitrary { get; } = (
        from names in Name.ListOf().Resize(8)
        from models in Model.ListOf(8)
        from defaults in Settings
        from profile in Settings
        select Manifest(names.DistinctBy(name => name.ToLowerInvariant()).ToList(), models, defaults, profile)).ToArbitrary();

    /// <summary>The same value in YAML's block style, every string in double quotes.</summary>
    public static string Block(JsonNode node)
    {
        var text = new StringBuilder();
        Write(text, node, 0);
        return text.ToString();
    }

    private static JsonNode Manifest(List<string> names, IList<JsonNode> models, JsonNode defaults, JsonNode profile)
    {
        var byName = new JsonObject();
        for (var i = 0; i < names.Count; i++)
        {
            byName[names[i]] = models[i % models.Count].DeepClone();
        }

        return new JsonObject
        {
            ["version"] = 1,
            ["defaults"] = defaults.DeepClone(),
            ["profiles"] = new JsonObject { ["p"] = profile.DeepClone() },
            ["models"] = byName,
            ["groups"] = new JsonObject { ["all"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) },
        };
    }

    private static JsonObject Only(int parts, params (string Key, JsonNode Value)[] entries)
    {
        var result = new JsonObject();
        for (var i = 0; i < entries.Length; i++)
        {
            if ((parts >> i) % 2 == 1)
            {
                result[entries[i].Key] = entries[i].Value;
            }
        }

        return result;
    }

    private static JsonNode With(JsonNode settings, string key, JsonNode value)
    {
        var result = (JsonObject)settings.DeepClone();
        result[key] = value;
        return result;
    }

    private static void Write(StringBuilder text, JsonNode? node, int indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } mapping:
                foreach (var (key, value) in mapping)
                {
                    text.Append('\n').Append(' ', indent).Append(JsonValue.Create(key).ToJsonString()).Append(": ");
                    Write(text, value, indent + 2);
                }

                break;
            case JsonArray { Count: > 0 } list:
                foreach (var item in list)
                {
                    text.Append('\n').Append(' ', indent).Append("- ");
                    Write(text, item, indent + 2);
                }

                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }
}
