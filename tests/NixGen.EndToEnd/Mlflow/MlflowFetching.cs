using System.Globalization;
using System.Security.Cryptography;
using NixGen.Emit;
using NixGen.Nix.Hashing;
using NixGen.Testing;
using NixGen.Testing.Mlflow;

namespace NixGen.EndToEnd.Mlflow;

/// <summary>The fetcher of MLflow models, run by bash as a build would run it.</summary>
internal sealed class MlflowFetching : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public MlflowFetching(LoopbackMlflow server)
    {
        File.WriteAllText(folder.At("common.sh"), FetchScripts.Read(FetchScripts.Common));
        Variables["fetch_common"] = folder.At("common.sh");
        Variables["TMPDIR"] = folder.Path;
        Variables["out"] = Out;
        Variables["fetch_endpoint"] = server.Url;
        Variables["fetch_storage"] = $"{server.Url}/api/2.0/mlflow-artifacts/artifacts/7/x/artifacts/model";
    }

    /// <summary>What the build would have as <c>$out</c>.</summary>
    public string Out => folder.At("out");

    public Dictionary<string, string?> Variables { get; } = new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH"),
        ["HOME"] = "/homeless-shelter",
        ["fetch_name"] = "example",
        ["fetch_model"] = "models:/fraud",
        ["fetch_model_version"] = "1",
        ["fetch_usual_token"] = "MLFLOW_TRACKING_TOKEN",
        ["fetch_connect_timeout"] = "5",
        ["fetch_read_timeout"] = "3",
        ["fetch_max_attempts"] = "3",
        ["fetch_base_delay"] = "0",
        // What Nix passes for impure variables that nobody set.
        ["NIX_SSL_CERT_FILE"] = "",
        ["http_proxy"] = "",
        ["https_proxy"] = "",
        ["no_proxy"] = "",
        ["MLFLOW_TRACKING_URI"] = "",
        ["MLFLOW_TRACKING_USERNAME"] = "",
        ["MLFLOW_TRACKING_PASSWORD"] = "",
        ["MLFLOW_TRACKING_TOKEN"] = "",
    };

    public static string Sri(byte[] content) => SriHash.FromBytes(SHA256.HashData(content)).Text;

    /// <summary>Asks for one file of this content.</summary>
    public MlflowFetching One(string path, byte[] content, string? url = null)
    {
        Variables["fetch_path"] = path;
        Variables["fetch_url"] = url;
        Variables["fetch_size"] = content.Length.ToString(CultureInfo.InvariantCulture);
        Variables["fetch_sha256"] = Sri(content);
        return this;
    }

    /// <summary>Asks for a tree of files.</summary>
    public MlflowFetching Tree(IEnumerable<(string Path, byte[] Content)> files, Func<string, string>? url = null)
    {
        var lines = files.Select(file => $"{file.Content.Length}\t{Sri(file.Content)}\t{file.Path}" + (url is null ? "\n" : $"\t-\t-\t={url(file.Path)}\t-\n"));
        File.WriteAllText(folder.At("files"), string.Concat(lines));
        Variables["fetch_filesPath"] = folder.At("files");
        return this;
    }

    /// <summary>Writes a file beside the output; gives its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(folder.At(name), text);
        return folder.At(name);
    }

    public Task<ProcessResult> RunAsync() => ProcessRunner.RunAsync(
        "bash", [Path.Combine(Checkout.Templates, "fetchers", "mlflow.sh")], Variables, folder: folder.Path, timeout: TimeSpan.FromMinutes(1), clean: true);

    public void Dispose() => folder.Dispose();
}
