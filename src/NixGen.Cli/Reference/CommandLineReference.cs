using System.CommandLine;
using System.Text;

namespace NixGen.Cli.Reference;

/// <summary>Makes the reference page of the command line, <c>docs/reference/cli.md</c>, from the commands themselves.</summary>
internal static class CommandLineReference
{
    /// <summary>The page as markdown, with line feeds and one at the end.</summary>
    public static string Markdown(Command root)
    {
        var page = new StringBuilder("# Commands\n\n");
        page.Append("<!-- Made from the source by `nixgen`; a test compares it. -->\n\n");
        page.Append(root.Description).Append("\n\n");
        page.Append("| exit code | says |\n|---|---|\n");
        foreach (var (code, meaning) in ExitCodes)
        {
            page.Append($"| {code} | {meaning} |\n");
        }

        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
        {
            Append(page, command);
        }

        return page.ToString();
    }

    private static IEnumerable<(int Code, string Meaning)> ExitCodes =>
    [
        (ExitCode.Done, "done"),
        (ExitCode.InputWrong, "the manifest, the lock or the output folder is wrong, or the output can't be written; diagnostics are printed"),
        (ExitCode.WrongUsage, "the command was called wrongly"),
        (ExitCode.Stale, "what is checked in is stale, or `--locked` would have to change the lock"),
        (ExitCode.UpstreamFailed, "an upstream failed: network, access, not found, rate limit"),
        (ExitCode.ContentMismatch, "content does not match its hash"),
        (ExitCode.Bug, "a bug in nixgen"),
        (ExitCode.Interrupted, "ended by Ctrl-C or SIGTERM"),
    ];

    private static void Append(StringBuilder page, Command command)
    {
        var arguments = string.Concat(command.Arguments.Select(argument => " " + Shape(argument)));
        page.Append($"\n## `nixgen {command.Name}`\n\n{command.Description}\n\n");
        page.Append($"```\nnixgen {command.Name} [OPTIONS]{arguments}\n```\n\n");
        page.Append("| | |\n|---|---|\n");
        foreach (var argument in command.Arguments)
        {
            page.Append($"| `{argument.Name}` | {Cell(argument.Description)} |\n");
        }

        foreach (var option in command.Options.Where(option => !option.Hidden))
        {
            var names = string.Join(", ", option.Aliases.Prepend(option.Name).OrderBy(name => name.Length).Select(name => $"`{name}`"));
            var value = option.HelpName is { } name ? $" `{name}`" : "";
            page.Append($"| {names}{value} | {Cell(option.Description)} |\n");
        }
    }

    private static string Shape(Argument argument) => argument.Arity switch
    {
        { MinimumNumberOfValues: 0, MaximumNumberOfValues: > 1 } => $"[{argument.Name}…]",
        { MinimumNumberOfValues: 0 } => $"[{argument.Name}]",
        { MaximumNumberOfValues: > 1 } => $"{argument.Name}…",
        _ => argument.Name,
    };

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
