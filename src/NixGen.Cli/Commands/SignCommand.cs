using System.Collections.Immutable;
using System.CommandLine;
using NixGen.Cli.Arguments;
using NixGen.Cli.Output;
using NixGen.Cli.Projects;
using NixGen.Cli.Reporting;
using NixGen.Cli.Store;
using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Resolve;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen sign [NAME…]</c>: builds models from the checked-in output, and signs them with a key of Nix's.</summary>
internal static class SignCommand
{
    private sealed record Arguments(string[] Names, string[] Manifests, string KeyFile, string? File, string? Folder, Report Report);

    private static async Task<int> RunAsync(Arguments arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var run = new CommandRun(terminal, arguments.Report);
        if (Project.Load(arguments.Manifests, run) is not { } project
            || Chosen(arguments.Names, project.Manifest, run) is not { } models
            || SigningKey.Read(terminal.Absolute(arguments.KeyFile), arguments.KeyFile, run) is not { } key)
        {
            return run.Finish();
        }

        // What is signed is what the manifest says now.
        var outcome = await Locking.RunAsync(project, new LockOptions { Locked = true }, offline: true, run, dryRun: true, cancellationToken);
        var target = OutputTarget.Of(arguments.File, arguments.Folder, project, terminal);
        if (run.Diagnostics.HasErrors
            || EmissionOf.Project(project, outcome.Lock, run.Diagnostics) is not { } emission
            || target.Compare(emission, run.Diagnostics) is not { } differences)
        {
            return run.Finish();
        }

        differences.Tell(target.Remedy(arguments.Manifests), run);
        if (!run.Diagnostics.HasErrors && await new StoreSigning(run, target).RunAsync(models, key, cancellationToken) is { } signed)
        {
            foreach (var (model, path) in signed)
            {
                run.WriteLine($"{model} {path}");
            }

            run.Say($"signed with {VisibleText.Escape(key.Name)}");
        }

        return run.Finish();
    }

    private static ImmutableArray<string>? Chosen(string[] names, ModelManifest manifest, CommandRun run)
    {
        if (names.Length == 0)
        {
            ImmutableArray<string> asked = [.. manifest.Models.Where(model => model.Provenance.SignOutput).Select(model => model.Name)];
            if (asked.IsEmpty)
            {
                run.Diagnostics.Add(CommandLineDiagnostics.NothingToSign());
            }

            return asked.IsEmpty ? null : asked;
        }

        ImmutableArray<string> known = [.. manifest.Models.Select(model => model.Name), .. manifest.Compositions.Select(composition => composition.Name)];
        foreach (var name in names.Where(name => !known.Contains(name)))
        {
            run.Diagnostics.Add(CommandLineDiagnostics.ModelIsUnknown(name, Spelling.Nearest(name, known)));
        }

        return run.Diagnostics.HasErrors ? null : [.. names.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var names = SharedArguments.WithoutOptions(
            new("NAME") { Description = "Models to sign; without a name, those with `provenance.signOutput`.", Arity = ArgumentArity.ZeroOrMore });
        var manifests = SharedArguments.ManifestOption();
        var key = new Option<string>("--key-file")
        {
            Description = "The secret key, as `nix key generate-secret` writes one.",
            HelpName = "FILE",
            Required = true,
        };
        var file = SharedArguments.OutputFile("The checked-in file. Default: the manifest's name with .nix.");
        var folder = SharedArguments.OutputFolder("The checked-in folder.");
        var command = new Command(
            "sign",
            "Build models from the checked-in output and sign what comes of them, with all that it refers to, in the Nix store. Needs nix.")
        {
            names, manifests, key, file, folder,
        };
        Report.AddTo(command);
        SharedArguments.OnlyOneOf(command, file, folder);
        command.SetAction((result, cancellationToken) => RunAsync(
            new(
                result.GetValue(names) ?? [],
                result.GetValue(manifests) ?? [],
                result.GetValue(key) ?? "",
                result.GetValue(file),
                result.GetValue(folder),
                Report.From(result, outputIsProduct: true)),
            terminal,
            cancellationToken));
        return command;
    }
}
