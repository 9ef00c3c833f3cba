using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace NixGen.Testing.Azure;

/// <summary>Azurite, Microsoft's emulator of Blob Storage, as a process of its own with everything in memory. It checks signatures and shared access signatures.</summary>
public sealed partial class AzuriteServer : IAsyncDisposable
{
    private static readonly NodeClient Client = new("azure-client");
    private readonly Process process;

    private AzuriteServer(Process process, string account, string key) => (this.process, Account, Key) = (process, account, key);

    /// <summary>The account's name.</summary>
    public string Account { get; }

    /// <summary>Its key, in base64; made for this server alone.</summary>
    public string Key { get; }

    /// <summary>The account's address without a slash at its end: <c>http://127.0.0.1:PORT/ACCOUNT</c>.</summary>
    public string Url { get; private set; } = "";

    /// <summary>What <c>AZURE_STORAGE_CONNECTION_STRING</c> is set to.</summary>
    public string ConnectionString => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint={Url};";

    /// <summary>Starts one on a free port.</summary>
    public static async Task<AzuriteServer> StartAsync(string account = "exampleaccount")
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
        var start = new ProcessStartInfo("node", [await Client.ProgramAsync("azurite-blob"), "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry"])
        {
            WorkingDirectory = Path.GetTempPath(),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AZURITE_ACCOUNTS"] = $"{account}:{key}";
        var azurite = Process.Start(start) ?? throw new InvalidOperationException("Azurite did not start.");
        var server = new AzuriteServer(azurite, account, key);
        var errors = azurite.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await azurite.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                server.Url = $"{match.Value}/{account}";
                return server;
            }
        }

        throw new InvalidOperationException($"Azurite did not start: {await errors}");
    }

    /// <summary>Runs a script of <c>tests/azure-client</c>, which is given this server and its key.</summary>
    public Task<System.Text.Json.JsonElement> RunAsync(string script, params (string Name, object? Value)[] arguments) =>
        Client.RunAsync(script, [("connection", ConnectionString), .. arguments]);

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9][0-9]*", RegexOptions.CultureInvariant)]
    private static partial Regex Listening();
}
