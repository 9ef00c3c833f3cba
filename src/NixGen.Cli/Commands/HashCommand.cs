using System.CommandLine;
using NixGen.Cli.Arguments;
using NixGen.Cli.Reporting;
using NixGen.Nix.Hashing;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen hash PATH…</c>: hashes as Nix computes them.</summary>
internal static class HashCommand
{
    private sealed record Arguments(string[] Paths, string Mode, Report Report);

    private static int Run(Arguments arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var run = new CommandRun(terminal, arguments.Report);
        foreach (var path in arguments.Paths)
        {
            var full = terminal.Absolute(path);
            try
            {
                var flat = arguments.Mode == "flat" || (arguments.Mode == "auto" && File.Exists(full));
                var hash = flat
                    ? ContentHasher.OfFile(full, cancellationToken).Sha256
                    : NixArchive.Hash(full, cancellationToken);
                run.WriteLine(arguments.Paths.Length == 1 ? hash.Text : $"{hash.Text}  {path}");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NixArchiveException)
            {
                run.Diagnostics.Add(CommandLineDiagnostics.CannotRead(path, exception.Message));
            }
        }

        return run.Finish();
    }

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var paths = SharedArguments.WithoutOptions(new("PATH") { Description = "Files or folders.", Arity = ArgumentArity.OneOrMore });
        var mode = new Option<string>("--mode")
        {
            Description = "flat: the file's bytes, as `sha256` of a file in the lock. nar: the path as Nix serialises it, as `hash` of a model. auto: flat for a file, nar for a folder.",
            DefaultValueFactory = _ => "auto",
        };
        mode.AcceptOnlyFromAmong("auto", "flat", "nar");
        var command = new Command("hash", "Print the SHA-256 of files and folders as Nix computes it, in SRI form.") { paths, mode };
        Report.AddTo(command);
        command.SetAction((result, cancellationToken) => Task.FromResult(Run(
            new(result.GetValue(paths) ?? [], result.GetValue(mode) ?? "auto", Report.From(result, outputIsProduct: true)),
            terminal,
            cancellationToken)));
        return command;
    }
}
