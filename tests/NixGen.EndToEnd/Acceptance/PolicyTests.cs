using System.Text;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>A manifest's policy refuses models by what the Hub lists of them: before a byte of a file is downloaded, and with nothing written.</summary>
public sealed class PolicyTests : IAsyncLifetime
{
    private LoopbackHub? started;
    private Workbench? workbench;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    private Workbench Bench => workbench ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackHub.StartAsync();
        workbench = new Workbench(started);
        Add("org/clean", "mit", scanned: true, ("model.safetensors", "safe"));
        Add("org/dual", "gpl-3.0, apache-2.0", scanned: true, ("model.safetensors", "safe"));
        Add("org/unlicensed", null, scanned: true, ("model.safetensors", "safe"));
        Add("org/pickled", "mit", scanned: true, ("pytorch_model.bin", "safe"), ("model.safetensors", "safe"));
        Add("org/flagged", "mit", scanned: true, ("a.bin", "suspicious"), ("b.bin", "unsafe"), ("model.safetensors", "safe"));
        Add("org/pending", "mit", scanned: false, ("model.safetensors", "safe"));
        Add("org/silent", "mit", scanned: null, ("model.safetensors", "safe"));
        Add("other/clean", "mit", scanned: true, ("model.safetensors", "safe"));
    }

    public async Task DisposeAsync()
    {
        workbench?.Dispose();
        if (started is not null)
            await started.DisposeAsync();
    }

    [Theory]
    [InlineData("licenses: { allowed: [MIT, apache-2.0] }", "org/clean", null)]
    [InlineData("licenses: { allowed: [apache-2.0] }", "org/clean", "NG3510|the licence 'mit', which the policy doesn't allow|apache-2.0")]
    [InlineData("licenses: { denied: [mit] }", "org/clean", "NG3510|which the policy denies")]
    [InlineData("licenses: { allowed: [apache-2.0] }", "org/dual", "NG3510|'gpl-3.0, apache-2.0'")]
    [InlineData("licenses: { allowed: [mit] }", "org/unlicensed", "NG3510|states no licence")]
    [InlineData("licenses: { denied: [mit] }", "org/unlicensed", null)]
    [InlineData("refuse: [unlicensed]", "org/unlicensed", "NG3510|meta: { license: … }")]
    [InlineData("publishers: [org]", "org/clean", null)]
    [InlineData("publishers: [\"org/cl*\"]", "org/clean", null)]
    [InlineData("publishers: [org]", "other/clean", "NG3511|'other/clean'")]
    [InlineData("publishers: [or]", "org/clean", "NG3511|or")]
    [InlineData("formats: [safetensors]", "org/clean", null)]
    [InlineData("formats: [safetensors]", "org/pickled", "NG3512|'pytorch_model.bin'|format: safetensors")]
    [InlineData("maxSize: 1K", "org/clean", "NG3513|has 4.0 kB, and the policy allows 1.0 kB|at most 1024 bytes")]
    [InlineData("maxSize: 4K", "org/clean", null)]
    [InlineData("maxTotalSize: 2K", "org/clean", "NG3513|All models together have 4.0 kB")]
    [InlineData("refuse: [pickle]", "org/clean", null)]
    [InlineData("refuse: [pickle]", "org/flagged", "NG3514|'a.bin' and 1 more")]
    [InlineData("refuse: [flagged]", "org/flagged", "NG3515|says 'unsafe' of its files")]
    [InlineData("refuse: [flagged]", "org/pending", null)]
    [InlineData("refuse: [unscanned]", "org/pending", "NG3515|hasn't finished scanning")]
    [InlineData("refuse: [unscanned]", "org/silent", "NG3515|nothing is known of a scan")]
    [InlineData("refuse: [unscanned, flagged, pickle, gated]", "org/clean", null)]
    public async Task A_rule_refuses_what_it_should_and_nothing_else(string rule, string repository, string? refusal)
    {
        Bench.Write("models.yaml", $"version: 1\npolicy: {{ {rule} }}\nmodels:\n  m: hf:{repository}\n");
        var outcome = await Bench.NixgenAsync("lock");
        if (refusal is null)
        {
            outcome.ShouldEndWith(0);
            return;
        }

        outcome.ShouldEndWith(1);
        foreach (var words in refusal.Split('|'))
            Assert.Contains(words, outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("models.yaml:2:1", outcome.Errors, StringComparison.Ordinal);
        if (!rule.StartsWith("maxTotalSize", StringComparison.Ordinal))
            Assert.DoesNotContain(Hub.Log.Snapshot(), request => request.Kind is HubRequestKind.Resolve);
    }

    [Fact]
    public async Task A_policy_that_comes_later_refuses_what_is_locked_without_a_network()
    {
        Bench.Write("models.yaml", "version: 1\nmodels:\n  m: hf:org/flagged\n");
        var locked = (await Bench.NixgenAsync("lock")).ShouldEndWith(0);
        Assert.Contains("warning[NG3137]", locked.Errors, StringComparison.Ordinal);
        Assert.Contains("'unsafe' of 2 files of 'org/flagged': 'a.bin', 'b.bin'", locked.Errors, StringComparison.Ordinal);
        var before = Bench.Read("models.lock.json");
        Assert.Contains("\"scan\": \"unsafe\"", before, StringComparison.Ordinal);

        Bench.Write("models.yaml", "version: 1\npolicy: { refuse: [flagged] }\nmodels:\n  m: hf:org/flagged\n");
        foreach (var command in (string[][])[["validate"], ["lock"], ["build", "--offline"], ["build", "--frozen"], ["check", "-o", "models.nix"]])
            Assert.Contains("NG3515", (await Bench.NixgenWithoutNetworkAsync(command)).ShouldEndWith(1).Errors, StringComparison.Ordinal);
        Assert.Equal(before, Bench.Read("models.lock.json"));

        // Without the files that are flagged it may be had.
        Bench.Write("models.yaml", "version: 1\npolicy: { refuse: [flagged, unscanned] }\nmodels:\n  m: { source: { huggingface: { repo: org/flagged, files: [\"*.safetensors\"] } } }\n");
        (await Bench.NixgenAsync("lock")).ShouldEndWith(0);
        Assert.Contains("\"scan\": \"safe\"", Bench.Read("models.lock.json"), StringComparison.Ordinal);
        Assert.Contains("scan = \"safe\";", (await Bench.NixgenAsync("build")).ShouldEndWith(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_licence_of_the_users_own_counts()
    {
        Bench.Write("models.yaml", "version: 1\npolicy: { licenses: { allowed: [mit] } }\nmodels:\n  m: { source: hf:org/unlicensed, meta: { license: MIT } }\n");
        (await Bench.NixgenAsync("lock")).ShouldEndWith(0);
    }

    private void Add(string id, string? license, bool? scanned, params (string Path, string Status)[] files)
    {
        var repository = new HubRepository(id) { License = license, ScansDone = scanned };
        repository.Commit("c", [.. files.Select(file => HubFile.Lfs(file.Path, Encoding.ASCII.GetBytes(file.Path + new string('x', 3980))).With(file.Status)), HubFile.Text("config.json", "{}\n")]);
        Hub.Add(repository);
    }
}
