using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace NixGen.Testing.Oci;

/// <summary>A real registry, Debian's <c>docker-registry</c> (the reference implementation, <c>distribution</c>), on a free port of this machine, with a folder of its own.</summary>
public sealed partial class DockerRegistry : IAsyncDisposable
{
    public const string User = "reader";

    public const string Password = "open-sesame";

    // bcrypt of the password, with the least cost.
    private const string PasswordFile = User + ":$2b$04$hFcTm389apWIBC7WocenK.sOwd3aQg.XVbSDMDvLI6kDsPNDxe20.\n";

    // The registry ends with its input, so that it can't outlive the tests, whatever ends them.
    private const string UntilInputEnds = """
        exec 3<&0
        "$@" 3<&- & registry=$!
        { read -r line <&3; kill "$registry" 2>/dev/null; } &
        exec 3<&-
        wait "$registry"
        """;

    private readonly TemporaryFolder folder = new();
    private readonly StringBuilder log = new();
    private Process? process;

    private DockerRegistry()
    {
    }

    /// <summary>Host and port.</summary>
    public string Host { get; private set; } = "";

    /// <summary>The base URL.</summary>
    public string Url => "http://" + Host;

    /// <summary>The folder that holds what was pushed.</summary>
    private string Storage => folder.At("data");

    /// <summary>Where the registry keeps a blob, as those who sell storage to registries see it.</summary>
    public string BlobFile(string digest)
    {
        var hex = digest["sha256:".Length..];
        return Path.Combine(Storage, "docker", "registry", "v2", "blobs", "sha256", hex[..2], hex, "data");
    }

    /// <summary>A registry that anybody may read and write.</summary>
    public static Task<DockerRegistry> StartAsync() => StartAsync(_ => "");

    /// <summary>A registry that wants <see cref="User"/> and <see cref="Password"/>.</summary>
    public static Task<DockerRegistry> StartWithPasswordAsync() => StartAsync(registry =>
    {
        File.WriteAllText(registry.folder.At("passwords"), PasswordFile);
        return $"auth: {{ htpasswd: {{ realm: models, path: {registry.folder.At("passwords")} }} }}\n";
    });

    /// <summary>A registry that wants tokens of a token server.</summary>
    public static Task<DockerRegistry> StartWithTokensAsync(TokenServer tokens) => StartAsync(registry =>
    {
        File.WriteAllText(registry.folder.At("roots.pem"), tokens.Certificate);
        return $"auth: {{ token: {{ realm: \"{tokens.Realm}\", service: {TokenServer.Service}, issuer: {TokenServer.Issuer}, rootcertbundle: {registry.folder.At("roots.pem")} }} }}\n";
    });

    /// <summary>What it has said so far.</summary>
    public string Log
    {
        get
        {
            lock (log)
                return log.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        folder.Dispose();
    }

    private static async Task<DockerRegistry> StartAsync(Func<DockerRegistry, string> access)
    {
        var registry = new DockerRegistry();
        var configuration = $"""
            version: 0.1
            log: {"{ level: info, accesslog: { disabled: true } }"}
            storage: {"{"} filesystem: {"{"} rootdirectory: {registry.Storage} {"}"}, delete: {"{ enabled: true } }"}
            http: {"{ addr: '127.0.0.1:0', secret: loopback, relativeurls: true }"}
            {access(registry)}
            """;
        await File.WriteAllTextAsync(registry.folder.At("registry.yml"), configuration);
        await registry.RunAsync();
        return registry;
    }

    private async Task RunAsync()
    {
        var start = new ProcessStartInfo("sh", ["-uc", UntilInputEnds, "sh", "docker-registry", "serve", folder.At("registry.yml")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var listens = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process = Process.Start(start) ?? throw new InvalidOperationException("docker-registry can't be started.");
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => listens.TrySetException(new InvalidOperationException($"docker-registry ended:\n{Log}"));
        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Host = await listens.Task.WaitAsync(ProcessRunner.Patience);

        void Read(object sender, DataReceivedEventArgs line)
        {
            lock (log)
                log.AppendLine(line.Data);
            if (ListenLine().Match(line.Data ?? "") is { Success: true } match)
                listens.TrySetResult(match.Groups["host"].Value);
        }
    }

    [GeneratedRegex("listening on (?<host>127\\.0\\.0\\.1:[0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex ListenLine();
}
