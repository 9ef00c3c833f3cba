using System.Text.Json.Nodes;
using NixGen.Nix.Hashing;
using NixGen.Testing.Hub;

namespace NixGen.EndToEnd.Runtime;

/// <summary>Model definitions as the emitter writes them, as data.</summary>
internal static class Definitions
{
    /// <summary>A repository of a loopback Hub, locked at its newest commit.</summary>
    public static JsonObject HuggingFace(LoopbackHub hub, HubRepository repository, string name)
    {
        var source = new JsonObject { ["repo"] = repository.Id, ["endpoint"] = hub.Url };
        if (repository.Kind != HubRepositoryKind.Model)
            source["type"] = repository.Kind.ToString().ToLowerInvariant();
        return new JsonObject
        {
            ["name"] = name,
            ["source"] = new JsonObject { ["huggingface"] = source },
            ["locked"] = Locked(hub, repository),
            ["network"] = Impatient(),
        };
    }

    /// <summary>The same, with nothing locked and the hash of the whole tree.</summary>
    public static JsonObject Tree(LoopbackHub hub, HubRepository repository, string name, string hash)
    {
        var definition = HuggingFace(hub, repository, name);
        definition.Remove("locked");
        Source(definition)["revision"] = repository.Head.Id;
        definition["hash"] = hash;
        return definition;
    }

    public static JsonObject Locked(LoopbackHub hub, HubRepository repository) => new()
    {
        ["repo"] = repository.Id,
        ["revision"] = repository.Head.Id,
        ["endpoint"] = hub.Url,
        ["files"] = new JsonArray([.. Files(repository).Select(file => (JsonNode)new JsonObject
        {
            ["path"] = file.Path,
            ["size"] = file.Content.Size,
            ["sha256"] = Sri(file),
            ["blob"] = file.Etag,
        })]),
    };

    public static JsonObject Mock(string name, params (string Path, string Text)[] files) => new()
    {
        ["name"] = name,
        ["source"] = new JsonObject
        {
            ["mock"] = new JsonObject
            {
                ["org"] = "example",
                ["model"] = name,
                ["files"] = new JsonArray([.. files.Select(file => (JsonNode)new JsonObject { ["path"] = file.Path, ["text"] = file.Text })]),
            },
        },
    };

    /// <summary>The same without validation: for files whose content is made up.</summary>
    public static JsonObject Unexamined(JsonObject definition)
    {
        definition["validation"] = "none";
        return definition;
    }

    /// <summary>The attributes of the only source.</summary>
    public static JsonObject Source(JsonObject definition) => definition["source"]?["huggingface"]?.AsObject() ?? throw new InvalidOperationException("There is no Hugging Face source.");

    public static IEnumerable<HubFile> Files(HubRepository repository) =>
        repository.Head.Tree.Files.Values.Select(entry => entry.File).OrderBy(file => file.Path, StringComparer.Ordinal);

    public static string Sri(HubFile file) =>
        SriHash.TryFromHex(file.Content.Sha256, out var hash) ? hash.Text : throw new InvalidOperationException($"{file} has no SHA-256.");

    // A loopback server answers at once or never.
    private static JsonObject Impatient() => new()
    {
        ["timeout"] = new JsonObject { ["connect"] = 5, ["read"] = 5 },
        ["retry"] = new JsonObject { ["maxAttempts"] = 3, ["baseDelay"] = 0 },
    };
}
