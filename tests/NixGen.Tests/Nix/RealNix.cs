using System.Diagnostics;
using System.Text;
using System.Text.Json;
using NixGen.Nix.Expressions;
using NixGen.Nix.Printing;

namespace NixGen.Tests.Nix;

/// <summary>
/// Asks the installed Nix what it makes of some text. Evaluation uses a store that can't be written and an environment of its own,
/// so nothing of the machine's Nix is read or changed.
/// </summary>
internal static class RealNix
{
    /// <summary>Evaluates an expression wholly.</summary>
    public static JsonElement Evaluate(Expression expression) => Evaluate(NixPrinter.PrintUtf8(expression));

    /// <summary>Evaluates source wholly.</summary>
    public static JsonElement Evaluate(byte[] source)
    {
        var answer = OfSource(source, "--eval", "--strict", "--json");
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.Clone();
    }

    /// <summary>How Nix reads some source: its own notation, with every parenthesis.</summary>
    public static string Parse(byte[] source) => Encoding.UTF8.GetString(OfSource(source, "--parse"));

    /// <summary>How Nix reads some source.</summary>
    public static string Parse(string source) => Parse(Encoding.UTF8.GetBytes(source));

    /// <summary>Runs a program of Nix and gives its standard output; fails with what it said.</summary>
    public static byte[] Run(string program, params string[] arguments) => Run(program, arguments, folder: Path.GetTempPath());

    private static byte[] OfSource(byte[] source, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("nixgen-nix-");
        try
        {
            var file = Path.Combine(folder.FullName, "source.nix");
            File.WriteAllBytes(file, source);
            return Run("nix-instantiate", [.. options, "--store", "dummy://", file], folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Run(string program, string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = folder;
        start.Environment["NIX_CONFIG"] = "substitute = false\nexperimental-features = nix-command";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} didn't start.");
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.ToArray()
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
    }
}
