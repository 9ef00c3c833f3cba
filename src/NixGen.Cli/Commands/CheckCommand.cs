using System.CommandLine;
using NixGen.Cli.Arguments;
using NixGen.Cli.Output;
using NixGen.Cli.Projects;
using NixGen.Cli.Reporting;
using NixGen.Resolve;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen check [FILE…]</c>: is the checked-in output what <c>build</c> would write? Opens no socket and writes nothing.</summary>
internal static class CheckCommand
{
    private sealed record Arguments(string[] Manifests, string? File, string? Folder, Report Report);

    private static async Task<int> RunAsync(Arguments arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var run = new CommandRun(terminal, arguments.Report);
        if (Project.Load(arguments.Manifests, run) is not { } project)
        {
            return run.Finish();
        }

        var outcome = await Locking.RunAsync(
            project, new LockOptions { Locked = true }, offline: true, run, dryRun: true, cancellationToken);
        var target = OutputTarget.Of(arguments.File, arguments.Folder, project, terminal);
        // A stale lock still tells how the output would differ, if it has all models.
        if (EmissionOf.Project(project, outcome.Lock, run.Diagnostics) is { } emission
            && target.Compare(emission, run.Diagnostics) is { } differences)
        {
            differences.Tell(target.Remedy(arguments.Manifests), run);
        }

        return run.Finish();
    }

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var manifests = SharedArguments.Manifests();
        var file = SharedArguments.OutputFile("The checked-in file. Default: the manifest's name with .nix.");
        var folder = SharedArguments.OutputFolder("The checked-in folder.");
        var command = new Command(
            "check",
            "Compare the checked-in output with what build would write; exit code 3 and a diff if they differ. Opens no socket, writes nothing.")
        {
            manifests, file, folder,
        };
        Report.AddTo(command);
        SharedArguments.OnlyOneOf(command, file, folder);
        command.SetAction((result, cancellationToken) => RunAsync(
            new(
                result.GetValue(manifests) ?? [],
                result.GetValue(file),
                result.GetValue(folder),
                Report.From(result, outputIsProduct: false)),
            terminal,
            cancellationToken));
        return command;
    }
}
