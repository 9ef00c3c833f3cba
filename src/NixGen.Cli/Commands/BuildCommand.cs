using System.CommandLine;
using NixGen.Cli.Arguments;
using NixGen.Cli.Output;
using NixGen.Cli.Projects;
using NixGen.Cli.Reporting;
using NixGen.Emit.SingleFile;
using NixGen.Resolve;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen build [FILE…]</c>: locks what is missing, then emits Nix.</summary>
internal static class BuildCommand
{
    private sealed record Arguments(string[] Manifests, string? File, string? Folder, LockArguments Lock, Report Report);

    private static async Task<int> RunAsync(Arguments arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var run = new CommandRun(terminal, arguments.Report);
        if (Project.Load(arguments.Manifests, run) is not { } project)
        {
            return run.Finish();
        }

        var options = new LockOptions { Locked = arguments.Lock.Locked, Frozen = arguments.Lock.Frozen };
        var outcome = await Locking.RunAsync(project, options, arguments.Lock.Offline, run, dryRun: false, cancellationToken);
        if (run.Diagnostics.HasErrors || EmissionOf.Project(project, outcome.Lock, run.Diagnostics) is not { } emission)
        {
            return run.Finish();
        }

        if (Target(arguments, terminal) is { } target)
        {
            if (await target.WriteAsync(emission, run, cancellationToken) is { } changed)
            {
                run.Say($"{arguments.Folder ?? arguments.File}: {(changed ? "written" : "up to date")}");
            }
        }
        else
        {
            run.Write(SingleFileEmitter.Emit(emission).Span);
        }

        return run.Finish();
    }

    private static OutputTarget? Target(Arguments arguments, Terminal terminal) => arguments switch
    {
        { Folder: { } folder } => new OutputTarget.Folder(terminal.Absolute(folder), folder),
        { File: { } file } => new OutputTarget.SingleFile(terminal.Absolute(file), file),
        _ => null,
    };

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var manifests = SharedArguments.Manifests();
        var file = SharedArguments.OutputFile("Write one self-contained Nix file here instead of to standard output.");
        var folder = SharedArguments.OutputFolder("Write a whole flake into this folder.");
        var command = new Command("build", "Lock what is missing, then emit Nix: to standard output, a file, or a folder.")
        {
            manifests, file, folder,
        };
        LockArguments.AddTo(command);
        Report.AddTo(command);
        SharedArguments.OnlyOneOf(command, file, folder);
        command.SetAction((result, cancellationToken) =>
        {
            var toOutput = result.GetValue(file) is null && result.GetValue(folder) is null;
            return RunAsync(
                new(
                    result.GetValue(manifests) ?? [],
                    result.GetValue(file),
                    result.GetValue(folder),
                    LockArguments.From(result, terminal),
                    Report.From(result, outputIsProduct: toOutput)),
                terminal,
                cancellationToken);
        });
        return command;
    }
}
