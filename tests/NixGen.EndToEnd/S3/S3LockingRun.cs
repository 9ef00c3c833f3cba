using NixGen.Diagnostics;
using NixGen.EndToEnd.Resolve;
using NixGen.Lock;
using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.S3;

/// <summary>A machine whose S3 is a loopback one.</summary>
internal sealed class S3LockingRun : LockingMachine
{
    public S3LockingRun(string endpoint, S3Account? account = null)
    {
        Set("AWS_ENDPOINT_URL_S3", endpoint);
        // The machine that tests run on may have a role of its own.
        Set("AWS_EC2_METADATA_DISABLED", "true");
        if (account is not null)
            SignAs(account);
    }

    public bool IsOffline
    {
        get => Upstream.Offline;
        set => Upstream = Upstream with { Offline = value };
    }

    public void SignAs(S3Account account)
    {
        Set("AWS_ACCESS_KEY_ID", account.KeyId);
        Set("AWS_SECRET_ACCESS_KEY", account.Secret);
        if (account.SessionToken is { } session)
            Set("AWS_SESSION_TOKEN", session);
    }

    /// <summary>Locks one model, keeps the lock, and returns the entry.</summary>
    public async Task<LockedModel> SucceedAsync(string source, string settings = "")
    {
        var locked = await base.SucceedAsync($"m: {{ source: {source}{settings} }}");
        Keep(locked);
        return locked.Models["m"];
    }

    /// <summary>Locks one model and expects that one error keeps it from being locked, which names it, and holds no secret.</summary>
    public async Task<Diagnostic> FailAsync(string code, string source, string settings = "")
    {
        var outcome = await LockAsync($"m: {{ source: {source}{settings} }}");
        var error = Assert.Single(outcome.Diagnostics, item => item.Severity == Severity.Error);
        Assert.True(error.Code == code, $"{error.Code} instead of {code}: {error.Message} {error.Help}");
        Assert.Contains("'m'", error.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(error.Help));
        Assert.Equal(FailureKind.Upstream, error.Descriptor.Kind);
        foreach (var secret in (ReadOnlySpan<string>)["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
        {
            if (Variable(secret) is { Length: > 0 } value)
                Assert.DoesNotContain(value, $"{error.Message} {error.Help} {error.Expected} {error.Actual}", StringComparison.Ordinal);
        }

        Assert.DoesNotContain("X-Amz-Signature", $"{error.Message} {error.Help}", StringComparison.Ordinal);
        return error;
    }
}
