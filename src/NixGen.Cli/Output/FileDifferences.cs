using System.Collections.Immutable;
using NixGen.Cli.Reporting;
using NixGen.Diagnostics.Rendering;
using NixGen.Emit;

namespace NixGen.Cli.Output;

/// <summary>Says how checked-in output differs from what would be written.</summary>
internal static class FileDifferences
{
    /// <summary>Adds a diagnostic for each file, and shows people the lines.</summary>
    /// <param name="differences">The differences.</param>
    /// <param name="remedy">The command that ends them.</param>
    /// <param name="run">The command's run.</param>
    public static void Tell(this ImmutableArray<FileDifference> differences, string remedy, CommandRun run)
    {
        foreach (var difference in differences)
        {
            run.Diagnostics.Add(EmitDiagnostics.IsStale(difference.Path, remedy, difference.Place));
            if (run.Report is { Format: DiagnosticFormat.Text, Quiet: false })
            {
                difference.Write(run.Terminal.Error);
            }
        }
    }
}
