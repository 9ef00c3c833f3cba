using System.Diagnostics;

namespace NixGen.Testing;

/// <summary>A program that has ended.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number where a signal ended it.</param>
/// <param name="Output">Everything on stdout.</param>
/// <param name="Errors">Everything on stderr.</param>
public sealed record ProcessResult(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>This result; throws where the program failed.</summary>
    public ProcessResult OrThrow(string what) =>
        Succeeded ? this : throw new InvalidOperationException($"{what} ended with {ExitCode}:\n{Errors}\n{Output}");
}

/// <summary>Runs programs with a stated environment, and ends them with all their children when they take too long.</summary>
public static class ProcessRunner
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">A path, or a name on PATH.</param>
    /// <param name="arguments">Its arguments, as they are.</param>
    /// <param name="environment">Variables on top of (or, with <paramref name="clean"/>, in place of) this process's own; null takes one away.</param>
    /// <param name="input">What it reads on stdin; nothing by default.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="timeout">When to end it; <see cref="Patience"/> by default.</param>
    /// <param name="clean">Whether the environment starts out empty.</param>
    public static async Task<ProcessResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string?>>? environment = null,
        string input = "",
        string? folder = null,
        TimeSpan? timeout = null,
        bool clean = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (clean)
            start.Environment.Clear();
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} can't be started.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(timeout ?? Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException canceled)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} did not end in time:\n{await errors}", canceled);
        }

        return new ProcessResult(process.ExitCode, await output, await errors);
    }
}
