using System.Collections.Immutable;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Makes records of a model's settings, which the schema has accepted. What isn't stated has its default.</summary>
internal static class SettingsBinder
{
    /// <summary>What stands under <c>auth</c>.</summary>
    public static AuthSettings Auth(MappingNode? auth) => new()
    {
        TokenFile = auth.Text("tokenFile"),
        TokenEnvVar = auth.Text("tokenEnvVar"),
        Required = auth.Truth("required") ?? false,
        UseHfCli = auth.Truth("useHfCli") ?? false,
        NetrcFile = auth.Text("netrcFile"),
        AwsProfile = auth.Text("awsProfile"),
        GcpServiceAccountKey = auth.Text("gcpServiceAccountKey"),
        GatedModelHelp = auth.Text("gatedModelHelp"),
        TokenRefresh = TokenRefresh(auth.Mapping("tokenRefresh")),
        AuthScript = auth.Text("authScript"),
        BuildInputs = auth.Texts("buildInputs") ?? [],
    };

    /// <summary>What stands under <c>security</c>.</summary>
    public static SecuritySettings Security(MappingNode? security) => new()
    {
        RequiredScopes = security.Texts("requiredScopes") ?? [],
        WarnOnExcessiveScopes = security.Truth("warnOnExcessiveScopes") ?? false,
    };

    /// <summary>What stands under <c>network</c>, with further mirrors behind its own.</summary>
    public static NetworkSettings Network(MappingNode? network, ImmutableArray<Mirror> further)
    {
        var standard = NetworkSettings.Default;
        return new()
        {
            ConnectTimeout = network.Mapping("timeout").Number("connect") ?? standard.ConnectTimeout,
            ReadTimeout = network.Mapping("timeout").Number("read") ?? standard.ReadTimeout,
            MaxAttempts = network.Mapping("retry").Number("maxAttempts") ?? standard.MaxAttempts,
            BaseDelay = network.Mapping("retry").Number("baseDelay") ?? standard.BaseDelay,
            Connections = network.Number("connections") ?? standard.Connections,
            BandwidthLimit = network.Mapping("bandwidth").Text("limit"),
            Mirrors = [.. MirrorBinder.Bind(network?["mirrors"]).Concat(further).Distinct()],
        };
    }

    /// <summary>What stands under <c>download</c>.</summary>
    public static DownloadSettings Download(MappingNode? download) => new()
    {
        ResumeOnAuthFailure = download.Truth("resumeOnAuthFailure") ?? DownloadSettings.Default.ResumeOnAuthFailure,
        MaxResumeAttempts = download.Number("maxResumeAttempts") ?? DownloadSettings.Default.MaxResumeAttempts,
    };

    /// <summary>What stands under <c>onDownloadFailure</c>.</summary>
    public static FailureSettings Failure(MappingNode? failure) => new()
    {
        Action = failure.Text("action") switch
        {
            "persist" => FailureAction.Persist,
            "retry" => FailureAction.Retry,
            _ => FailureAction.Clean,
        },
        PersistPath = failure.Text("persistPath"),
        MaxRetries = failure.Number("maxRetries") ?? FailureSettings.Default.MaxRetries,
        RetryDelay = failure.Number("retryDelay") ?? FailureSettings.Default.RetryDelay,
        NotifyCommand = failure.Text("notifyCommand"),
    };

    /// <summary>What stands under <c>sharding</c>.</summary>
    public static ShardingSettings Sharding(MappingNode? sharding) =>
        new(sharding.Number("parallelDownloads") ?? ShardingSettings.Default.ParallelDownloads);

    /// <summary>What stands under <c>integration.huggingface</c>.</summary>
    /// <param name="integration">The mapping, or null.</param>
    /// <param name="isRepository">Whether such a model lies in the Hub's cache unless it says otherwise.</param>
    public static HuggingFaceIntegration Integration(MappingNode? integration, bool isRepository) => new(
        integration.Truth("enable") ?? isRepository,
        integration.Text("org"),
        integration.Text("model"),
        integration.Texts("refs") ?? []);

    /// <summary>What stands under <c>integration.ollama</c>.</summary>
    public static OllamaIntegration Ollama(MappingNode? ollama) =>
        new(ollama.Truth("enable"), ollama.Text("name"), ollama.Text("tag"), ollama.Text("registry"));

    /// <summary>What stands under <c>integration.materialize</c>.</summary>
    public static Materialize Materialize(MappingNode? integration) => integration.Text("materialize") switch
    {
        "always" => Manifest.Materialize.Always,
        "never" => Manifest.Materialize.Never,
        _ => Manifest.Materialize.Auto,
    };

    /// <summary>What stands under <c>meta</c>.</summary>
    public static ModelMeta Meta(MappingNode? meta) => new(meta.Text("description"), meta.Text("homepage"), meta.Text("license"));

    /// <summary>What stands under <c>provenance</c>.</summary>
    public static ProvenanceSettings Provenance(MappingNode? provenance) => new(
        provenance.Truth("recordSource") ?? ProvenanceSettings.Default.RecordSource,
        provenance.Truth("recordTimestamp") ?? ProvenanceSettings.Default.RecordTimestamp,
        provenance.Truth("signOutput") ?? ProvenanceSettings.Default.SignOutput);

    private static TokenRefresh? TokenRefresh(MappingNode? refresh) =>
        refresh.Text("command") is { } command && (refresh.Truth("enable") ?? true)
            ? new(
                command,
                refresh.Number("refreshBeforeExpirySec") ?? Manifest.TokenRefresh.DefaultRefreshBeforeExpirySec,
                refresh.Number("maxTokenAgeSec") ?? Manifest.TokenRefresh.DefaultMaxTokenAgeSec)
            : null;
}
