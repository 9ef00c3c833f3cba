using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NixGen.EndToEnd.Resolve;
using NixGen.Testing;
using NixGen.Testing.Azure;
using NixGen.Testing.Civitai;
using NixGen.Testing.Gcs;
using NixGen.Testing.Git;
using NixGen.Testing.Hub;
using NixGen.Testing.Mlflow;
using NixGen.Testing.Nginx;
using NixGen.Testing.Oci;
using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.Docs;

/// <summary>
/// The table in docs/sources.md of what locking transfers: one model on a server of each kind, and what that server's log
/// says that it sent. With <c>NIXGEN_ACCEPT=1</c> the page is written anew.
/// </summary>
public sealed class TransferredBytesTests
{
    private const int Size = 1_000_000;
    private const string Begin = "<!-- Measured by TransferredBytesTests: NIXGEN_ACCEPT=1 writes it anew. -->\n";
    private const string End = "<!-- End of what is measured. -->\n";
    private static readonly byte[] Weights = MlflowFixtures.Weights("a model", Size);
    private static readonly byte[] Config = "{ \"model_type\": \"llama\" }\n"u8.ToArray();

    [Fact]
    public async Task The_page_states_what_the_servers_sent()
    {
        string[] rows =
        [
            await HubAsync(),
            await NginxAsync("`url`, the server states a SHA-256", states: true),
            await NginxAsync("`url`, it doesn't", states: false),
            await S3Async("`s3`, with SHA-256 of whole objects", states: true),
            await S3Async("`s3`, without", states: false),
            await GcsAsync(),
            await AzureAsync(),
            await GitAsync("git-lfs"),
            await GitAsync("git-xet"),
            await MlflowAsync(),
            await OllamaAsync(),
            await OciAsync(),
            await CivitaiAsync("`civitai`, scanned", isScanned: true),
            await CivitaiAsync("`civitai`, not scanned yet", isScanned: false),
        ];
        var table = "\n| source | first lock: weights | and beside them | `update` without news: weights | and beside them |\n| --- | ---: | ---: | ---: | ---: |\n" + string.Concat(rows) + "\n";
        var page = Checkout.At("docs", "sources.md");
        var text = await File.ReadAllTextAsync(page);
        var start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, start, StringComparison.Ordinal);
        Assert.True(start >= Begin.Length && end >= start, $"{page} has no place for the table.");
        if (Environment.GetEnvironmentVariable(Golden.AcceptVariable) == "1")
            await File.WriteAllTextAsync(page, text[..start] + table + text[end..]);
        else
            Assert.Equal(text[start..end], table);
    }

    private static async Task<string> HubAsync()
    {
        await using var run = await LockingRun.StartAsync();
        run.Hub.Add(new HubRepository("org/model")).Commit("one", [HubFile.Regular("config.json", Config), HubFile.Lfs("model.safetensors", Weights)]);
        return await RowAsync(run, "`huggingface`", "m: hf:org/model", () => Task.FromResult(run.Hub.Log.Snapshot().Sum(request => request.BytesSent)));
    }

    private static async Task<string> NginxAsync(string row, bool states)
    {
        var site = new NginxSite().With("/model.safetensors", Weights);
        if (states)
            site = site.With("/model.safetensors", "Repr-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Weights))}:");
        await using var nginx = await NginxServer.StartAsync(site);
        using var machine = new LockingMachine();
        return await RowAsync(machine, row, $"m: {nginx.Url}/model.safetensors", async () => (await nginx.LogAsync()).Sum(request => request.BytesSent));
    }

    private static async Task<string> S3Async(string row, bool states)
    {
        await using var store = await LoopbackS3.StartAsync();
        store.Add(S3Account.Example);
        var bucket = store.Add(new S3Bucket("models"));
        foreach (var (key, content) in Files("v1/"))
        {
            if (states)
                bucket.PutWithSha256(key, new HubContent.InMemory(content));
            else
                bucket.Put(key, new HubContent.InMemory(content));
        }

        using var machine = new S3.S3LockingRun(store.Url, S3Account.Example);
        return await RowAsync(machine, row, "m: s3://models/v1", () => Task.FromResult(store.Log.Snapshot().Sum(request => request.BytesSent)));
    }

    private static async Task<string> GcsAsync()
    {
        await using var store = await LoopbackGcs.StartAsync();
        var bucket = store.Add(new GcsBucket("models") { IsPublic = true });
        foreach (var (name, content) in Files("v1/"))
            bucket.Put(name, content);
        using var machine = new LockingMachine();
        machine.Set("STORAGE_EMULATOR_HOST", store.Url);
        machine.Set("NO_GCE_CHECK", "true");
        return await RowAsync(machine, "`gcs`", "m: gs://models/v1", () => Task.FromResult(store.Log.Snapshot().Sum(request => request.BytesSent)));
    }

    private static async Task<string> AzureAsync()
    {
        await using var store = await LoopbackAzure.StartAsync();
        var container = store.Add(new AzureContainer("models") { IsPublic = true });
        foreach (var (name, content) in Files("v1/"))
            container.Put(name, content);
        using var machine = new LockingMachine();
        var model = $"m: {{ source: {{ azure: {{ account: {store.Account}, container: models, prefix: v1, endpoint: '{store.Url}' }} }} }}";
        return await RowAsync(machine, "`azure`", model, () => Task.FromResult(store.BytesSent));
    }

    private static async Task<string> GitAsync(string kind)
    {
        await using var server = await GitServer.StartAsync();
        var repository = await server.CreateAsync("org/model");
        await repository.ImportAsync([GitEntry.Text("config.json", Encoding.UTF8.GetString(Config)), GitEntry.Lfs("model.safetensors", Weights)]);
        using var machine = new LockingMachine();
        machine.Set("PATH", Environment.GetEnvironmentVariable("PATH") ?? "");
        var model = $"m: {{ source: {{ {kind}: {{ url: \"{repository.Url}\", rev: main }} }} }}";
        return await RowAsync(machine, $"`{kind}`", model, () => Task.FromResult(server.Log.BytesSent));
    }

    private static async Task<string> MlflowAsync()
    {
        await using var run = await Mlflow.MlflowLocking.StartAsync();
        run.State.AddRegistered($"mlflow-artifacts:/7/{MlflowFixtures.Run}/artifacts", Files(""));
        return await RowAsync(run, "`mlflow`", "m: mlflow:fraud@1", () => Task.FromResult(run.Server.BytesSent));
    }

    private static Task<string> OllamaAsync() => RegistryAsync(
        "`ollama`",
        host => $"m: {{ source: {{ ollama: {{ model: \"http://{host}/org/model:v1\" }} }} }}",
        OciArtifact.Ollama("{}", new OciLayer(OllamaModels.Prefix + "model", Weights), OllamaModels.Layer("license", "MIT")));

    private static Task<string> OciAsync() => RegistryAsync(
        "`oci`",
        host => $"m: \"oci://{host}/org/model:v1\"",
        OciArtifact.Oci("application/vnd.oci.empty.v1+json", "{}", [.. Files("").Select(file => new OciLayer("application/octet-stream", file.Content).Titled(file.Path))]));

    private static async Task<string> RegistryAsync(string row, Func<string, string> model, OciArtifact artifact)
    {
        await using var registry = await DockerRegistry.StartAsync();
        await using var front = await RegistryFront.StartAsync(registry);
        using (var client = new RegistryClient(registry.Url))
            await client.PushAsync("org/model", "v1", artifact);
        using var machine = new LockingMachine();
        return await RowAsync(machine, row, model(front.Host), () => Task.FromResult(front.Log.Sum(request => request.BytesSent)));
    }

    private static async Task<string> CivitaiAsync(string row, bool isScanned)
    {
        await using var site = await LoopbackCivitai.StartAsync();
        site.Add(new CivitaiVersion(9, 4, new CivitaiFile(701, "model.safetensors", Weights) { Primary = true, Scanned = isScanned }));
        using var machine = new LockingMachine();
        var model = $"m: {{ source: {{ civitai: {{ modelVersionId: 9, endpoint: '{site.Url}' }} }} }}";
        return await RowAsync(machine, row, model, () => Task.FromResult(site.BytesSent));
    }

    private static (string Path, byte[] Content)[] Files(string prefix) => [(prefix + "config.json", Config), (prefix + "model.safetensors", Weights)];

    // Locks, then asks again as `update` does; the servers count what they send.
    private static async Task<string> RowAsync(LockingMachine machine, string row, string model, Func<Task<long>> sent)
    {
        var first = await machine.SucceedAsync(model);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Weights)), first.Models["m"].Files.Single(file => file.Size == Size).Sha256.Hex);
        var once = await sent();
        machine.Keep(first);
        machine.Options = machine.Options with { Update = true };
        Assert.Equal(first, await machine.SucceedAsync(model));
        return $"| {row} | {Cells(once)} | {Cells(await sent() - once)} |\n";
    }

    // Listings hold ports and dates, so what is beside the weights is told roughly.
    private static string Cells(long bytes)
    {
        var (times, rest) = Math.DivRem(bytes, Size);
        var beside = rest switch { 0 => "0", < 1_000 => "under 1 kB", < 5_000 => "under 5 kB", < 20_000 => "under 20 kB", _ => rest.ToString("N0", CultureInfo.InvariantCulture) };
        return string.Create(CultureInfo.InvariantCulture, $"{times * Size:N0} | {beside}");
    }
}
