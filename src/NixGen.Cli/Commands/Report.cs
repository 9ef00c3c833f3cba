using System.CommandLine;

namespace NixGen.Cli.Commands;

/// <summary>How a command speaks to its caller.</summary>
/// <param name="Format">The form of diagnostics.</param>
/// <param name="Quiet">Whether to leave out progress and notes.</param>
/// <param name="OutputIsProduct">Whether standard output carries a product, so that machine-readable diagnostics must go to standard error.</param>
internal sealed record Report(ReportFormat Format, bool Quiet, bool OutputIsProduct = true)
{
    private static readonly Option<ReportFormat> FormatOption = new("--format")
    {
        Description = "How diagnostics are written: text, json, sarif or github.",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => ReportFormat.Text,
    };

    private static readonly Option<bool> QuietOption = new("--quiet", "-q")
    {
        Description = "No progress and no notes; errors only.",
    };

    /// <summary>Adds the options to a command.</summary>
    public static void AddTo(Command command)
    {
        command.Options.Add(FormatOption);
        command.Options.Add(QuietOption);
    }

    /// <summary>Reads them.</summary>
    public static Report From(ParseResult result, bool outputIsProduct = true) =>
        new(result.GetValue(FormatOption), result.GetValue(QuietOption), outputIsProduct);
}

/// <summary>The forms of diagnostics.</summary>
internal enum ReportFormat
{
    /// <summary>For people, with an excerpt of the source.</summary>
    Text,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>SARIF 2.1.0, for code scanning.</summary>
    Sarif,

    /// <summary>GitHub Actions annotations.</summary>
    Github,
}
