using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NixGen.Manifest;
using NixGen.Manifest.Tree;

namespace NixGen.Tests.Manifest;

/// <summary>Writes all that a bound manifest says, without places.</summary>
internal static class ManifestDump
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Json(ModelManifest manifest)
    {
        var models = new JsonObject();
        foreach (var model in manifest.Models)
        {
            models[model.Name] = Model(model);
        }

        var groups = new JsonObject();
        foreach (var (name, members) in manifest.Groups)
        {
            groups[name] = List(members);
        }

        return new JsonObject
        {
            ["flake"] = new JsonObject
            {
                ["description"] = manifest.Flake.Description,
                ["nixpkgs"] = manifest.Flake.Nixpkgs,
                ["systems"] = List(manifest.Flake.Systems),
            },
            ["models"] = models,
            ["groups"] = groups,
        }.ToJsonString(Options) + "\n";
    }

    private static JsonObject Model(ModelRequest model)
    {
        var hashes = new JsonObject();
        foreach (var (path, hash) in model.FileHashes)
        {
            hashes[path] = hash.Text;
        }

        return new()
        {
            ["source"] = model.Source switch
            {
                ShortSpec spec => spec.Text,
                LongSource source => new JsonObject { [source.Kind] = Node(source.Fields) },
                _ => null,
            },
            ["auth"] = $"{model.Auth.TokenFile ?? "-"} {model.Auth.TokenEnvVar ?? "-"} {model.Auth.Required}",
            ["network"] = string.Create(CultureInfo.InvariantCulture, $"{model.Network.ConnectTimeout} {model.Network.ReadTimeout} {model.Network.MaxAttempts} {model.Network.BaseDelay}"),
            ["integration"] = new JsonObject
            {
                ["enable"] = model.Integration.Enable,
                ["org"] = model.Integration.Org,
                ["model"] = model.Integration.Model,
                ["refs"] = List(model.Integration.Refs),
            },
            ["meta"] = new JsonObject
            {
                ["description"] = model.Meta.Description,
                ["homepage"] = model.Meta.Homepage,
                ["license"] = model.Meta.License,
            },
            ["version"] = model.Version,
            ["hash"] = model.Hash?.Text,
            ["fileHashes"] = hashes,
            ["pin"] = model.Pin,
        };
    }

    private static JsonNode? Node(Node node) => node switch
    {
        MappingNode mapping => new JsonObject(mapping.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, Node(entry.Value)))),
        SequenceNode sequence => new JsonArray([.. sequence.Items.Select(Node)]),
        ScalarNode scalar => scalar.Text,
        _ => null,
    };

    private static JsonArray List(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode)item)]);
}
