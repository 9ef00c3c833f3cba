using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using NixGen.Sources;

namespace NixGen.Resolve.Git;

/// <summary>A program to run.</summary>
/// <param name="Program">Its path.</param>
/// <param name="Arguments">Its arguments; none of them is a secret.</param>
/// <param name="Variables">Its whole environment.</param>
internal sealed record ProcessCall(string Program, ImmutableArray<string> Arguments, IReadOnlyDictionary<string, string> Variables);

/// <summary>Runs a program to its end, with bounds on what it may say.</summary>
internal static class ProcessRun
{
    private const int MaxOutput = 256 * 1024 * 1024;
    private const int MaxComplaint = 64 * 1024;

    /// <summary>Runs it. A program that can't be started counts as one that failed.</summary>
    /// <param name="call">What to run.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="read">Reads its output, which is kept where this is null. What is left unread ends the program.</param>
    /// <param name="cancellationToken">Ends the program and all that it started.</param>
    public static async Task<GitAnswer> RunAsync(
        ProcessCall call, string input, Func<Stream, CancellationToken, Task>? read, CancellationToken cancellationToken)
    {
        using var process = Start(call);
        if (process is null)
        {
            return new(127, default, $"{call.Program} can't be started");
        }

        using var kill = cancellationToken.Register(() => Kill(process));
        var kept = new MemoryStream();
        var complaint = new MemoryStream();
        var complaining = CopyAsync(process.StandardError.BaseStream, complaint, MaxComplaint, drains: true);
        var writing = WriteAsync(process, input);
        if (read is null)
        {
            await CopyAsync(process.StandardOutput.BaseStream, kept, MaxOutput, drains: false);
        }
        else
        {
            await read(process.StandardOutput.BaseStream, cancellationToken);
        }

        await EndAsync(process);
        await Task.WhenAll(writing, complaining);
        cancellationToken.ThrowIfCancellationRequested();
        return new(process.ExitCode, kept.ToArray(), Encoding.UTF8.GetString(complaint.GetBuffer().AsSpan(0, (int)complaint.Length)));
    }

    private static Process? Start(ProcessCall call)
    {
        var start = new ProcessStartInfo(call.Program, call.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in call.Variables)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    // A program whose output is no longer read ends when it writes on; one that would wait instead is ended.
    private static async Task EndAsync(Process process)
    {
        process.StandardOutput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
            return;
        }
    }

    private static async Task WriteAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input));
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading everything.
            return;
        }
    }

    private static async Task CopyAsync(Stream from, MemoryStream to, int most, bool drains)
    {
        var buffer = new byte[1 << 16];
        while (await from.ReadAsync(buffer) is var count and > 0)
        {
            if (to.Length + count <= most)
            {
                to.Write(buffer, 0, count);
            }
            else if (!drains)
            {
                return;
            }
        }
    }
}
