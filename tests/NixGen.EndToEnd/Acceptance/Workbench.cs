using System.Diagnostics;
using System.Text;
using NixGen.Testing;
using NixGen.Testing.Hub;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>What a run of nixgen came to.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Errors)
{
    public Outcome ShouldEndWith(int exitCode)
    {
        if (ExitCode != exitCode)
            throw new InvalidOperationException($"nixgen ended with {ExitCode}, not {exitCode}.\nstdout:\n{Output}\nstderr:\n{Errors}");
        return this;
    }
}

/// <summary>A user's folder, with a home of its own, in which the built nixgen is run as a process.</summary>
internal sealed class Workbench : IDisposable
{
    private static readonly Lazy<string> BuiltProgram = new(Build);
    private readonly string root = Directory.CreateTempSubdirectory("nixgen-acceptance-").FullName;
    private readonly Dictionary<string, string> environment = new(StringComparer.Ordinal);

    public Workbench(LoopbackHub? hub = null)
    {
        Folder = Directory.CreateDirectory(Path.Combine(root, "project")).FullName;
        var home = Directory.CreateDirectory(Path.Combine(root, "home")).FullName;
        environment["HOME"] = home;
        environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "";
        environment["DOTNET_NOLOGO"] = "1";
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } dotnet)
            environment["DOTNET_ROOT"] = dotnet;
        if (hub is not null)
            environment["HF_ENDPOINT"] = hub.Url;
    }

    /// <summary>What <c>./nixgen</c> starts.</summary>
    public static string Program => BuiltProgram.Value;

    /// <summary>The folder with the manifest, where nixgen is started.</summary>
    public string Folder { get; }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Read(string name) => File.ReadAllText(PathOf(name));

    public void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name)) ?? Folder);
        File.WriteAllText(PathOf(name), content);
    }

    /// <summary>Puts a script on the search path of the runs to come, before all others.</summary>
    public void WriteProgram(string name, string script)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, "bin")).FullName;
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, script.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        environment["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
    }

    /// <summary>Sets a variable for the runs to come; null takes it away.</summary>
    public void Set(string variable, string? value)
    {
        if (value is null)
            environment.Remove(variable);
        else
            environment[variable] = value;
    }

    /// <summary>Runs nixgen to its end.</summary>
    public Task<Outcome> NixgenAsync(params string[] arguments) => FinishAsync(Start("dotnet", [Program, .. arguments]));

    /// <summary>Runs a line of bash that has nixgen and its arguments as <c>"$@"</c>.</summary>
    public Task<Outcome> NixgenInShellAsync(string line, params string[] arguments) =>
        FinishAsync(Start("bash", ["-c", line, "bash", "dotnet", Program, .. arguments]));

    /// <summary>Runs nixgen where there is no network, not even the loopback interface.</summary>
    public Task<Outcome> NixgenWithoutNetworkAsync(params string[] arguments) =>
        FinishAsync(Start("unshare", ["--map-root-user", "--net", "dotnet", Program, .. arguments]));

    /// <summary>Starts nixgen and lets it run.</summary>
    public Process StartNixgen(params string[] arguments) => Start("dotnet", [Program, .. arguments]);

    public void Dispose() => Directory.Delete(root, recursive: true);

    private Process Start(string command, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardErrorEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start.");
        process.StandardInput.Close();
        return process;
    }

    private static async Task<Outcome> FinishAsync(Process process)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException exception)
            {
                process.Kill(entireProcessTree: true);
                throw new InvalidOperationException($"nixgen did not end.\nstdout:\n{await output}\nstderr:\n{await errors}", exception);
            }

            return new Outcome(process.ExitCode, await output, await errors);
        }
    }

    /// <summary>The program as the launcher builds it from this checkout, if it isn't built yet.</summary>
    private static string Build()
    {
        var launcher = Path.Combine(Checkout.Root, "nixgen");
        ProcessRunner.RunAsync(launcher, ["--version"], timeout: TimeSpan.FromMinutes(5)).GetAwaiter().GetResult().OrThrow("./nixgen --version");
        return Path.Combine(Checkout.Root, "artifacts", "nixgen", "NixGen.Cli.dll");
    }
}
