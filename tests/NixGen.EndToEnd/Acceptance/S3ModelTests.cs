using System.Text;
using NixGen.Testing;
using NixGen.Testing.Hub;
using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>From manifest to store: models of a bucket are locked, emitted and built by real Nix with real curl, and no secret is left anywhere.</summary>
public sealed class S3ModelTests : IAsyncLifetime
{
    private static readonly S3Account Account = new("ASIAACCEPTANCE", "secret/of+the+acceptance+test=", "session/of+the+acceptance+test==");
    private readonly string salt = Guid.NewGuid().ToString("N");
    private readonly Workbench bench = new();
    private LoopbackS3? started;

    private LoopbackS3 Store => started ?? throw new InvalidOperationException("Not started.");

    private static Dictionary<string, string> Keys => new(StringComparer.Ordinal)
    {
        ["AWS_ACCESS_KEY_ID"] = Account.KeyId,
        ["AWS_SECRET_ACCESS_KEY"] = Account.Secret,
        ["AWS_SESSION_TOKEN"] = Account.SessionToken ?? "",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };

    public async Task InitializeAsync()
    {
        started = await LoopbackS3.StartAsync();
        Store.Add(Account);
        bench.Set("AWS_ENDPOINT_URL_S3", Store.Url);
        foreach (var (name, value) in Keys)
            bench.Set(name, value);
    }

    public async Task DisposeAsync()
    {
        bench.Dispose();
        await Store.DisposeAsync();
    }

    [Fact]
    public async Task Models_are_built_of_pinned_versions_and_share_their_files_with_other_sources()
    {
        var bucket = Store.Add(S3Fixtures.TinyModel("models", salt, isVersioned: true));
        foreach (var name in S3Fixtures.AwkwardNames.Where(name => !name.Contains('\\', StringComparison.Ordinal)))
            bucket.Put("tiny/" + name, S3Fixtures.Text(salt + name));
        await using var hub = await LoopbackHub.StartAsync();
        bench.Set("HF_ENDPOINT", hub.Url);
        var repository = hub.Add(new HubRepository("example/same"));
        repository.Commit("c", [HubFile.Lfs("other-name.safetensors", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(salt, 500))))]);
        bench.Write("models.yaml", $"version: 1\ndefaults: {{ validation: none }}\nmodels:\n  tiny: s3://models/tiny\n  same: hf:example/same\n  whole: {{ source: s3://models/tiny/config.json, hash: '{FakeHash}' }}\n");
        var locked = (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        AssertNoSecret(locked.Output + locked.Errors, "the output of nixgen");
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(bench.Folder) ?? "", "*", SearchOption.AllDirectories))
            AssertNoSecret(await File.ReadAllTextAsync(file), file);

        // What comes later is not what was locked.
        var pinned = bucket.Newest();
        bucket.Put("tiny/config.json", S3Fixtures.Text("changed since"));
        Store.Log.Clear();
        using var nix = NixSandbox.Create();
        var without = await nix.TryBuildAsync(Output("tiny"), new Dictionary<string, string>(StringComparer.Ordinal) { ["AWS_EC2_METADATA_DISABLED"] = "true" });
        Assert.False(without.Succeeded);
        Assert.Contains("denied to anybody", without.Errors, StringComparison.Ordinal);

        var built = await nix.BuildAsync(Output("tiny"), Keys);
        Assert.All(
            pinned.Where(version => version.Key.StartsWith("tiny/", StringComparison.Ordinal) && version.Size > 0),
            version => Assert.Equal(version.Content?.Sha256, Sha256(nix.Physical($"{built}/{version.Key["tiny/".Length..]}"))));
        var weights = new FileInfo(nix.Root + built + "/weights/model.safetensors").LinkTarget;
        var same = await nix.BuildAsync(Output("same"));
        Assert.Contains(weights, await nix.ClosureAsync(same));
        foreach (var file in new DirectoryInfo(nix.Root).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Where(file => file.LinkTarget is null))
            AssertNoSecret(Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file.FullName)), file.FullName);

        var discovered = await nix.TryBuildAsync(Output("whole"), Keys);
        Assert.Contains("got:", discovered.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_after_prefetch_fetches_nothing_and_one_of_what_vanished_says_so()
    {
        var bucket = Store.Add(S3Fixtures.TinyModel("models", salt, isVersioned: true));
        using var nix = NixSandbox.Create();
        bench.Set("NIX_REMOTE", $"local?root={nix.Root}");
        bench.Set("NIX_CONFIG", "substitute = false\nbuild-users-group =\n");
        (await bench.NixgenAsync("prefetch", "s3://models/tiny", "--store")).ShouldEndWith(0);
        bench.Write("models.yaml", "version: 1\ndefaults: { validation: none }\nmodels:\n  tiny: s3://models/tiny\n  other: s3://models/readme.md\n");
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        bucket.DeleteVersion("readme.md", bucket.Find("readme.md")?.VersionId ?? "");
        Store.Log.Clear();
        await nix.BuildAsync(Output("tiny"));
        Assert.Empty(Store.Log.Snapshot());
        Assert.Contains("this version of the object does not exist any more", (await nix.TryBuildAsync(Output("other"), Keys)).Errors, StringComparison.Ordinal);

        bench.Set("AWS_SECRET_ACCESS_KEY", "another");
        var refused = (await bench.NixgenAsync("update", "tiny")).ShouldEndWith(4);
        Assert.Contains("NG3340", refused.Errors, StringComparison.Ordinal);
    }

    private const string FakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private NixTarget.Flake Output(string attribute) => new($"path:{bench.PathOf("out")}#{attribute}");

    private static void AssertNoSecret(string text, string where)
    {
        foreach (var secret in new[] { Account.Secret, Account.SessionToken ?? "", "X-Amz-Signature" })
            Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{secret} is in {where}");
    }

    private static string Sha256(string path) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
}
