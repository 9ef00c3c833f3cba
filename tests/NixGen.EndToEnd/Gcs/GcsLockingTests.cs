using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Nix.Hashing;
using NixGen.Resolve;
using NixGen.Testing;
using NixGen.Testing.Gcs;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Gcs;

/// <summary>Locking objects of a bucket: names, generations, checksums, pages.</summary>
public sealed class GcsLockingTests : GcsFixture
{
    private static readonly string[] Names = ["a b.txt", "a+b=c&d.txt", "dir/50%2Fdone.txt", "grüße/模型.bin", "#frag?query", "q'uote\".json"];

    [Fact]
    public async Task A_folder_is_locked_with_a_generation_for_each_object()
    {
        var bucket = AddPublic();
        var weights = RandomNumberGenerator.GetBytes(300_000);
        var stored = bucket.Put("llama/v1/model.safetensors", weights);
        bucket.Put("llama/v1/config.json", "{}");
        bucket.Put("llama/v1/", "");
        bucket.Put("llama/v10/config.json", "other");

        var model = Model(await Machine.SucceedAsync("m: gs://models/llama/v1"));

        Assert.Equal(("models/llama/v1", Gcs.Url), (model.Resolved.Id, model.Resolved.Endpoint));
        Assert.Equal(["config.json", "model.safetensors"], model.Files.Select(file => file.Path));
        var file = model.Files[1];
        Assert.Equal((300_000, SriHash.FromBytes(SHA256.HashData(weights)), stored.Generation.ToString(), null), (file.Size, file.Sha256, file.Version, file.Object));
        Assert.Equal(ContentRevision.Of(model.Files), model.Resolved.Revision);
        Assert.All(Gcs.Log.Media, request => Assert.Contains("generation=", request.Target, StringComparison.Ordinal));
        Assert.Equal(2, Gcs.Log.Media.Length);
    }

    [Fact]
    public async Task Names_of_any_kind_are_locked_as_googles_own_client_wrote_them()
    {
        AddPublic();
        await new NodeClient("gcs-client").RunAsync(
            "upload.mjs", ("url", Gcs.Url), ("bucket", "models"), ("files", Names.ToDictionary(name => "odd/" + name, name => "content of " + name, StringComparer.Ordinal)));
        var model = Model(await Machine.SucceedAsync("m: { source: { gcs: { bucket: models, prefix: odd/ } } }"));
        Assert.Equal(Names.Order(StringComparer.Ordinal), model.Files.Select(file => file.Path));
        Assert.All(model.Files, file => Assert.Equal(Hash("content of " + file.Path), file.Sha256));
        var written = LockJson.Write(new LockFile(LockFile.Empty.Models.Add("m", model)));
        Assert.Equal(model, Model(LockJson.Read("models.lock.json", written, new DiagnosticBag())?.Lock ?? LockFile.Empty));
    }

    [Fact]
    public async Task Ten_thousand_objects_come_in_pages_and_what_is_not_selected_is_not_read()
    {
        var bucket = AddPublic();
        for (var number = 0; number < 10_000; number++)
            bucket.Put($"big/{number:00000}.bin", $"{number % 7}");
        bucket.Put("big/config.json", "{}");
        var model = Model(await Machine.SucceedAsync("m: { source: { gcs: { bucket: models, prefix: big, files: ['*.json', '*99.bin'] } } }"));
        Assert.Equal(101, model.Files.Length);
        Assert.Equal(11, Gcs.Log.Snapshot().Count(request => request.IsListing));
        Assert.Equal(101, Gcs.Log.Media.Length);
    }

    [Fact]
    public async Task A_single_object_is_one_file()
    {
        AddPublic().Put("llama/v1/model.gguf", "weights");
        var file = Assert.Single(Model(await Machine.SucceedAsync("m: gs://models/llama/v1/model.gguf")).Files);
        Assert.Equal(("model.gguf", "llama/v1/model.gguf"), (file.Path, file.Object));
    }

    [Fact]
    public async Task An_old_generation_is_locked_where_the_bucket_keeps_it()
    {
        var bucket = Gcs.Add(new GcsBucket("models") { IsPublic = true, IsVersioned = true });
        var old = bucket.Put("model.gguf", "old");
        bucket.Put("model.gguf", "new");
        var file = Assert.Single(Model(await Machine.SucceedAsync($"m: 'gs://models/model.gguf#{old.Generation}'")).Files);
        Assert.Equal((Hash("old"), old.Generation.ToString()), (file.Sha256, file.Version));
        bucket.Delete("model.gguf", old.Generation);
        var error = await Machine.FailAsync("NG3367", $"m: {{ source: {{ gcs: {{ bucket: models, prefix: model.gguf, generation: {old.Generation} }} }} }}");
        Assert.Contains("--all-versions gs://models/model.gguf", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_stored_packed_is_locked_as_it_is_read()
    {
        var bucket = AddPublic();
        var text = new string('x', 10_000);
        bucket.Put("v1/config.json", Gzip(text), stored => stored with { ContentEncoding = "gzip" });
        var file = Assert.Single(Model(await Machine.SucceedAsync("m: gs://models/v1")).Files);
        Assert.Equal((10_000, Hash(text)), (file.Size, file.Sha256));
    }

    [Theory]
    [InlineData("gzip", "no-transform")]
    [InlineData("br", null)]
    public async Task What_stays_packed_on_its_way_is_refused(string encoding, string? control)
    {
        AddPublic().Put("v1/config.json", Gzip("x"), stored => stored with { ContentEncoding = encoding, CacheControl = control });
        await Machine.FailAsync("NG3373", "m: gs://models/v1");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public async Task Content_that_the_checksums_deny_is_refused(int? components)
    {
        var bucket = AddPublic();
        bucket.Put("v1/model.bin", "true content"u8.ToArray(), stored => stored with { ComponentCount = components, ServedContent = "fake content"u8.ToArray() });
        var error = await Machine.FailAsync("NG3491", "m: gs://models/v1");
        Assert.Contains(components is null ? "MD5" : "CRC-32C", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_of_another_length_is_refused()
    {
        AddPublic().Put("v1/model.bin", "true content"u8.ToArray(), stored => stored with { ServedContent = "true content and more"u8.ToArray() });
        var outcome = await Machine.LockAsync("m: gs://models/v1");
        Assert.False(outcome.Succeeded);
        Assert.Contains(outcome.Diagnostics, item => item.Message.Contains("more than the 12 bytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_update_reads_only_what_has_another_generation()
    {
        var bucket = AddPublic();
        bucket.Put("v1/a", "a");
        bucket.Put("v1/b", "b");
        var first = await Machine.SucceedAsync("m: gs://models/v1");
        Machine.Keep(first);
        Machine.Options = new LockOptions { Update = true };
        Directory.Delete(Path.Combine(Machine.Home, ".cache"), recursive: true);
        Gcs.Log.Clear();
        Assert.Equal(Model(first), Model(await Machine.SucceedAsync("m: gs://models/v1")));
        Assert.Empty(Gcs.Log.Media);
        bucket.Put("v1/b", "changed");
        var second = Model(await Machine.SucceedAsync("m: gs://models/v1"));
        Assert.Equal("/storage/v1/b/models/o/v1%2Fb", Assert.Single(Gcs.Log.Media).Target.Split('?')[0]);
        Assert.Equal(Hash("changed"), second.Files[1].Sha256);
    }

    [Fact]
    public async Task An_unchanged_request_asks_nobody()
    {
        AddPublic().Put("v1/a", "a");
        Machine.Keep(await Machine.SucceedAsync("m: gs://models/v1"));
        Gcs.Log.Clear();
        await Machine.SucceedAsync("m: gs://models/v1");
        Assert.Empty(Gcs.Log.Snapshot());
    }

    [Theory]
    [InlineData("v1/../../evil", "has the segment '..'")]
    [InlineData("v1//etc/passwd", "is absolute")]
    [InlineData("v1/a\nb", "control character")]
    [InlineData("v1/.git/config", "belongs to git")]
    [InlineData("v1/a\\b", "backslash")]
    public async Task Names_that_lead_out_of_the_model_are_refused(string name, string problem)
    {
        AddPublic().Put(name, "x");
        var error = await Machine.FailAsync("NG3127", "m: gs://models/v1");
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Empty(Gcs.Log.Media);
    }

    [Fact]
    public async Task The_same_bytes_from_the_Hub_have_the_same_hash()
    {
        var repository = Machine.Hub.Add(new HubRepository("example/same"));
        repository.Commit("c", [HubFile.Text("config.json", "{\"same\":true}")]);
        AddPublic().Put("v1/config.json", "{\"same\":true}");
        var locked = await Machine.SucceedAsync($"hub: hf:{repository.Id}", "m: gs://models/v1");
        Assert.Equal(Model(locked, "hub").Files.Single(file => file.Path == "config.json").Sha256, Assert.Single(Model(locked).Files).Sha256);
    }

    private static SriHash Hash(string text) => SriHash.FromBytes(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static byte[] Gzip(string text)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return output.ToArray();
    }
}
