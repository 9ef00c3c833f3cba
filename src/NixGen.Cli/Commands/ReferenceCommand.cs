using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using NixGen.Diagnostics;
using NixGen.Diagnostics.Reference;
using NixGen.Emit;
using NixGen.Files;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen reference DIR</c>: writes the reference pages of the documentation. Hidden: it is for nixgen's own developers.</summary>
internal static class ReferenceCommand
{
    /// <summary>Every diagnostic there is.</summary>
    public static ImmutableArray<DiagnosticDescriptor> Diagnostics { get; } =
    [
        .. EmitDiagnostics.All,
        .. CommandLineDiagnostics.All,
    ];

    /// <summary>The pages by file name.</summary>
    public static ImmutableSortedDictionary<string, string> Pages(Command root) =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add("cli.md", CommandLineReference.Markdown(root))
            .Add("diagnostics.md", DiagnosticReference.Markdown(Diagnostics));

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "Where the pages go." };
        var command = new Command("reference", "Write the reference pages of the documentation.") { folder };
        command.Hidden = true;
        command.SetAction(result =>
        {
            var target = terminal.Absolute(result.GetValue(folder) ?? ".");
            Directory.CreateDirectory(target);
            foreach (var (name, page) in Pages(CommandLine.Create(terminal)))
            {
                AtomicFile.Write(Path.Combine(target, name), Encoding.UTF8.GetBytes(page));
            }

            return ExitCode.Done;
        });
        return command;
    }
}
