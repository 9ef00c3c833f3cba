using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using NixGen.Cli.Commands;
using NixGen.Cli.Projects;

namespace NixGen.Cli;

/// <summary>The whole command line.</summary>
public static class CommandLine
{
    /// <summary>Runs a command and gives the process's exit code.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <param name="terminal">The console.</param>
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal)
    {
        terminal = terminal with { Output = new ProductStream(terminal.Output) };
        var result = Create(terminal).Parse(arguments);
        if (result.Errors.Count > 0 && result.Action is ParseErrorAction)
        {
            foreach (var error in result.Errors)
            {
                await terminal.Error.WriteLineAsync($"nixgen: {error.Message}");
            }

            await terminal.Error.WriteLineAsync($"Try `{Invocation(result)} --help`.");
            return ExitCode.WrongUsage;
        }

        using var interrupt = new Interrupt();
        try
        {
            using var output = new StreamWriter(terminal.Output, leaveOpen: true) { AutoFlush = true };
            return await result.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = output,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync("nixgen: interrupted; nothing was written");
            return ExitCode.Interrupted;
        }
        catch (ProductException exception) when (exception.IsBrokenPipe)
        {
            return ExitCode.Done; // whoever read the output has seen enough
        }
        catch (ProductException exception)
        {
            await terminal.Error.WriteLineAsync($"nixgen: standard output can't be written: {exception.Message}");
            return ExitCode.InputWrong;
        }
#pragma warning disable CA1031 // the last resort: whatever gets here is a bug, and says so
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await terminal.Error.WriteLineAsync("nixgen: this is a bug in nixgen; please report it with the lines below");
            await terminal.Error.WriteLineAsync(exception.ToString());
            return ExitCode.Bug;
        }
    }

    /// <summary>The commands and their options.</summary>
    public static Command Create(Terminal terminal)
    {
        var root = new Command("nixgen", "Pins AI models with Nix: a manifest in, a lock without downloading weights, pure Nix out.")
        {
            BuildCommand.Create(terminal),
            CheckCommand.Create(terminal),
            LockCommand.Create(terminal),
            UpdateCommand.Create(terminal),
            ValidateCommand.Create(terminal),
            InfoCommand.Create(terminal),
            PrefetchCommand.Create(terminal),
            HashCommand.Create(terminal),
            SbomCommand.Create(terminal),
            SignCommand.Create(terminal),
            SchemaCommand.Create(terminal),
            ReferenceCommand.Create(terminal),
        };
        var version = new Option<bool>("--version") { Description = "Show the version." };
        root.Options.Add(version);
        root.Options.Add(new HelpOption { Recursive = true });
        root.SetAction(result =>
        {
            if (result.GetValue(version))
            {
                result.InvocationConfiguration.Output.WriteLine($"nixgen {Locking.Version}");
                return ExitCode.Done;
            }

            terminal.Error.WriteLine("nixgen: which command? Try `nixgen --help`.");
            return ExitCode.WrongUsage;
        });
        return root;
    }

    private static string Invocation(ParseResult result) =>
        result.CommandResult.Command.Name == "nixgen" ? "nixgen" : $"nixgen {result.CommandResult.Command.Name}";
}
