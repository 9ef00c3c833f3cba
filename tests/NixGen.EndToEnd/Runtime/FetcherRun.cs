using System.Globalization;
using NixGen.Emit;
using NixGen.Testing;
using NixGen.Testing.Hub;

namespace NixGen.EndToEnd.Runtime;

/// <summary>A fetcher, run by bash as a build would run it.</summary>
internal sealed class FetcherRun : IDisposable
{
    /// <summary>How long a run may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The folder that it works in.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("nixgen-fetcher-").FullName;

    /// <summary>What the build would have as <c>$out</c>.</summary>
    public string Out => Path.Combine(Folder, "out");

    /// <summary>The variables; a test changes what it is about.</summary>
    public Dictionary<string, string?> Variables { get; } = new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH"),
        ["HOME"] = "/homeless-shelter",
        ["fetch_connect_timeout"] = "5",
        ["fetch_read_timeout"] = "3",
        ["fetch_max_attempts"] = "3",
        ["fetch_base_delay"] = "0",
        // What Nix passes for impure variables that nobody set.
        ["HF_TOKEN"] = "",
        ["NIX_SSL_CERT_FILE"] = "",
        ["http_proxy"] = "",
        ["https_proxy"] = "",
        ["no_proxy"] = "",
        // The machine that tests run on may have a role of its own.
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };

    private string Kind { get; init; } = "";

    /// <summary>A run of a kind's fetcher, which is told of nothing yet.</summary>
    public static FetcherRun Of(string kind)
    {
        var run = new FetcherRun { Kind = kind };
        run.Variables["out"] = run.Out;
        run.Variables["fetch_common"] = Path.Combine(run.Folder, "common.sh");
        File.WriteAllText(Path.Combine(run.Folder, "common.sh"), FetchScripts.Read(FetchScripts.Common));
        run.Variables["TMPDIR"] = run.Folder;
        return run;
    }

    /// <summary>A run that fetches one file of a repository.</summary>
    public static FetcherRun OfFile(LoopbackHub hub, HubRepository repository, HubFile file)
    {
        var run = OfTree(hub, repository);
        run.Variables["fetch_path"] = file.Path;
        run.Variables["fetch_size"] = file.Content.Size.ToString(CultureInfo.InvariantCulture);
        run.Variables["fetch_sha256"] = Definitions.Sri(file);
        return run;
    }

    /// <summary>A run that lists and fetches a whole repository.</summary>
    public static FetcherRun OfTree(LoopbackHub hub, HubRepository repository)
    {
        var run = Of("huggingface");
        run.Variables["fetch_endpoint"] = hub.Url;
        run.Variables["fetch_type"] = repository.Kind.ToString().ToLowerInvariant();
        run.Variables["fetch_repo"] = repository.Id;
        run.Variables["fetch_revision"] = repository.Head.Id;
        return run;
    }

    public Task<ProcessResult> RunAsync(params string[] options) => ProcessRunner.RunAsync(
        "bash",
        [.. options, Path.Combine(Checkout.Templates, "fetchers", $"{Kind}.sh")],
        Variables,
        folder: Folder,
        timeout: Patience,
        clean: true);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
