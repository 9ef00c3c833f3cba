using System.Globalization;
using System.Security.Cryptography;
using NixGen.Emit;
using NixGen.Nix.Hashing;
using NixGen.Testing;

namespace NixGen.EndToEnd.Url;

/// <summary>The fetcher of addresses, run by bash as a build would run it.</summary>
internal sealed class UrlFetching : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public UrlFetching(string script = "url")
    {
        Script = script;
        File.WriteAllText(folder.At("common.sh"), FetchScripts.Read(FetchScripts.Common));
        Variables["fetch_common"] = folder.At("common.sh");
        Variables["TMPDIR"] = folder.Path;
        Variables["out"] = Out;
    }

    /// <summary>The fetcher's name.</summary>
    public string Script { get; }

    /// <summary>What the build would have as <c>$out</c>.</summary>
    public string Out => folder.At("out");

    public Dictionary<string, string?> Variables { get; } = new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH"),
        ["HOME"] = "/homeless-shelter",
        ["fetch_name"] = "example",
        ["fetch_usual_token"] = "",
        ["fetch_connect_timeout"] = "5",
        ["fetch_read_timeout"] = "3",
        ["fetch_max_attempts"] = "3",
        ["fetch_base_delay"] = "0",
        // What Nix passes for impure variables that nobody set.
        ["NIX_SSL_CERT_FILE"] = "",
        ["http_proxy"] = "",
        ["https_proxy"] = "",
        ["no_proxy"] = "",
    };

    public static string Sri(byte[] content) => SriHash.FromBytes(SHA256.HashData(content)).Text;

    /// <summary>Asks for one file of this content.</summary>
    public UrlFetching File1(string path, string url, byte[] content)
    {
        Variables["fetch_path"] = path;
        Variables["fetch_url"] = url;
        Variables["fetch_size"] = content.Length.ToString(CultureInfo.InvariantCulture);
        Variables["fetch_sha256"] = Sri(content);
        return this;
    }

    /// <summary>Asks for a tree of files.</summary>
    public UrlFetching Tree(params (string Path, string Url, byte[] Content)[] files)
    {
        var lines = files.Select(file => $"{file.Content.Length}\t{Sri(file.Content)}\t{file.Path}\t-\t-\t={file.Url}\t-\n");
        Variables["fetch_filesPath"] = Write("files", string.Concat(lines));
        return this;
    }

    /// <summary>Writes a file beside the output; gives its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(folder.At(name), text);
        return folder.At(name);
    }

    public Task<ProcessResult> RunAsync() => ProcessRunner.RunAsync(
        "bash", [Path.Combine(Checkout.Templates, "fetchers", Script + ".sh")], Variables, folder: folder.Path, timeout: TimeSpan.FromMinutes(1), clean: true);

    public void Dispose() => folder.Dispose();
}
