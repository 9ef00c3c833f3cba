namespace NixGen.Diagnostics.Rendering;

/// <summary>Writes diagnostics in any of the formats: in the one order, each once.</summary>
public static class DiagnosticWriter
{
    /// <summary>Writes all of them. JSON and SARIF are whole documents even where there is none.</summary>
    /// <param name="format">How.</param>
    /// <param name="diagnostics">What, in any order.</param>
    /// <param name="output">Where to. Nothing that a terminal would act on is written to it, save for colours where these are asked for.</param>
    /// <param name="colour">Whether text has ANSI colours.</param>
    public static void Write(DiagnosticFormat format, IEnumerable<Diagnostic> diagnostics, TextWriter output, bool colour = false)
    {
        var ordered = DiagnosticOrder.Sort(diagnostics);
        switch (format)
        {
            case DiagnosticFormat.Json:
                JsonRenderer.Write(ordered, output);
                break;
            case DiagnosticFormat.Sarif:
                SarifRenderer.Write(ordered, output);
                break;
            case DiagnosticFormat.GitHub:
                GitHubRenderer.Write(ordered, output);
                break;
            default:
                new TextRenderer(output, colour ? AnsiPalette.Coloured : AnsiPalette.Plain).Write(ordered);
                break;
        }
    }
}
