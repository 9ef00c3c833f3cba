using System.Diagnostics;
using System.Text.Json;

namespace NixGen.Testing.S3;

/// <summary>s3rver, an S3 server of other makers, with one bucket. It checks the key's id and nothing of the signature.</summary>
public sealed class S3rver : IAsyncDisposable
{
    /// <summary>The one account that it knows.</summary>
    public static readonly S3Account Account = new("S3RVER", "S3RVER");

    private readonly Process process;
    private readonly DirectoryInfo folder;

    private S3rver(Process process, DirectoryInfo folder, string url)
    {
        this.process = process;
        this.folder = folder;
        Url = url;
    }

    public string Url { get; }

    public static async Task<S3rver> StartAsync(string bucket)
    {
        var data = Directory.CreateTempSubdirectory("nixgen-s3rver-");
        await S3Client.Scripts.ProgramAsync("s3rver"); // installs it
        var node = Process.Start(new ProcessStartInfo("node", ["s3rver.mjs", JsonSerializer.Serialize(new { directory = data.FullName, bucket })])
        {
            WorkingDirectory = Path.Combine(Checkout.Root, "tests", "s3-client"),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("node can't be started.");
        var url = await node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("s3rver did not start.");
        return new S3rver(node, data, url);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Delete(recursive: true);
    }
}
