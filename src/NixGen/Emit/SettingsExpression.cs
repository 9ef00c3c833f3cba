using NixGen.Manifest;
using NixGen.Nix.Expressions;

namespace NixGen.Emit;

/// <summary>The settings of the fetch engine as <c>fetchModel</c> takes them: only what differs from its defaults.</summary>
internal static class SettingsExpression
{
    /// <summary>The attributes of <c>auth</c>. Packages go by name: the library finds them in its nixpkgs.</summary>
    public static AttributeSetBuilder Auth(AuthSettings auth) => AttributeSet.Build()
        .AddIfPresent("tokenFile", auth.TokenFile)
        .AddIfPresent("tokenEnvVar", auth.TokenEnvVar)
        .AddIfPresent("required", Flag(auth.Required, AuthSettings.Default.Required))
        .AddIfPresent("useHfCli", Flag(auth.UseHfCli, AuthSettings.Default.UseHfCli))
        .AddIfPresent("netrcFile", auth.NetrcFile)
        .AddIfPresent("awsProfile", auth.AwsProfile)
        .AddIfPresent("gcpServiceAccountKey", auth.GcpServiceAccountKey)
        .AddIfPresent("gatedModelHelp", Text(auth.GatedModelHelp))
        .AddUnlessEmpty("tokenRefresh", TokenRefresh(auth.TokenRefresh))
        .AddIfPresent("authScript", Text(auth.AuthScript))
        .AddUnlessEmpty("buildInputs", auth.BuildInputs);

    /// <summary>The attributes of <c>network</c>.</summary>
    public static AttributeSetBuilder Network(NetworkSettings network)
    {
        var standard = NetworkSettings.Default;
        var set = AttributeSet.Build();
        if (network.ConnectTimeout != standard.ConnectTimeout || network.ReadTimeout != standard.ReadTimeout)
        {
            set.Add("timeout", AttributeSet.Build().Add("connect", network.ConnectTimeout).Add("read", network.ReadTimeout).ToSet());
        }

        if (network.MaxAttempts != standard.MaxAttempts || network.BaseDelay != standard.BaseDelay)
        {
            set.Add("retry", AttributeSet.Build().Add("maxAttempts", network.MaxAttempts).Add("baseDelay", network.BaseDelay).ToSet());
        }

        return set
            .AddIfPresent("connections", Number(network.Connections, standard.Connections))
            .AddIfPresent(AttributePath.Of("bandwidth", "limit"), network.BandwidthLimit)
            .AddIfPresent("mirrors", network.Mirrors.IsEmpty ? null : new ListExpression([.. network.Mirrors.Select(Mirror)]));
    }

    /// <summary>The attributes of <c>download</c>.</summary>
    public static AttributeSetBuilder Download(DownloadSettings download) => AttributeSet.Build()
        .AddIfPresent("resumeOnAuthFailure", Flag(download.ResumeOnAuthFailure, DownloadSettings.Default.ResumeOnAuthFailure))
        .AddIfPresent("maxResumeAttempts", Number(download.MaxResumeAttempts, DownloadSettings.Default.MaxResumeAttempts));

    /// <summary>The attributes of <c>onDownloadFailure</c>.</summary>
    public static AttributeSetBuilder Failure(FailureSettings failure) => AttributeSet.Build()
        .AddIfPresent("action", failure.Action switch
        {
            FailureAction.Persist => "persist",
            FailureAction.Retry => "retry",
            _ => null,
        })
        .AddIfPresent("persistPath", failure.PersistPath)
        .AddIfPresent("maxRetries", Number(failure.MaxRetries, FailureSettings.Default.MaxRetries))
        .AddIfPresent("retryDelay", Number(failure.RetryDelay, FailureSettings.Default.RetryDelay))
        .AddIfPresent("notifyCommand", Text(failure.NotifyCommand));

    /// <summary>The attributes of <c>sharding</c>.</summary>
    public static AttributeSetBuilder Sharding(ShardingSettings sharding) => AttributeSet.Build()
        .AddIfPresent("parallelDownloads", Number(sharding.ParallelDownloads, ShardingSettings.Default.ParallelDownloads));

    /// <summary>The attributes of <c>provenance</c>.</summary>
    public static AttributeSetBuilder Provenance(ProvenanceSettings provenance) => AttributeSet.Build()
        .AddIfPresent("recordSource", Flag(provenance.RecordSource, ProvenanceSettings.Default.RecordSource))
        .AddIfPresent("recordTimestamp", Flag(provenance.RecordTimestamp, ProvenanceSettings.Default.RecordTimestamp))
        .AddIfPresent("signOutput", Flag(provenance.SignOutput, ProvenanceSettings.Default.SignOutput));

    private static AttributeSetBuilder TokenRefresh(TokenRefresh? refresh) => refresh is null
        ? AttributeSet.Build()
        : AttributeSet.Build()
            .AddIfPresent("command", Text(refresh.Command))
            .AddIfPresent("refreshBeforeExpirySec", Number(refresh.RefreshBeforeExpirySec, Manifest.TokenRefresh.DefaultRefreshBeforeExpirySec))
            .AddIfPresent("maxTokenAgeSec", Number(refresh.MaxTokenAgeSec, Manifest.TokenRefresh.DefaultMaxTokenAgeSec));

    private static Expression Mirror(Mirror mirror) => AttributeSet.Build()
        .Add(MirrorVocabulary.Key(mirror.Kind), mirror.Url)
        .AddIfPresent("prefer", Flag(mirror.Prefer, false))
        .ToSet();

    // Lines stay lines, so that a script can be read where it is emitted.
    internal static Expression? Text(string? text) => text switch
    {
        null => null,
        _ when text.Contains('\n', StringComparison.Ordinal) => new IndentedString(text),
        _ => new StringLiteral(text),
    };

    private static BooleanLiteral? Flag(bool value, bool standard) =>
        value == standard ? null : value ? BooleanLiteral.True : BooleanLiteral.False;

    private static IntegerLiteral? Number(int value, int standard) => value == standard ? null : new(value);
}
