using System.Text;
using NixGen.EndToEnd.Resolve;
using NixGen.Lock;
using NixGen.Testing.Git;
using Xunit;

namespace NixGen.EndToEnd.Git;

/// <summary>A git host and a machine that locks models from it.</summary>
public abstract class GitLockingFixture : IAsyncLifetime
{
    private GitServer? server;
    private LockingRun? run;

    internal GitServer Server => server ?? throw new InvalidOperationException("Not started.");

    internal LockingRun Run => run ?? throw new InvalidOperationException("Not started.");

    public virtual async Task InitializeAsync()
    {
        server = await GitServer.StartAsync();
        run = await LockingRun.StartAsync();
        run.Set("PATH", Environment.GetEnvironmentVariable("PATH") ?? "");
        run.Set("LANG", "de_DE.UTF-8");
    }

    public virtual async Task DisposeAsync()
    {
        await Run.DisposeAsync();
        await Server.DisposeAsync();
    }

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A line of a manifest that asks for a repository.</summary>
    internal static string Model(string url, string rev = "main", string rest = "", string kind = "git-lfs") =>
        $"m: {{ source: {{ {kind}: {{ url: \"{url}\", rev: \"{rev}\"{rest} }} }} }}";

    internal async Task<LockedModel> LockAsync(params string[] models) => (await Run.SucceedAsync(models)).Models["m"];

    internal static (string Path, long Size, string Sha256, string Blob) Of(GitEntry entry) =>
        (entry.Path, entry.Content.Length, entry.Sha256, entry.IsLfs ? entry.Sha256 : entry.BlobOid);

    internal static IEnumerable<(string Path, long Size, string Sha256, string Blob)> Of(LockedModel model) =>
        model.Files.Select(file => (file.Path, file.Size, file.Sha256.Hex, file.Blob));
}
