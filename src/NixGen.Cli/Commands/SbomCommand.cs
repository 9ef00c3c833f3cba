using System.CommandLine;
using NixGen.Cli.Arguments;
using NixGen.Cli.Projects;
using NixGen.Cli.Reporting;
using NixGen.Emit.Sbom;
using NixGen.Resolve;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen sbom [FILE…]</c>: a bill of materials of what is locked. Opens no socket.</summary>
internal static class SbomCommand
{
    private static async Task<int> RunAsync(string[] files, string standard, Report report, Terminal terminal, CancellationToken cancellationToken)
    {
        var run = new CommandRun(terminal, report);
        if (Project.Load(files, run) is not { } project)
        {
            return run.Finish();
        }

        var outcome = await Locking.RunAsync(project, new LockOptions { Locked = true }, offline: true, run, dryRun: true, cancellationToken);
        if (!run.Diagnostics.HasErrors && EmissionOf.Project(project, outcome.Lock, run.Diagnostics) is { } emission)
        {
            run.Write((standard == "spdx" ? Spdx.Write(emission) : CycloneDx.Write(emission)).Span);
        }

        return run.Finish();
    }

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var files = SharedArguments.Manifests();
        var standard = new Option<string>("--standard")
        {
            Description = "cyclonedx (1.6) or spdx (3.0.1).",
            DefaultValueFactory = _ => "cyclonedx",
        };
        standard.AcceptOnlyFromAmong("cyclonedx", "spdx");
        var command = new Command("sbom", "Print a bill of materials of what is locked: models, revisions, licences, files and their hashes. Opens no socket.") { files, standard };
        Report.AddTo(command);
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetValue(files) ?? [], result.GetValue(standard) ?? "cyclonedx", Report.From(result, outputIsProduct: true), terminal, cancellationToken));
        return command;
    }
}
