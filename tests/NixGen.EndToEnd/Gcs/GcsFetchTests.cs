using System.Globalization;
using System.Security.Cryptography;
using NixGen.Emit;
using NixGen.Nix.Hashing;
using NixGen.Testing;
using NixGen.Testing.Gcs;
using Xunit;

namespace NixGen.EndToEnd.Gcs;

/// <summary>The fetcher for Cloud Storage, run by bash as a build would run it.</summary>
public sealed class GcsFetchTests : IAsyncLifetime
{
    private const string Awkward = "v 1/dir/50%2F a+b=c&d #1 模型.bin";
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string?> variables = new(StringComparer.Ordinal);
    private LoopbackGcs? started;

    private LoopbackGcs Gcs => started ?? throw new InvalidOperationException("Not started.");

    private string Out => folder.At("out");

    public async Task InitializeAsync()
    {
        started = await LoopbackGcs.StartAsync();
        await File.WriteAllTextAsync(folder.At("common.sh"), FetchScripts.Read(FetchScripts.Common));
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH"),
            ["HOME"] = "/homeless-shelter",
            ["TMPDIR"] = folder.Path,
            ["out"] = Out,
            ["fetch_common"] = folder.At("common.sh"),
            ["fetch_endpoint"] = Gcs.Url,
            ["fetch_own_server"] = "1",
            ["fetch_usual_token"] = "GOOGLE_OAUTH_ACCESS_TOKEN",
            ["fetch_read_timeout"] = "3",
            ["fetch_base_delay"] = "0",
            // What Nix passes for impure variables that nobody set.
            ["GOOGLE_OAUTH_ACCESS_TOKEN"] = "",
            ["GOOGLE_APPLICATION_CREDENTIALS"] = "",
            ["CLOUDSDK_AUTH_ACCESS_TOKEN"] = "",
            ["CLOUDSDK_CONFIG"] = "",
            ["GCE_METADATA_HOST"] = "",
            ["NO_GCE_CHECK"] = "1",
        })
        {
            variables[name] = value;
        }
    }

    public async Task DisposeAsync()
    {
        await Gcs.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task An_object_of_any_name_is_fetched_in_its_generation()
    {
        var bucket = Gcs.Add(new GcsBucket("models") { IsPublic = true, IsVersioned = true });
        var old = bucket.Put(Awkward, "old");
        bucket.Put(Awkward, "new");
        await FetchAsync("models/v 1", Awkward["v 1/".Length..], old);
        Assert.Equal("old", await File.ReadAllTextAsync(Out));
        Assert.Equal($"/storage/v1/b/models/o/{Uri.EscapeDataString(Awkward)}?alt=media&generation={old.Generation}", Assert.Single(Gcs.Log.Snapshot()).Target);
    }

    [Fact]
    public async Task A_large_object_comes_in_parts()
    {
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        var stored = Gcs.Add(new GcsBucket("models") { IsPublic = true }).Put("v1/w", content);
        variables["fetch_parallel_from"] = "1000000";
        variables["fetch_least_slice"] = "65536";
        variables["fetch_fast"] = "0";
        await FetchAsync("models/v1", "w", stored);
        Assert.Equal(content, await File.ReadAllBytesAsync(Out));
        Assert.True(Gcs.Log.Media.Length > 3);
    }

    [Fact]
    public async Task A_service_accounts_key_opens_a_private_bucket_and_is_exchanged_once()
    {
        var stored = AddPrivate("robot@example.com", 3_000_000);
        variables["GOOGLE_APPLICATION_CREDENTIALS"] = WriteKey(Gcs.Identities.AddServiceAccount("robot@example.com", Gcs.TokenUrl));
        variables["fetch_parallel_from"] = "1000000";
        await FetchAsync("private/v1", "w", stored);
        Assert.Single(Gcs.Log.Snapshot(), request => request.Target == "/token");
        Assert.Equal([Gcs.TokenUrl], Gcs.Identities.Audiences);
    }

    [Fact]
    public async Task A_user_who_has_logged_in_opens_a_private_bucket()
    {
        var stored = AddPrivate("user@example.com");
        Directory.CreateDirectory(folder.At("gcloud"));
        await File.WriteAllTextAsync(folder.At("gcloud/application_default_credentials.json"), Gcs.Identities.AddUser("user@example.com", "1//refresh-\"token", Gcs.TokenUrl));
        variables["CLOUDSDK_CONFIG"] = folder.At("gcloud");
        await FetchAsync("private/v1", "w", stored);
    }

    [Theory]
    [InlineData("GOOGLE_OAUTH_ACCESS_TOKEN")]
    [InlineData("CLOUDSDK_AUTH_ACCESS_TOKEN")]
    public async Task A_token_in_a_variable_opens_a_private_bucket(string variable)
    {
        var stored = AddPrivate("reader@example.com");
        variables[variable] = Gcs.Identities.Issue("reader@example.com", GcsToken.ReadOnly).Value;
        await FetchAsync("private/v1", "w", stored);
    }

    [Fact]
    public async Task A_machine_of_googles_uses_its_account_once_it_must()
    {
        var stored = AddPrivate("machine@example.com");
        Gcs.Identities.MachineAccount = "machine@example.com";
        variables["NO_GCE_CHECK"] = "";
        variables["GCE_METADATA_HOST"] = Gcs.MetadataHost;
        await FetchAsync("private/v1", "w", stored);
        Assert.Equal(401, Gcs.Log.Snapshot()[0].Status);
    }

    [Fact]
    public async Task A_token_that_ends_midway_is_renewed()
    {
        var stored = AddPrivate("robot@example.com", 3_000_000);
        variables["GOOGLE_APPLICATION_CREDENTIALS"] = WriteKey(Gcs.Identities.AddServiceAccount("robot@example.com", Gcs.TokenUrl));
        Gcs.Faults.On(request => request.IsMedia, new GcsFault { CutAfter = 1_500_000 }, times: 1);
        // The second request for content finds that the first one's token is good no more.
        Gcs.Faults.On(request => request.IsMedia, new GcsFault { Before = () => Gcs.Identities.Revoke(Gcs.Log.Media[0].Bearer ?? "") }, times: 1);
        await FetchAsync("private/v1", "w", stored);
        Assert.Equal(2, Gcs.Log.Snapshot().Count(request => request.Target == "/token"));
    }

    [Fact]
    public async Task A_server_that_only_the_manifest_names_gets_nothing_of_the_machines()
    {
        var stored = AddPrivate("robot@example.com");
        variables["fetch_own_server"] = "";
        variables["fetch_usual_token"] = "";
        variables["GOOGLE_OAUTH_ACCESS_TOKEN"] = Gcs.Identities.Issue("robot@example.com", GcsToken.ReadOnly).Value;
        variables["GOOGLE_APPLICATION_CREDENTIALS"] = WriteKey(Gcs.Identities.AddServiceAccount("robot@example.com", Gcs.TokenUrl));
        Gcs.Identities.MachineAccount = "robot@example.com";
        variables["NO_GCE_CHECK"] = "";
        variables["GCE_METADATA_HOST"] = Gcs.MetadataHost;
        var errors = await FailAsync("private/v1", "w", stored);
        Assert.Contains("HTTP 401: this bucket is not public", errors, StringComparison.Ordinal);
        Assert.Contains("auth.gcpServiceAccountKey", errors, StringComparison.Ordinal);
        Assert.All(Gcs.Log.Snapshot(), request => Assert.Null(request.Bearer));
        Assert.DoesNotContain(Gcs.Log.Snapshot(), request => request.Target == "/token");
    }

    [Fact]
    public async Task A_generation_that_vanished_is_told_with_what_to_do()
    {
        var bucket = Gcs.Add(new GcsBucket("models") { IsPublic = true });
        var old = bucket.Put("v1/w", "old");
        bucket.Put("v1/w", "new");
        var errors = await FailAsync("models/v1", "w", old);
        Assert.Contains("HTTP 404: this generation of the object does not exist any more", errors, StringComparison.Ordinal);
        Assert.Contains("nixgen update", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_that_changed_in_the_same_generation_is_refused()
    {
        var bucket = Gcs.Add(new GcsBucket("models") { IsPublic = true });
        var stored = bucket.Put("v1/w", "true");
        bucket.Alter(stored, item => item with { ServedContent = "fake"u8.ToArray() });
        Assert.Contains("The content does not match its hash", await FailAsync("models/v1", "w", stored), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_that_are_refused_are_said_without_quoting_them()
    {
        var stored = AddPrivate("reader@example.com");
        var token = Gcs.Identities.Issue("stranger@example.com", GcsToken.ReadOnly).Value;
        variables["GOOGLE_OAUTH_ACCESS_TOKEN"] = token;
        var forbidden = await FailAsync("private/v1", "w", stored);
        Assert.Contains("HTTP 403: the credentials don't open this bucket", forbidden, StringComparison.Ordinal);
        Assert.DoesNotContain(token, forbidden, StringComparison.Ordinal);
        Gcs.Identities.Revoke(token);
        Assert.Contains("HTTP 401: the credentials are not accepted", await FailAsync("private/v1", "w", stored), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tree_of_many_objects_shares_its_connections_and_its_token()
    {
        var bucket = Gcs.Add(new GcsBucket("private"));
        bucket.Readers.Add("robot@example.com");
        var lines = new List<string>();
        for (var number = 0; number < 60; number++)
        {
            var stored = bucket.Put($"v1/a b/{number}.txt", $"content {number}");
            lines.Add($"{stored.Content.Length}\t{Sri(stored)}\ta b/{number}.txt\t-\t-\t-\t={stored.Generation}\n");
        }

        await File.WriteAllTextAsync(folder.At("files"), string.Concat(lines));
        variables["fetch_filesPath"] = folder.At("files");
        variables["fetch_repo"] = "private/v1";
        variables["GOOGLE_APPLICATION_CREDENTIALS"] = WriteKey(Gcs.Identities.AddServiceAccount("robot@example.com", Gcs.TokenUrl));
        (await RunAsync()).OrThrow("fetch");
        Assert.Equal("content 59", await File.ReadAllTextAsync(Path.Combine(Out, "a b", "59.txt")));
        Assert.Equal(60, Gcs.Log.Media.Length);
        Assert.Single(Gcs.Log.Snapshot(), request => request.Target == "/token");
    }

    private GcsObject AddPrivate(string reader, int size = 20)
    {
        var bucket = Gcs.Add(new GcsBucket("private"));
        bucket.Readers.Add(reader);
        return bucket.Put("v1/w", RandomNumberGenerator.GetBytes(size));
    }

    private string WriteKey(string json)
    {
        var file = folder.At("key.json");
        File.WriteAllText(file, json);
        return file;
    }

    private static string Sri(GcsObject stored) => SriHash.FromBytes(SHA256.HashData(stored.Content)).Text;

    private async Task<ProcessResult> FetchAsync(string repository, string path, GcsObject stored)
    {
        var result = (await StartAsync(repository, path, stored)).OrThrow("fetch");
        Assert.Equal(stored.Content, await File.ReadAllBytesAsync(Out));
        Assert.DoesNotContain("ya29", result.Errors, StringComparison.Ordinal);
        return result;
    }

    private async Task<string> FailAsync(string repository, string path, GcsObject stored)
    {
        var result = await StartAsync(repository, path, stored);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("✗ Error: ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(".sh: line", result.Errors, StringComparison.Ordinal);
        return result.Errors;
    }

    private Task<ProcessResult> StartAsync(string repository, string path, GcsObject stored)
    {
        variables["fetch_repo"] = repository;
        variables["fetch_path"] = path;
        variables["fetch_size"] = stored.Content.Length.ToString(CultureInfo.InvariantCulture);
        variables["fetch_sha256"] = Sri(stored);
        variables["fetch_version"] = stored.Generation.ToString(CultureInfo.InvariantCulture);
        return RunAsync();
    }

    private Task<ProcessResult> RunAsync() => ProcessRunner.RunAsync(
        "bash", [Path.Combine(Checkout.Templates, "fetchers", "gcs.sh")], variables, folder: folder.Path, timeout: TimeSpan.FromMinutes(1), clean: true);
}
