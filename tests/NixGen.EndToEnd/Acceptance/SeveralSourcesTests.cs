using System.Text;
using NixGen.Testing;
using NixGen.Testing.Hub;
using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>From <c>sources</c> in a manifest to a store path that was fetched after the first source had gone.</summary>
public sealed class SeveralSourcesTests
{
    private const string Weights = "weights that outlive their first server";

    [Fact]
    public async Task A_model_is_built_when_its_first_source_is_gone()
    {
        await using var second = await LoopbackHub.StartAsync();
        Add(second, "copy/m", "mirrored/model.gguf");
        using var bench = new Workbench();
        string commit;
        await using (var first = await LoopbackHub.StartAsync())
        {
            commit = Add(first, "org/m", "model.gguf").Head.Id;
            bench.Set("HF_ENDPOINT", first.Url);
            bench.Write("models.yaml", $$"""
                version: 1
                defaults: { validation: none }
                models:
                  both: { sources: [hf:org/m, { huggingface: { repo: copy/m, endpoint: "{{second.Url}}" } }], network: { retry: { baseDelay: 0 } } }
                  alone: hf:org/m
                groups: { serving: [both, alone] }

                """);
            var locked = (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
            Assert.DoesNotContain("warning", locked.Errors, StringComparison.Ordinal);
            var nixFile = (await bench.NixgenAsync("build", "--frozen")).ShouldEndWith(0).Output;
            bench.Write("alone/models.nix", nixFile);
            (await bench.NixgenAsync("check", "--out", "out")).ShouldEndWith(0);
            (await bench.NixgenAsync("build", "--out", "out", "--locked", "--offline")).ShouldEndWith(0);
            var info = (await bench.NixgenAsync("info", "both")).ShouldEndWith(0).Output;
            Assert.Contains("also from: huggingface: copy/m, 2 of 2 different contents", info, StringComparison.Ordinal);
            // Neither was asked for the weights.
            Assert.DoesNotContain(first.Log.Snapshot().Concat(second.Log.Snapshot()), request => request.Path.EndsWith("model.gguf", StringComparison.Ordinal));
        }

        using var nix = NixSandbox.Create();
        var flake = new NixTarget.Flake($"path:{bench.PathOf("out")}#both");
        var result = (await nix.TryBuildAsync(flake)).OrThrow("nix build");
        Assert.Contains("The connection was refused", result.Errors, StringComparison.Ordinal);
        Assert.Contains("nixgen: asking the next source", result.Errors, StringComparison.Ordinal);
        var path = await nix.BuildAsync(flake);
        Assert.Equal(Weights, await File.ReadAllTextAsync(nix.Physical($"{path}/snapshots/{commit}/model.gguf")));

        // One file does what the folder does, and the content is there for the model that has one source as well.
        Assert.Equal(path, await nix.BuildAsync(new NixTarget.File(bench.PathOf("alone/models.nix"), "both")));
        await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#alone"));
        await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#serving"));
    }

    [Fact]
    public async Task A_bucket_stands_in_for_the_Hub_and_neither_is_told_the_others_secret()
    {
        const string Token = "hf_onlyForTheHub0815";
        var account = new S3Account("ASIASEVERAL", "secret/for+the+bucket=only");
        await using var hub = await LoopbackHub.StartAsync();
        await using var store = await LoopbackS3.StartAsync();
        hub.AddToken(new HubToken(Token, "alice"));
        store.Add(account);
        var bucket = store.Add(new S3Bucket("copies"));
        bucket.PutWithSha256("m/q4/weights.gguf", S3Fixtures.Text(Weights + " in a bucket"));
        var repository = hub.Add(new HubRepository("org/m"));
        repository.Commit("c", [HubFile.Lfs("model.gguf", Encoding.UTF8.GetBytes(Weights + " in a bucket"))]);
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MY_TOKEN"] = Token,
            ["AWS_ACCESS_KEY_ID"] = account.KeyId,
            ["AWS_SECRET_ACCESS_KEY"] = account.Secret,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        };
        using var bench = new Workbench(hub);
        bench.Set("AWS_ENDPOINT_URL_S3", store.Url);
        foreach (var (name, value) in secrets)
            bench.Set(name, value);
        bench.Write("models.yaml", """
            version: 1
            defaults: { validation: none }
            models:
              both: { sources: [hf:org/m, s3://copies/m], auth: { tokenEnvVar: MY_TOKEN } }
              hub: { source: hf:org/m, auth: { tokenEnvVar: MY_TOKEN } }
              bucket: s3://copies/m

            """);
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        hub.Faults.On(request => request.Kind == HubRequestKind.Resolve, HubFault.Status(404));
        using var nix = NixSandbox.Create();
        var result = (await nix.TryBuildAsync(Output("both"), secrets)).OrThrow("nix build");
        Assert.Contains("nixgen: huggingface org/m at ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(account.Secret, result.Errors, StringComparison.Ordinal);

        // A file from the Hub, from the bucket and from either is one path, which is there now.
        var both = await nix.ClosureAsync(await nix.BuildAsync(Output("both")));
        var file = Assert.Single(both, path => path.Contains("-model-file-", StringComparison.Ordinal));
        Assert.Equal(Weights + " in a bucket", await File.ReadAllTextAsync(nix.Root + file));
        Assert.Contains(file, await nix.ClosureAsync(await nix.BuildAsync(Output("hub"))));
        Assert.Contains(file, await nix.ClosureAsync(await nix.BuildAsync(Output("bucket"))));

        Assert.Contains(hub.Log.Snapshot(), request => request.Token == Token);
        Assert.All(hub.Log.Snapshot().Where(request => request.HasAuthorization), request => Assert.Equal(Token, request.Token));
        Assert.Contains(store.Log.Snapshot(), request => request.IsDownload);
        Assert.All(store.Log.Snapshot(), request => Assert.DoesNotContain(Token, string.Join('\n', request.Headers.Values), StringComparison.Ordinal));

        NixTarget Output(string name) => new NixTarget.Flake($"path:{bench.PathOf("out")}#{name}");
    }

    [Fact]
    public async Task A_source_with_credentials_of_its_own_has_those_and_no_others()
    {
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal) { ["FIRST_TOKEN"] = "hf_forTheFirst0815", ["COPY_TOKEN"] = "hf_forTheCopy4711" };
        await using var first = await LoopbackHub.StartAsync();
        await using var copy = await LoopbackHub.StartAsync();
        first.AddToken(new HubToken(tokens["FIRST_TOKEN"], "alice"));
        copy.AddToken(new HubToken(tokens["COPY_TOKEN"], "bob"));
        foreach (var (hub, id, member) in new[] { (first, "org/m", "alice"), (copy, "copy/m", "bob") })
        {
            var repository = hub.Add(new HubRepository(id) { IsPrivate = true });
            repository.Members.Add(member);
            repository.Commit("c", [HubFile.Lfs("model.gguf", Encoding.UTF8.GetBytes(Weights + " with two tokens"))]);
        }

        using var bench = new Workbench(first);
        foreach (var (name, value) in tokens)
            bench.Set(name, value);
        bench.Write("models.yaml", $$"""
            version: 1
            defaults: { validation: none }
            sources: { copies: { huggingface: { endpoint: "{{copy.Url}}" } } }
            models:
              both:
                sources: [hf:org/m, { from: copies, repo: copy/m, auth: { tokenEnvVar: COPY_TOKEN } }]
                auth: { tokenEnvVar: FIRST_TOKEN }

            """);
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        first.Faults.On(request => request.Kind == HubRequestKind.Resolve, HubFault.Status(404));
        using var nix = NixSandbox.Create();
        var target = new NixTarget.Flake($"path:{bench.PathOf("out")}#both");
        (await nix.TryBuildAsync(target, tokens)).OrThrow("nix build");
        Assert.Contains(copy.Log.Snapshot(), request => request.Kind == HubRequestKind.Cdn);
        foreach (var (hub, token) in new[] { (first, tokens["FIRST_TOKEN"]), (copy, tokens["COPY_TOKEN"]) })
        {
            Assert.Contains(hub.Log.Snapshot(), request => request.Token == token);
            Assert.All(hub.Log.Snapshot().Where(request => request.HasAuthorization), request => Assert.Equal(token, request.Token));
        }
    }

    [Fact]
    public async Task Only_a_file_that_needs_it_holds_what_asks_several_sources()
    {
        using var bench = new Workbench();
        const string Mock = "{ mock: { org: example, model: tiny, files: [{ path: config.json, text: '{}' }] } }";
        bench.Write("one.yaml", $"version: 1\nmodels:\n  tiny: {{ source: {Mock} }}\n");
        bench.Write("two.yaml", $"version: 1\nmodels:\n  tiny: {{ sources: [{Mock}, {Mock.Replace("example", "copies", StringComparison.Ordinal)}] }}\n");
        Assert.DoesNotContain("are asked in turn", (await bench.NixgenAsync("build", "one.yaml")).ShouldEndWith(0).Output, StringComparison.Ordinal);
        Assert.Contains("are asked in turn", (await bench.NixgenAsync("build", "two.yaml")).ShouldEndWith(0).Output, StringComparison.Ordinal);
    }

    private static HubRepository Add(LoopbackHub hub, string id, string path)
    {
        var repository = hub.Add(new HubRepository(id));
        repository.Commit("c", [HubFile.Text("config.json", "{\"outlives\": true}\n"), HubFile.Lfs(path, Encoding.UTF8.GetBytes(Weights))]);
        return repository;
    }
}
