using System.CommandLine;
using NixGen.Diagnostics.Rendering;

namespace NixGen.Cli.Arguments;

/// <summary>How a command speaks to its caller.</summary>
/// <param name="Format">The form of diagnostics.</param>
/// <param name="Quiet">Whether to leave out progress and notes.</param>
/// <param name="OutputIsProduct">Whether standard output carries a product, so that machine-readable diagnostics must go to standard error.</param>
internal sealed record Report(DiagnosticFormat Format, bool Quiet, bool OutputIsProduct)
{
    private static readonly Option<string> FormatOption = new Option<string>("--format")
    {
        Description = "How diagnostics are written: text, json, sarif or github.",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "text",
    }.AcceptOnlyFromAmong("text", "json", "sarif", "github");

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
    public static Report From(ParseResult result, bool outputIsProduct) =>
        new(FormatOf(result.GetValue(FormatOption)), result.GetValue(QuietOption), outputIsProduct);

    private static DiagnosticFormat FormatOf(string? name) => name switch
    {
        "json" => DiagnosticFormat.Json,
        "sarif" => DiagnosticFormat.Sarif,
        "github" => DiagnosticFormat.GitHub,
        _ => DiagnosticFormat.Text,
    };
}
