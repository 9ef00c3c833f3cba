using System.Formats.Tar;
using System.Text;
using NixGen.EndToEnd.Acceptance;
using NixGen.Testing;
using NixGen.Testing.Azure;
using NixGen.Testing.Gcs;
using NixGen.Testing.Hub;
using NixGen.Testing.Mlflow;
using NixGen.Testing.Oci;
using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.Docs;

/// <summary>
/// The checked-in locks of examples whose servers are made up: <c>nixgen lock</c> wrote them, from servers of this machine under the
/// names that the manifests have. With <c>NIXGEN_ACCEPT=1</c> they are written anew.
/// </summary>
public sealed class ExampleLockTests
{
    [Fact]
    public async Task S3()
    {
        await using var store = await LoopbackS3.StartAsync("eu-central-1");
        var bucket = store.Add(new S3Bucket("example-company-models", "eu-central-1") { IsPublic = true, IsVersioned = true });
        bucket.Put("embeddings/v3/config.json", Text("{ \"model_type\": \"bert\", \"hidden_size\": 384 }\n"));
        bucket.PutWithSha256("embeddings/v3/model.safetensors", Text("weights of an embedding"));
        bucket.Put("embeddings/v3/model.onnx", Text("the same for ONNX"));
        bucket.Put("embeddings/v3/tokenizer/vocab (all).txt", Text("a\nlist\nof\n"));
        bucket.PutWithSha256("gguf/reranker-Q8_0.gguf", Text("weights of a reranker"));
        await HoldsAsync("s3", new() { ["example-company-models.s3.eu-central-1.amazonaws.com"] = store.Url + "/example-company-models" });
    }

    [Fact]
    public async Task Gcs()
    {
        await using var store = await LoopbackGcs.StartAsync();
        var bucket = store.Add(new GcsBucket("example-models") { IsVersioned = true });
        bucket.Readers.Add("reader@example.iam.gserviceaccount.com");
        bucket.Put("embedder/model.gguf", Encoding.UTF8.GetBytes("an embedder in an older generation"), item => item with { Generation = 1709294400000000 });
        bucket.Put("embedder/model.gguf", "the embedder as it is now");
        PutAssistant((path, content) => bucket.Put("assistant/v3/" + path, content));
        var key = store.Identities.AddServiceAccount("reader@example.iam.gserviceaccount.com", store.TokenUrl);
        await HoldsAsync("gcs", new() { ["storage.googleapis.com"] = store.Url }, bench =>
        {
            bench.Write("key.json", key);
            bench.Set("GOOGLE_APPLICATION_CREDENTIALS", bench.PathOf("key.json"));
            bench.Write("models.yaml", bench.Read("models.yaml").Replace("/run/secrets/models-reader.json", bench.PathOf("key.json"), StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Azure()
    {
        await using var store = await LoopbackAzure.StartAsync();
        var container = store.Add(new AzureContainer("models") { IsPublic = true });
        container.Put("embedder/model.gguf", "an embedder");
        PutAssistant((path, content) => container.Put("assistant/v3/" + path, content));
        await HoldsAsync("azure", new() { ["exampleaccount.blob.core.windows.net"] = store.Url }, bench =>
        {
            bench.Write("models.sas", "sv=2020-12-06&sp=rl&sr=c&sig=bm8gc2lnbmF0dXJl\n");
            bench.Write("models.yaml", bench.Read("models.yaml").Replace("/run/secrets/models.sas", bench.PathOf("models.sas"), StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Oci()
    {
        await using var registry = await DockerRegistry.StartAsync();
        await using var front = await RegistryFront.StartAsync(registry);
        using (var client = new RegistryClient(registry.Url))
        {
            await client.PushAsync("team/assistant", "v3", OciArtifact.Oci(
                "application/vnd.docker.ai.model.config.v0.1+json",
                "{}",
                [
                    new OciLayer("application/vnd.docker.ai.gguf.v3", "GGUF weights of an assistant"),
                    new OciLayer("application/vnd.docker.ai.license", "Apache-2.0\n"),
                    new OciLayer("application/vnd.docker.ai.chat.template.jinja", "{{ messages }}\n"),
                ]));
            await client.PushAsync("team/classifier", "2.1", OciArtifact.Oci(
                "application/vnd.kitops.modelkit.config.v1+json",
                "{}",
                [
                    new OciLayer("application/vnd.kitops.modelkit.model.v1.tar", Tar("model/weights.onnx", "weights of a classifier")),
                    new OciLayer("application/vnd.cncf.model.doc.v1.raw", "# Classifier\n").Annotated("org.cncf.model.filepath", "docs/README.md"),
                ],
                annotations: new Dictionary<string, string>(StringComparer.Ordinal) { ["org.opencontainers.image.licenses"] = "Apache-2.0" }));
        }

        await HoldsAsync("oci", new() { ["registry.example.com"] = front.Url }, bench => bench.Set("REGISTRY_LOGIN", "name:password"));
    }

    [Fact]
    public async Task Mlflow()
    {
        await using var server = await LoopbackMlflow.StartAsync();
        var state = server.State;
        state.Versions[("fraud", "12")] = new MlflowVersion("mlflow-artifacts:/12/m/artifacts");
        state.Aliases[("fraud", "champion")] = "12";
        state.With(
            "mlflow-artifacts:/12/m/artifacts",
            ("MLmodel", "flavors:\n  sklearn:\n    serialization_format: skops\n"u8.ToArray()),
            ("model.skops", "weights of a detector"u8.ToArray()),
            ("model.pkl", "the same as a pickle"u8.ToArray()),
            ("data/input example.json", "{ \"amount\": 12.5 }\n"u8.ToArray()));
        state.Runs[MlflowFixtures.Run] = $"s3://ml-artifacts/7/{MlflowFixtures.Run}/artifacts";
        state.With(state.Runs[MlflowFixtures.Run] + "/embeddings", ("config.json", "{ \"dim\": 384 }\n"u8.ToArray()), ("model.safetensors", "weights of a run"u8.ToArray()));
        await HoldsAsync("mlflow", new() { ["mlflow.example.com"] = server.Url });
    }

    // Locks an example in a folder of its own, with an empty home, and compares.
    private static async Task HoldsAsync(string example, Dictionary<string, string> servers, Action<Workbench>? prepare = null)
    {
        await using var hosts = await LoopbackHosts.StartAsync(servers);
        using var bench = new Workbench();
        bench.Write("authority.pem", hosts.Authority);
        bench.Set("https_proxy", hosts.ProxyUrl);
        bench.Set("SSL_CERT_FILE", bench.PathOf("authority.pem"));
        bench.Set("SSL_CERT_DIR", bench.Folder);
        bench.Set("AWS_EC2_METADATA_DISABLED", "true");
        bench.Set("NO_GCE_CHECK", "true");
        bench.Write("models.yaml", await File.ReadAllTextAsync(Checkout.At("examples", example, "models.yaml")));
        prepare?.Invoke(bench);
        (await bench.NixgenAsync("lock")).ShouldEndWith(0);
        var path = Checkout.At("examples", example, "models.lock.json");
        if (Environment.GetEnvironmentVariable(Golden.AcceptVariable) == "1")
            await File.WriteAllTextAsync(path, bench.Read("models.lock.json"));
        else
            Assert.Equal(await File.ReadAllTextAsync(path), bench.Read("models.lock.json"));
    }

    private static void PutAssistant(Action<string, string> put)
    {
        put("README.md", "# Assistant\n");
        put("config.json", "{ \"model_type\": \"llama\" }\n");
        put("model-00001-of-00002.safetensors", "the first half of an assistant");
        put("model-00002-of-00002.safetensors", "the second half of an assistant");
    }

    private static HubContent Text(string text) => S3Fixtures.Text(text);

    // The same bytes each time: no clock, no user.
    private static byte[] Tar(string name, string text)
    {
        using var file = new MemoryStream();
        using (var writer = new TarWriter(file, TarEntryFormat.Ustar, leaveOpen: true))
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { ModificationTime = DateTimeOffset.UnixEpoch, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        return file.ToArray();
    }
}
