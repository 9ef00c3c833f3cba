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

        var dump = new JsonObject
        {
            ["source"] = Source(model.Source),
            ["auth"] = Auth(model.Auth),
            ["network"] = Network(model.Network),
            ["integration"] = new JsonObject
            {
                ["enable"] = model.Integration.Enable,
                ["org"] = model.Integration.Org,
                ["model"] = model.Integration.Model,
                ["refs"] = List(model.Integration.Refs),
                ["materialize"] = model.Materialize.ToString(),
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
        foreach (var (key, value) in Fetching(model).Where(setting => setting.Value is not null))
        {
            dump[key] = value;
        }

        return dump;
    }

    private static JsonNode? Source(SourceDeclaration source) => source switch
    {
        ShortSpec spec => spec.Text,
        LongSource { Kind: var kind, Fields: var fields } => new JsonObject { [kind] = Node(fields) },
        _ => null,
    };

    // Null for what has its default.
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Fetching(ModelRequest model)
    {
        var (security, failure) = (model.Security, model.OnDownloadFailure);
        yield return new("alternates", model.Alternates.IsEmpty ? null : new JsonArray([.. model.Alternates.Select(Source)]));
        yield return new("security", security is { RequiredScopes: [], WarnOnExcessiveScopes: false }
            ? null
            : new JsonObject { ["requiredScopes"] = List(security.RequiredScopes), ["warnOnExcessiveScopes"] = security.WarnOnExcessiveScopes });
        yield return new("download", model.Download == DownloadSettings.Default
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{model.Download.ResumeOnAuthFailure} {model.Download.MaxResumeAttempts}"));
        yield return new("onDownloadFailure", failure == FailureSettings.Default
            ? null
            : new JsonObject
            {
                ["action"] = failure.Action.ToString(),
                ["persistPath"] = failure.PersistPath,
                ["maxRetries"] = failure.MaxRetries,
                ["retryDelay"] = failure.RetryDelay,
                ["notifyCommand"] = failure.NotifyCommand,
            });
        yield return new("parallelDownloads", model.Sharding == ShardingSettings.Default ? null : model.Sharding.ParallelDownloads);
        yield return new("impureEnvVars", model.ImpureEnvVars.IsEmpty ? null : List(model.ImpureEnvVars));
        yield return new("ollama", model.Ollama == OllamaIntegration.Default
            ? null
            : new JsonObject
            {
                ["enable"] = model.Ollama.Enable,
                ["name"] = model.Ollama.Name,
                ["tag"] = model.Ollama.Tag,
                ["registry"] = model.Ollama.Registry,
            });
        yield return new("impure", model.Impure ? true : null);
        yield return new("lazy", model.Lazy ? true : null);
    }

    private static JsonNode Auth(AuthSettings auth)
    {
        var token = $"{auth.TokenFile ?? "-"} {auth.TokenEnvVar ?? "-"} {auth.Required}";
        return auth == AuthSettings.Default with { TokenFile = auth.TokenFile, TokenEnvVar = auth.TokenEnvVar, Required = auth.Required }
            ? token
            : new JsonObject
            {
                ["token"] = token,
                ["useHfCli"] = auth.UseHfCli,
                ["netrcFile"] = auth.NetrcFile,
                ["awsProfile"] = auth.AwsProfile,
                ["gcpServiceAccountKey"] = auth.GcpServiceAccountKey,
                ["gatedModelHelp"] = auth.GatedModelHelp,
                ["tokenRefresh"] = auth.TokenRefresh is { } refresh
                    ? string.Create(CultureInfo.InvariantCulture, $"{refresh.RefreshBeforeExpirySec} {refresh.MaxTokenAgeSec} {refresh.Command}")
                    : null,
                ["authScript"] = auth.AuthScript,
                ["buildInputs"] = List(auth.BuildInputs),
            };
    }

    private static JsonNode Network(NetworkSettings network)
    {
        var limits = string.Create(CultureInfo.InvariantCulture, $"{network.ConnectTimeout} {network.ReadTimeout} {network.MaxAttempts} {network.BaseDelay}");
        return network is { Connections: 8, BandwidthLimit: null, Mirrors: [] }
            ? limits
            : new JsonObject
            {
                ["limits"] = limits,
                ["connections"] = network.Connections,
                ["bandwidth"] = network.BandwidthLimit,
                ["mirrors"] = List(network.Mirrors.Select(mirror => $"{mirror.Kind} {(mirror.Prefer ? "first" : "-")} {mirror.Url}")),
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
