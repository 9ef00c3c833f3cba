using System.CommandLine;
using NixGen.Cli.Arguments;
using NixGen.Cli.Projects;
using NixGen.Cli.Reporting;
using NixGen.Lock;
using NixGen.Resolve.Policy;
using NixGen.Sources;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen validate [FILE…]</c>: schema and meaning, without network.</summary>
internal static class ValidateCommand
{
    private static int Run(string[] files, Report report, Terminal terminal)
    {
        var run = new CommandRun(terminal, report);
        if (ManifestPaths.Find(files, terminal, run.Diagnostics) is not { } paths
            || Project.LoadManifest(paths, run) is not { } manifest)
        {
            return run.Finish();
        }

        var lockFile = manifest.Policy.Span is null ? null : Project.StoreBeside(paths, terminal).Load(run.Diagnostics)?.Lock;
        var policy = new PolicyAdmission(manifest.Policy);
        foreach (var model in manifest.Models)
        {
            var source = SourceRegistry.Bind(model.Source, run.Diagnostics);
            // What isn't locked as it is asked for now is asked about when it is.
            if (lockFile?.Models.GetValueOrDefault(model.Name) is { } locked && locked.Request.Equals(source?.Request.Canonical))
            {
                policy.Admits(model, locked, run.Diagnostics);
            }

            foreach (var alternate in model.Alternates)
            {
                SourceRegistry.Bind(alternate, run.Diagnostics);
            }
        }

        run.Diagnostics.AddRange(policy.OfAll(manifest.Models.Select(model => lockFile?.Models.GetValueOrDefault(model.Name)).OfType<LockedModel>()));
        if (!run.Diagnostics.HasErrors)
        {
            run.Say(manifest.Models.Length == 1 ? "1 model, no faults" : $"{manifest.Models.Length} models, no faults");
        }

        return run.Finish();
    }

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var files = SharedArguments.Manifests();
        var command = new Command("validate", "Check a manifest: its form and its meaning, and what is locked against its policy. Opens no socket.") { files };
        Report.AddTo(command);
        command.SetAction(result => Run(result.GetValue(files) ?? [], Report.From(result, outputIsProduct: false), terminal));
        return command;
    }
}
