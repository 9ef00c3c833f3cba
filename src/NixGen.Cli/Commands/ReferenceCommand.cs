using System.CommandLine;
using System.Text;
using NixGen.Cli.Reference;
using NixGen.Files;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen reference DIR</c>: writes the reference pages of the documentation. Hidden: it is for nixgen's own developers.</summary>
internal static class ReferenceCommand
{
    private static int Run(string folder, Terminal terminal)
    {
        var target = terminal.Absolute(folder);
        Directory.CreateDirectory(target);
        foreach (var (name, page) in ReferencePages.Make(terminal))
        {
            AtomicFile.Write(Path.Combine(target, name), Encoding.UTF8.GetBytes(page));
        }

        return ExitCode.Done;
    }

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "Where the pages go." };
        var command = new Command("reference", "Write the reference pages of the documentation.") { folder };
        command.Hidden = true;
        command.SetAction(result => Run(result.GetValue(folder) ?? ".", terminal));
        return command;
    }
}
