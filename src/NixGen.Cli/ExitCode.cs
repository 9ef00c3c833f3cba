using NixGen.Diagnostics;

namespace NixGen.Cli;

/// <summary>What the process tells its caller. Stable: scripts and hooks branch on these.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The manifest, the lock or the output folder is wrong, or the output can't be written.</summary>
    public const int InputWrong = 1;

    /// <summary>The command was called wrongly.</summary>
    public const int WrongUsage = 2;

    /// <summary>What is checked in is stale, or <c>--locked</c> would have to change the lock.</summary>
    public const int Stale = 3;

    /// <summary>An upstream failed.</summary>
    public const int UpstreamFailed = 4;

    /// <summary>Content does not match its hash.</summary>
    public const int ContentMismatch = 5;

    /// <summary>Ended by Ctrl-C: 128 + SIGINT, as shells report it.</summary>
    public const int Interrupted = 130;

    /// <summary>A bug in nixgen (<c>EX_SOFTWARE</c> of sysexits.h).</summary>
    public const int Bug = 70;

    /// <summary>The exit code for a run's diagnostics: the gravest kind wins, a wrong hash before all others.</summary>
    public static int Of(IEnumerable<Diagnostic> diagnostics)
    {
        var kinds = diagnostics
            .Where(diagnostic => diagnostic.Severity == Severity.Error)
            .Select(diagnostic => diagnostic.Descriptor.Kind)
            .ToHashSet();
        return kinds.Contains(FailureKind.ContentMismatch) ? ContentMismatch
            : kinds.Contains(FailureKind.Usage) ? WrongUsage
            : kinds.Contains(FailureKind.Input) ? InputWrong
            : kinds.Contains(FailureKind.Upstream) ? UpstreamFailed
            : kinds.Contains(FailureKind.Stale) ? Stale
            : Done;
    }
}
