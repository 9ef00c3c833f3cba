using System.Reflection;
using NixGen.Cli.Reporting;
using NixGen.Cli.Store;
using NixGen.Resolve;
using NixGen.Sources;

namespace NixGen.Cli.Projects;

/// <summary>Locks what a command needs, tells what happened, and saves the lock.</summary>
internal static class Locking
{
    /// <summary>The version of this program, as it introduces itself to upstreams.</summary>
    public static string Version { get; } =
        typeof(Locking).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Brings the lock up to the manifest. What was resolved is saved even where another model failed.</summary>
    /// <param name="project">The manifest and its lock.</param>
    /// <param name="options">What may be done.</param>
    /// <param name="offline">Whether to open no socket.</param>
    /// <param name="run">The command's run.</param>
    /// <param name="dryRun">Whether to save nothing.</param>
    /// <param name="cancellationToken">Ends the run; nothing is saved.</param>
    public static async Task<LockOutcome> RunAsync(
        Project project, LockOptions options, bool offline, CommandRun run, bool dryRun, CancellationToken cancellationToken)
    {
        using var upstream = CreateUpstream(run.Terminal, offline);
        var locker = new Locker(upstream, new HostEnvironment(run.Terminal.Environment));
        Task<LockOutcome> Lock(IResolveProgress progress) =>
            locker.LockAsync(project.Manifest, project.Lock, options, progress, cancellationToken);

        var mayAsk = !offline && !options.Locked && !options.Frozen;
        var outcome = mayAsk && run.Terminal.ShowsLiveProgress && !run.Report.Quiet
            ? await LiveProgress.RunAsync(run.Terminal.Error, Lock)
            : await Lock(LineProgress.Instance);

        run.Diagnostics.AddRange(outcome.Diagnostics);
        LockReport.Write(outcome, ModelStore.Of(run.Terminal), run);
        var changed = !outcome.Diff.IsEmpty || !project.Lock.IsCurrent;
        if (changed && !dryRun && !options.Locked && !options.Frozen)
        {
            await project.Store.SaveAsync(project.Lock.Lock, outcome.Lock, run.Diagnostics, cancellationToken);
        }

        return outcome;
    }

    /// <summary>The way to the network, with this machine's cache.</summary>
    public static UpstreamClient CreateUpstream(Terminal terminal, bool offline) => new(new UpstreamOptions
    {
        UserAgent = $"nixgen/{Version}",
        Offline = offline,
        CacheFolder = terminal.CacheFolder,
    });
}
