using System.Text;
using System.Text.Json;

namespace NixGen.Testing;

/// <summary>A folder of scripts for node under <c>tests/</c>, with the packages that its <c>package-lock.json</c> names: somebody else's client of a service.</summary>
/// <param name="folder">The folder's name.</param>
public sealed class NodeClient(string folder)
{
    private readonly SemaphoreSlim installing = new(1, 1);
    private readonly string path = Path.Combine(Checkout.Root, "tests", folder);

    // npm writes this file last.
    private bool IsInstalled => File.Exists(Path.Combine(path, "node_modules", ".package-lock.json"));

    /// <summary>Runs a script with a JSON argument; returns its JSON result, or the error that it reports.</summary>
    /// <param name="by">A command that runs the one that it is given; empty for none.</param>
    /// <param name="script">Name of a file of the folder.</param>
    /// <param name="arguments">What the script gets; what is null is left out.</param>
    /// <exception cref="InvalidOperationException">The script ended without a result.</exception>
    public async Task<(JsonElement Result, NodeError? Error)> RunAsync(IReadOnlyList<string> by, string script, params (string Name, object? Value)[] arguments)
    {
        await InstallAsync();
        string[] command = [.. by, "node", script, ToJson(arguments)];
        var run = await ProcessRunner.RunAsync(command[0], command[1..], folder: path);
        if (run.Output.Length == 0)
            throw new InvalidOperationException($"{script} ended with {run.ExitCode} and no result: {run.Errors}");
        using var document = JsonDocument.Parse(run.Output);
        if (!document.RootElement.TryGetProperty("error", out var error))
            return (document.RootElement.GetProperty("result").Clone(), null);
        var status = error.GetProperty("status");
        return (default, new NodeError(error.GetProperty("message").GetString() ?? "", status.ValueKind == JsonValueKind.Number ? status.GetInt32() : null));
    }

    /// <summary>Runs a script that must not fail.</summary>
    public async Task<JsonElement> RunAsync(string script, params (string Name, object? Value)[] arguments)
    {
        var (result, error) = await RunAsync([], script, arguments);
        return error is null ? result : throw new InvalidOperationException($"{script}: {error.Message}");
    }

    /// <summary>Path of a program that a package brings.</summary>
    public async Task<string> ProgramAsync(string name)
    {
        await InstallAsync();
        return Path.Combine(path, "node_modules", ".bin", name);
    }

    /// <summary>Installs the packages once, whichever test process comes first.</summary>
    private async Task InstallAsync()
    {
        await installing.WaitAsync();
        try
        {
            if (IsInstalled)
                return;
            await using var alone = await LockAsync(Path.Combine(Path.GetTempPath(), $"nixgen-{folder}.lock"));
            if (!IsInstalled)
                (await ProcessRunner.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder: path)).OrThrow("npm ci");
        }
        finally
        {
            installing.Release();
        }
    }

    private static async Task<FileStream> LockAsync(string file)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(100);
            }
        }
    }

    private static string ToJson((string Name, object? Value)[] arguments)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in arguments.Where(argument => argument.Value is not null))
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}

/// <summary>What a script reports in place of a result.</summary>
/// <param name="Message">In the client's words.</param>
/// <param name="Status">The HTTP status that it had, or null.</param>
public sealed record NodeError(string Message, int? Status);
