using System.Text;
using System.Text.Json;
using NixGen.EndToEnd.Acceptance;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Validation;

/// <summary>Each preset against models of each sort, from the manifest to a real and sandboxed build.</summary>
public sealed class ValidationPresetTests(ValidatedModels models) : IClassFixture<ValidatedModels>
{
    public static TheoryData<string, string, string?> Matrix()
    {
        var data = new TheoryData<string, string, string?>();
        foreach (var (preset, model, refusal) in (IEnumerable<(string, string, string?)>)
        [
            ("standard", "clean", null),
            ("standard", "pickle", null),
            ("standard", "malicious", "`pickle-scan` refuses|pytorch_model.bin at byte 17: imports a global that isn't allowed (STACK_GLOBAL posix.system)"),
            ("standard", "truncated", "`structure` refuses|model.safetensors at byte 88: its tensors end at 96, and the file at 88"),
            ("standard", "mislabelled", "`structure` refuses|model.safetensors at byte 0: its header is said to be"),
            ("standard", "oversized", "`max-size-1K` refuses|the model has 2146 bytes, and may have 1024 (1K)"),
            ("standard", "unlicensed", null),
            ("strict", "clean", null),
            ("strict", "pickle", "`no-pickle` refuses|pytorch_model.bin: it holds a pickle"),
            ("strict", "malicious", "`pickle-scan` refuses|posix.system"),
            ("strict", "truncated", "`structure` refuses|model.safetensors"),
            ("strict", "mislabelled", "`structure` refuses|model.safetensors"),
            ("strict", "oversized", "`max-size-1K` refuses|may have 1024"),
            ("strict", "unlicensed", "`license-check` refuses|no licence is stated"),
            ("paranoid", "clean", null),
            ("paranoid", "pickle", "`no-pickle` refuses|pytorch_model.bin"),
            ("paranoid", "malicious", "`pickle-scan` refuses|posix.system"),
            ("paranoid", "truncated", "`structure` refuses|model.safetensors"),
            ("paranoid", "mislabelled", "`structure` refuses|model.safetensors"),
            ("paranoid", "oversized", "`max-size-1K` refuses|may have 1024"),
            ("paranoid", "unlicensed", "`license-check` refuses|no licence is stated"),
            ("minimal", "clean", null),
            ("minimal", "pickle", null),
            ("minimal", "malicious", null),
            ("minimal", "truncated", null),
            ("minimal", "mislabelled", null),
            ("minimal", "oversized", "`max-size-1K` refuses|may have 1024"),
            ("minimal", "unlicensed", null),
            ("none", "clean", null),
            ("none", "pickle", null),
            ("none", "malicious", null),
            ("none", "truncated", null),
            ("none", "mislabelled", null),
            ("none", "oversized", null),
            ("none", "unlicensed", null),
        ])
        {
            data.Add(preset, model, refusal);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task A_preset_accepts_what_it_should_and_leaves_nothing_of_what_it_refuses(string preset, string model, string? refusal)
    {
        var built = await models.Nix.TryBuildAsync(models.Of($"{preset}-{model}"));
        if (refusal is null)
        {
            Assert.True(built.Succeeded, built.Errors);
            return;
        }

        Assert.False(built.Succeeded, built.Output);
        foreach (var words in refusal.Split('|'))
            Assert.Contains(words, built.Errors, StringComparison.Ordinal);
        foreach (var name in models.Nix.StoreNames.Where(name => name.EndsWith($"-{preset}-{model}", StringComparison.Ordinal) || name.EndsWith($"-{preset}-{model}-validated", StringComparison.Ordinal)))
            Assert.False((await models.Nix.RunAsync(["path-info", $"/nix/store/{name}"])).Succeeded, name);
    }

    [Fact]
    public async Task Validation_adds_no_weights_to_the_closure()
    {
        var sizes = new List<long>();
        foreach (var preset in (string[])["none", "strict"])
        {
            var path = await models.Nix.BuildAsync(models.Of($"{preset}-clean"));
            var closure = (await models.Nix.RunAsync(["path-info", "-rS", "--json", path])).OrThrow("nix path-info");
            using var json = JsonDocument.Parse(closure.Output);
            sizes.Add(json.RootElement.EnumerateArray().Where(entry => entry.GetProperty("path").GetString()?.Contains("-model-file-", StringComparison.Ordinal) == true).Sum(entry => entry.GetProperty("narSize").GetInt64()));
            Assert.DoesNotContain(json.RootElement.EnumerateArray(), entry => entry.GetProperty("path").GetString()?.EndsWith("-validated", StringComparison.Ordinal) == true);
        }

        Assert.True(sizes[0] > 1000);
        Assert.Equal(sizes[0], sizes[1]);
    }

    [Fact]
    public async Task The_report_says_what_ran_and_holds_no_clock()
    {
        var report = await models.ReportAsync("strict-clean");
        Assert.Equal(
            [("checksums", "passed"), ("structure", "passed"), ("pickle-scan", "passed"), ("modelscan", "unavailable"), ("no-pickle", "passed"), ("safetensors-only", "passed"), ("license-check", "passed")],
            report.GetProperty("validation").GetProperty("validators").EnumerateArray().Select(validator => (validator.GetProperty("name").GetString() ?? "", validator.GetProperty("status").GetString() ?? "")));
        Assert.Equal("mit", report.GetProperty("license").GetString());
        Assert.Matches("^[0-9a-f]{40}$", report.GetProperty("revision").GetString());
        var paranoid = (await models.ReportAsync("paranoid-clean")).GetProperty("validation").GetProperty("validators").EnumerateArray().Last();
        Assert.Equal(("signature-verify", "failed", "warn"), (paranoid.GetProperty("name").GetString(), paranoid.GetProperty("status").GetString(), paranoid.GetProperty("onFailure").GetString()));
        // A second build of the same gives the same bytes.
        (await models.Nix.TryBuildAsync(models.Of("strict-clean.validated"), options: ["--rebuild"])).OrThrow("nix build --rebuild");
    }

    [Fact]
    public async Task Validators_of_ones_own_and_words_of_security_reach_the_build()
    {
        var report = await models.ReportAsync("own");
        var validators = report.GetProperty("validation").GetProperty("validators").EnumerateArray().ToDictionary(validator => validator.GetProperty("name").GetString() ?? "", StringComparer.Ordinal);
        Assert.Equal(["checksums", "structure", "modelscan", "from a file", "inline", "too-slow", "scanner"], validators.Keys);
        Assert.Equal("passed", validators["from a file"].GetProperty("status").GetString());
        Assert.Equal("own 2146 model.safetensors config.json", validators["from a file"].GetProperty("findings")[0].GetProperty("what").GetString());
        Assert.Equal(("failed", "warn"), (validators["inline"].GetProperty("status").GetString(), validators["inline"].GetProperty("onFailure").GetString()));
        Assert.Equal("it ended with 3", validators["inline"].GetProperty("findings")[0].GetProperty("what").GetString());
        Assert.Equal("timed-out", validators["too-slow"].GetProperty("status").GetString());
        Assert.Equal("it did not end within 1 seconds", validators["too-slow"].GetProperty("findings")[0].GetProperty("what").GetString());
        Assert.Equal(("failed", "warn"), (validators["scanner"].GetProperty("status").GetString(), validators["scanner"].GetProperty("onFailure").GetString()));
    }

    [Theory]
    [InlineData("changes", "it changed the output")]
    [InlineData("network", "`network` refuses")]
    [InlineData("allowed", null)]
    [InlineData("remote", "config.json, auto_map: it makes loaders run code of the repository")]
    [InlineData("types", "config.json: its ending is none of .safetensors")]
    [InlineData("required", "tokenizer.json: it is required, and isn't there")]
    [InlineData("denied", "the licence mit is denied")]
    [InlineData("listed", null)]
    [InlineData("listed-otherwise", "the licence mit, gpl-3.0 is none of mit")]
    public async Task What_a_validator_finds_stops_the_build(string model, string? refusal)
    {
        var built = await models.Nix.TryBuildAsync(models.Of(model));
        Assert.Equal(refusal is null, built.Succeeded);
        if (refusal is not null)
            Assert.Contains(refusal, built.Errors, StringComparison.Ordinal);
    }
}

/// <summary>Models of every sort on a loopback Hub, locked and emitted once for all presets.</summary>
public sealed class ValidatedModels : IAsyncLifetime
{
    private static readonly string[] Presets = ["none", "minimal", "standard", "strict", "paranoid"];
    private static readonly string[] Sorts = ["clean", "pickle", "malicious", "truncated", "mislabelled", "oversized", "unlicensed"];
    private readonly Workbench bench;
    private LoopbackHub? hub;

    public ValidatedModels() => bench = new Workbench();

    public NixSandbox Nix { get; } = NixSandbox.Create();

    public NixTarget Of(string attribute) => new NixTarget.File(bench.PathOf("models.nix"), attribute);

    public async Task<JsonElement> ReportAsync(string model)
    {
        var path = await Nix.BuildAsync(Of(model));
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Nix.Physical(path + "/.nix-model-repo-meta.json")));
        return json.RootElement.Clone();
    }

    public async Task InitializeAsync()
    {
        hub = await LoopbackHub.StartAsync();
        bench.Set("HF_ENDPOINT", hub.Url);
        var safe = Safetensors(2048);
        Add("clean", "mit", ("model.safetensors", safe));
        Add("oversized", "mit", ("model.safetensors", safe));
        Add("unlicensed", null, ("model.safetensors", safe));
        Add("truncated", "mit", ("model.safetensors", Safetensors(16)[..^8]));
        Add("mislabelled", "mit", ("model.safetensors", Encoding.ASCII.GetBytes("PK\u0003\u0004 an archive that is called like safetensors")));
        // pickle.dumps({"step": 1}, 4)
        Add("pickle", "mit", ("pytorch_model.bin", Convert.FromHexString("8004950a000000000000007d948c0473746570944b01732e")));
        // __reduce__ of os.system("id"), protocol 4
        Add("malicious", "mit", ("pytorch_model.bin", Convert.FromHexString("80048c05706f7369788c0673797374656d938c0269648552942e")));
        Add("listed", "mit, gpl-3.0", ("model.safetensors", safe));
        Add("remote", "mit", ("config.json", Encoding.UTF8.GetBytes("""{"auto_map": {"AutoModel": "modeling.Model"}}""")), ("model.safetensors", safe));

        var manifest = new StringBuilder("version: 1\nmodels:\n");
        foreach (var preset in Presets)
        {
            foreach (var sort in Sorts)
            {
                var validation = sort == "oversized" ? $"{{ preset: {preset}, validators: [{{ maxSize: 1K }}] }}" : preset;
                manifest.Append($"  {preset}-{sort}: {{ source: \"hf:example/{sort}@main\", validation: {validation} }}\n");
            }
        }

        bench.Write("checks/own.sh", """
            cd "$src"
            echo "$MODEL_NAME $MODEL_SIZE $(ls -r | tr '\n' ' ' | sed 's/ $//')" >>"$findings"
            test -e "$raw/config.json"
            test -L "$out/config.json"
            jq -e '.files | length == 2' "$MODEL_FACTS"
            """);
        manifest.Append("""
              own:
                source: "hf:example/clean@main"
                security: { enablePickleScan: false, failOnScanError: false, customScanners: [{ name: scanner, command: "false" }] }
                validation:
                  onFailure: warn
                  validators:
                    - { name: from a file, file: checks/own.sh, onFailure: abort }
                    - { name: inline, script: "exit 3" }
                    - { name: too-slow, script: "sleep 60 & sleep 60", timeout: 1 }
              changes: { source: "hf:example/clean@main", validation: { validators: [{ name: changer, script: "touch $out/more" }] } }
              network: { source: "hf:example/clean@main", validation: { validators: [{ name: network, script: "exec 3<>/dev/tcp/127.0.0.1/$PORT", description: no network is there }] } }
              allowed: { source: "hf:example/malicious@main", pickle: { allow: [posix.system] } }
              remote: { source: "hf:example/remote@main", validation: { validators: [noPythonCode] } }
              types: { source: "hf:example/clean@main", validation: { validators: [noSymlinks, { fileTypes: [safetensors] }] } }
              required: { source: "hf:example/clean@main", validation: { validators: [{ requiredFiles: [config.json, tokenizer.json] }] } }
              denied: { source: "hf:example/clean@main", validation: { validators: [{ licenseCheck: { denied: [MIT] } }] } }
              listed: { source: "hf:example/listed@main", validation: { validators: [{ licenseCheck: { allowed: [MIT, GPL-3.0] } }] } }
              listed-otherwise: { source: "hf:example/listed@main", validation: { validators: [{ licenseCheck: { allowed: [MIT] } }] } }

            """.Replace("$PORT", new Uri(hub.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        bench.Write("models.yaml", manifest.ToString());
        bench.Write("models.nix", (await bench.NixgenAsync("build", "models.yaml")).ShouldEndWith(0).Output);
    }

    public async Task DisposeAsync()
    {
        Nix.Dispose();
        bench.Dispose();
        if (hub is not null)
            await hub.DisposeAsync();
    }

    private void Add(string name, string? license, params (string Path, byte[] Content)[] files)
    {
        var repository = new HubRepository($"example/{name}") { License = license };
        IEnumerable<HubFile> all = files.Select(file => HubFile.Lfs(file.Path, file.Content));
        repository.Commit("Add the model", files.Any(file => file.Path == "config.json") ? all : all.Append(HubFile.Text("config.json", "{\"model_type\": \"bert\"}\n")));
        hub?.Add(repository);
    }

    // One tensor of bytes.
    private static byte[] Safetensors(int length)
    {
        var header = Encoding.ASCII.GetBytes($"{{\"w\":{{\"dtype\":\"U8\",\"shape\":[{length}],\"data_offsets\":[0,{length}]}}}}".PadRight(length == 16 ? 72 : 67));
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[length]];
    }
}
