using System.CommandLine;
using NixGen.Cli.Arguments;
using NixGen.Cli.Projects;
using NixGen.Cli.Reporting;
using NixGen.Resolve;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen lock [FILE…]</c>: resolves what the lock lacks or what is asked for otherwise than before.</summary>
internal static class LockCommand
{
    private static async Task<int> RunAsync(
        string[] files, LockArguments arguments, Report report, Terminal terminal, CancellationToken cancellationToken)
    {
        var run = new CommandRun(terminal, report);
        if (Project.Load(files, run) is not { } project)
        {
            return run.Finish();
        }

        var outcome = await Locking.RunAsync(
            project,
            new LockOptions { Locked = arguments.Locked, Frozen = arguments.Frozen },
            arguments.Offline,
            run,
            dryRun: false,
            cancellationToken);
        if (outcome.Diff.IsEmpty && !run.Diagnostics.HasErrors)
        {
            run.Say("the lock is up to date");
        }

        return run.Finish();
    }

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var files = SharedArguments.Manifests();
        var command = new Command(
            "lock",
            "Resolve revisions and hashes that the lock lacks, without downloading weights. Never moves a locked revision.")
        {
            files,
        };
        LockArguments.AddTo(command);
        Report.AddTo(command);
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetValue(files) ?? [],
            LockArguments.From(result, terminal),
            Report.From(result, outputIsProduct: false),
            terminal,
            cancellationToken));
        return command;
    }
}
