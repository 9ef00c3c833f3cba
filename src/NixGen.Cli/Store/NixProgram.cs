using System.ComponentModel;
using System.Diagnostics;

namespace NixGen.Cli.Store;

/// <summary>A run of a program that stands on the PATH. What it says to people passes through.</summary>
internal static class NixProgram
{
    /// <summary>What a run came to.</summary>
    /// <param name="Status">The exit code.</param>
    /// <param name="Output">What stood on standard output.</param>
    internal sealed record Ended(int Status, string Output);

    /// <summary>Runs it to its end; null where it can't be started.</summary>
    /// <param name="name">The program's name.</param>
    /// <param name="arguments">Its arguments, as they are.</param>
    /// <param name="cancellationToken">Ends it, and all that it has started.</param>
    /// <param name="variables">Variables beside those of this process.</param>
    public static async Task<Ended?> RunAsync(
        string name, IEnumerable<string> arguments, CancellationToken cancellationToken, IEnumerable<KeyValuePair<string, string>>? variables = null)
    {
        var start = new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (variable, value) in variables ?? [])
        {
            start.Environment[variable] = value;
        }

        try
        {
            using var process = Process.Start(start);
            if (process is null)
            {
                return null;
            }

            using var kill = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
            var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return new(process.ExitCode, output);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
