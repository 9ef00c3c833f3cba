using System.Collections.Immutable;
using System.CommandLine;
using NixGen.Cli.Arguments;
using NixGen.Cli.Output;
using NixGen.Cli.Projects;
using NixGen.Cli.Reporting;
using NixGen.Diagnostics.Rendering;
using NixGen.Emit;
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
        var target = Target(arguments, project, terminal);
        // A stale lock still tells how the output would differ, if it has all models.
        if (EmissionOf.Project(project, outcome.Lock, run.Diagnostics) is { } emission
            && target.Compare(emission, run.Diagnostics) is { } differences)
        {
            Tell(differences, RemedyOf(arguments, target), run);
        }

        return run.Finish();
    }

    private static void Tell(ImmutableArray<FileDifference> differences, string remedy, CommandRun run)
    {
        foreach (var difference in differences)
        {
            run.Diagnostics.Add(EmitDiagnostics.IsStale(difference.Path, remedy, difference.Place));
            if (run.Report is { Format: DiagnosticFormat.Text, Quiet: false })
            {
                difference.Write(run.Terminal.Error);
            }
        }
    }

    private static OutputTarget Target(Arguments arguments, Project project, Terminal terminal)
    {
        if (arguments.Folder is { } folder)
        {
            return new OutputTarget.Folder(terminal.Absolute(folder), folder);
        }

        // Without a word from the user: the file that is called like the manifest.
        var file = arguments.File ?? Path.GetRelativePath(terminal.Folder, Path.ChangeExtension(project.Paths.First, ".nix"));
        return new OutputTarget.SingleFile(terminal.Absolute(file), file);
    }

    private static string RemedyOf(Arguments arguments, OutputTarget target)
    {
        var manifests = string.Concat(arguments.Manifests.Select(manifest => " " + manifest));
        return target switch
        {
            OutputTarget.Folder folder => $"nixgen build{manifests} --out {folder.Shown}",
            OutputTarget.SingleFile file => $"nixgen build{manifests} -o {file.Shown}",
            _ => $"nixgen build{manifests}",
        };
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
