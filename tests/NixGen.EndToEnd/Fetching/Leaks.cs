using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>Looks for text that must not be anywhere.</summary>
internal static class Leaks
{
    /// <summary>Fails where it is in any file below the store's root (outputs, derivations, Nix's own database), in a log, or in what a build wrote.</summary>
    public static async Task NoneAsync(NixSandbox nix, string secret, ProcessResult build)
    {
        Assert.DoesNotContain(secret, build.Output + build.Errors, StringComparison.Ordinal);
        var files = await ProcessRunner.RunAsync("grep", ["-rlFa", "--", secret, nix.Root]);
        Assert.Equal("", files.Output);
        // Logs are kept compressed.
        var logs = await ProcessRunner.RunAsync("bash", ["-c", "find \"$1/nix/var/log\" -name '*.bz2' -exec bzcat {} +", "bash", nix.Root]);
        Assert.Contains("nixgen: fetching", logs.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, logs.Output, StringComparison.Ordinal);
    }
}
