using System.Text;
using NixGen.Cli.Arguments;
using NixGen.Diagnostics;
using NixGen.Diagnostics.Rendering;

namespace NixGen.Cli.Reporting;

/// <summary>One run of a command: collects diagnostics, writes the product, and ends with the exit code.</summary>
/// <param name="terminal">The console.</param>
/// <param name="report">How to speak.</param>
internal sealed class CommandRun(Terminal terminal, Report report)
{
    /// <summary>Where everything that goes wrong is put.</summary>
    public DiagnosticBag Diagnostics { get; } = new();

    /// <summary>The console.</summary>
    public Terminal Terminal => terminal;

    /// <summary>How to speak.</summary>
    public Report Report => report;

    /// <summary>Writes the product to standard output.</summary>
    public void Write(ReadOnlySpan<byte> product) => terminal.Output.Write(product);

    /// <summary>Writes a line of the product to standard output.</summary>
    public void WriteLine(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Tells a person something, unless asked to be quiet.</summary>
    public void Say(string line)
    {
        if (!report.Quiet)
        {
            terminal.Error.WriteLine(line);
        }
    }

    /// <summary>Prints the diagnostics and gives the exit code.</summary>
    public int Finish()
    {
        var items = Diagnostics.Items
            .Where(item => !report.Quiet || item.Severity == Severity.Error)
            .ToList();
        // People's text goes to standard error; a machine reads standard output, unless the product is there.
        if (report.Format == DiagnosticFormat.Text)
        {
            DiagnosticWriter.Write(report.Format, items, terminal.Error, terminal.UsesColor);
        }
        else if (report.OutputIsProduct)
        {
            DiagnosticWriter.Write(report.Format, items, terminal.Error);
        }
        else
        {
            using var output = new StreamWriter(terminal.Output, leaveOpen: true);
            DiagnosticWriter.Write(report.Format, items, output);
        }

        terminal.Output.Flush();
        return ExitCode.Of(items);
    }
}
