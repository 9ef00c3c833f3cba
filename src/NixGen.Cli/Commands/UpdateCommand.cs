using System.Collections.Immutable;
using System.CommandLine;
using NixGen.Cli.Arguments;
using NixGen.Cli.Projects;
using NixGen.Cli.Reporting;
using NixGen.Resolve;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen update [NAME…]</c>: moves revisions, the only command that does.</summary>
internal static class UpdateCommand
{
    private sealed record Arguments(string[] Names, string[] Manifests, bool DryRun, bool Offline, Report Report);

    private static async Task<int> RunAsync(Arguments arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var run = new CommandRun(terminal, arguments.Report);
        if (Project.Load(arguments.Manifests, run) is { } project)
        {
            ImmutableArray<string>? names = arguments.Names.Length == 0 ? null : [.. arguments.Names];
            await Locking.RunAsync(
                project, new LockOptions { Update = true, Names = names }, arguments.Offline, run, arguments.DryRun, cancellationToken);
        }

        return run.Finish();
    }

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var names = SharedArguments.WithoutOptions(
            new("NAME") { Description = "Models to update; all if none is named.", Arity = ArgumentArity.ZeroOrMore });
        var manifests = SharedArguments.ManifestOption();
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "Say what would change, and change nothing." };
        var command = new Command("update", "Ask upstream where the requested revisions are now, and move the lock there. Pinned models stay.")
        {
            names, manifests, dryRun,
        };
        LockArguments.AddOfflineTo(command);
        Report.AddTo(command);
        command.SetAction((result, cancellationToken) => RunAsync(
            new(
                result.GetValue(names) ?? [],
                result.GetValue(manifests) ?? [],
                result.GetValue(dryRun),
                LockArguments.IsOffline(result, terminal),
                Report.From(result, outputIsProduct: false)),
            terminal,
            cancellationToken));
        return command;
    }
}
