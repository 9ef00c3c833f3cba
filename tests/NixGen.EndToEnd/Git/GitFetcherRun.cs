using System.Globalization;
using NixGen.Emit;
using NixGen.Nix.Hashing;
using NixGen.Testing;
using NixGen.Testing.Git;

namespace NixGen.EndToEnd.Git;

/// <summary>The fetcher of repositories, run by bash as a build would run it.</summary>
internal sealed class GitFetcherRun : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private GitFetcherRun(string kind) => Kind = kind;

    public string Kind { get; }

    /// <summary>What the build would have as <c>$out</c>.</summary>
    public string Out => folder.At("out");

    /// <summary>The variables; a test changes what it is about.</summary>
    public Dictionary<string, string?> Variables { get; } = new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH"),
        ["HOME"] = "/homeless-shelter",
        ["fetch_connect_timeout"] = "5",
        ["fetch_read_timeout"] = "5",
        ["fetch_base_delay"] = "0",
        ["NIX_SSL_CERT_FILE"] = "",
        ["http_proxy"] = "",
        ["https_proxy"] = "",
        ["no_proxy"] = "",
    };

    /// <summary>A run that fetches one file of a repository at a commit.</summary>
    public static GitFetcherRun OfFile(GitRepository repository, string commit, GitEntry file, string kind = "git-lfs")
    {
        var run = Of(repository, commit, kind);
        run.Variables["fetch_path"] = file.Path;
        run.Variables["fetch_size"] = file.Content.Length.ToString(CultureInfo.InvariantCulture);
        run.Variables["fetch_sha256"] = Sri(file);
        run.Variables["fetch_blob"] = file.IsLfs ? file.Sha256 : file.BlobOid;
        return run;
    }

    /// <summary>A run that fetches files as one tree.</summary>
    public static GitFetcherRun OfTree(GitRepository repository, string commit, IEnumerable<GitEntry> files)
    {
        var run = Of(repository, commit, "git-lfs");
        run.Variables["fetch_filesPath"] = run.folder.At("files");
        File.WriteAllLines(run.folder.At("files"), files.Select(file =>
            $"{file.Content.Length}\t{Sri(file)}\t{file.Path}\t={(file.IsLfs ? file.Sha256 : file.BlobOid)}\t-\t-\t-"));
        return run;
    }

    public Task<ProcessResult> RunAsync() => ProcessRunner.RunAsync(
        "bash", [Path.Combine(Checkout.Templates, "fetchers", Kind + ".sh")], Variables, folder: folder.Path, timeout: TimeSpan.FromMinutes(2), clean: true);

    public void Dispose() => folder.Dispose();

    private static GitFetcherRun Of(GitRepository repository, string commit, string kind)
    {
        var run = new GitFetcherRun(kind);
        run.Variables["out"] = run.Out;
        run.Variables["TMPDIR"] = run.folder.Path;
        run.Variables["fetch_common"] = run.folder.At("common.sh");
        File.WriteAllText(run.folder.At("common.sh"), FetchScripts.Read(FetchScripts.Common));
        run.Variables["fetch_endpoint"] = repository.Url;
        run.Variables["fetch_storage"] = repository.Url + "/info/lfs";
        run.Variables["fetch_repo"] = repository.Name;
        run.Variables["fetch_revision"] = commit;
        return run;
    }

    private static string Sri(GitEntry file) =>
        SriHash.TryFromHex(file.Sha256, out var hash) ? hash.Text : throw new InvalidOperationException($"{file.Path} has no SHA-256.");
}
