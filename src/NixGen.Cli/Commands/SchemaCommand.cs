using System.CommandLine;
using NixGen.Cli.Arguments;
using NixGen.Cli.Reporting;
using NixGen.Manifest.Schema;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen schema [NAME]</c>: prints a JSON Schema.</summary>
internal static class SchemaCommand
{
    private static int Run(string name, Report report, Terminal terminal)
    {
        var run = new CommandRun(terminal, report);
        if (name is "manifest" or "manifest.v1")
        {
            run.Write(ManifestSchema.Read());
        }
        else
        {
            run.Diagnostics.Add(CommandLineDiagnostics.SchemaIsUnknown(name, ["manifest"]));
        }

        return run.Finish();
    }

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME")
        {
            Description = "Which schema: manifest.",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => "manifest",
        };
        var command = new Command("schema", "Print the JSON Schema of manifests, for editors and other checkers.") { name };
        Report.AddTo(command);
        command.SetAction(result => Run(result.GetValue(name) ?? "manifest", Report.From(result, outputIsProduct: true), terminal));
        return command;
    }
}
