using System.Collections.Immutable;

namespace NixGen.Manifest;

/// <summary>Keys that are designed but not accepted yet, so that they get a diagnostic of their own. The whole plan is in <c>docs/decisions/0002-manifest-vocabulary.md</c>.</summary>
public static class PlannedVocabulary
{
    private const string LimitsOfBuilds = "`network.timeout` and `network.retry` are there already";

    /// <summary>All planned keys, by the place that they will stand in.</summary>
    public static ImmutableArray<PlannedKey> Keys { get; } =
    [
        .. In("manifest", null, "registry", "modules", "overlays", "ci", "lock"),
        .. In(
            "settings", null,
            "gguf", "environment", "wrappers", "layouts", "platforms"),
        .. In("download", "downloads go on where they stopped already", "enableCheckpoints", "checkpointIntervalMB"),
        .. In("sharding", null, "enable", "pattern"),
        .. In(
            "source", $"only {string.Join(", ", SourceVocabulary.Kinds.Select(kind => $"`{kind.Kind}`"))} sources can be locked so far",
            "modelscope", "path"),
        .. In("source.huggingface", null, "fileHashes", "xet", "subdir", "variant"),
        .. In(
            "auth", "`tokenFile` and `tokenEnvVar` say where a token is",
            "azureStorageAccount", "sops", "agenix"),
        .. In("network", "`http_proxy`, `https_proxy` and `no_proxy` of the building process are used already", "proxy", "noProxy"),
        .. In("network.timeout", LimitsOfBuilds, "total"),
        .. In("network.retry", LimitsOfBuilds, "maxDelay", "jitter"),
        .. In("integration", null, "comfyui", "environment", "wrappers", "flat", "vllm"),
        .. In(
            "integration.huggingface", null,
            "cacheDir", "systemCacheDir", "markComplete", "offlineMode", "validateCompleteness", "symlinkStrategy"),
        .. In("meta", null, "platforms", "maintainers", "longDescription", "tags", "changelog"),
        .. In("flake", null, "inputs", "nixConfig", "modules", "overlays", "checks", "devShells", "apps"),
    ];

    /// <summary>A planned key, or null.</summary>
    /// <param name="place">Where it stands, as the schema's <c>x-place</c> says; what is planned for settings is planned for models too.</param>
    /// <param name="key">The key.</param>
    public static PlannedKey? Find(string place, string key)
    {
        foreach (var planned in Keys)
        {
            if (planned.Key == key && (planned.Place == place || (place == "model" && planned.Place == "settings")))
            {
                return planned;
            }
        }

        return null;
    }

    private static IEnumerable<PlannedKey> In(string place, string? instead, params string[] keys) =>
        keys.Select(key => new PlannedKey(place, key, instead));
}

/// <summary>A key that a later version will accept.</summary>
/// <param name="Place">Where it will stand.</param>
/// <param name="Key">The key.</param>
/// <param name="Instead">What can be done today, or null.</param>
public sealed record PlannedKey(string Place, string Key, string? Instead);
