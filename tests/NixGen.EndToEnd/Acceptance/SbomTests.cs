using System.Text.Json;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>Bills of materials of a lock, judged by CycloneDX's own schema and by the rules of SPDX's profile for AI.</summary>
public sealed class SbomTests : IAsyncLifetime
{
    private LoopbackHub? hub;
    private Workbench? workbench;

    private Workbench Bench => workbench ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        hub = await LoopbackHub.StartAsync();
        workbench = new Workbench(hub);
        hub.Add(HubFixtures.TinyModel("org/tiny"));
        hub.Add(HubFixtures.AwkwardModel("org/awkward"));
        hub.Add(new HubRepository("odd/licensed") { License = "llama3.1" }).Commit("c", [HubFile.Text("config.json", "{}\n")]);
        Bench.Write("models.yaml", """
            version: 1
            flake: { description: "Models of \"ours\", & others" }
            models:
              tiny: { source: hf:org/tiny@main, meta: { description: A model, homepage: "https://example.com/tiny" } }
              awkward: hf:org/awkward
              licensed: hf:odd/licensed
              own: { source: { mock: { org: example, model: own, files: [{ path: a/b.txt, text: x }] } } }
              loose: { source: hf:org/tiny, impure: true }

            """);
        (await Bench.NixgenAsync("lock")).ShouldEndWith(0);
    }

    public async Task DisposeAsync()
    {
        workbench?.Dispose();
        if (hub is not null)
            await hub.DisposeAsync();
    }

    [Fact]
    public async Task CycloneDx_accepts_it_and_it_says_what_the_lock_says()
    {
        var text = (await Bench.NixgenWithoutNetworkAsync("sbom")).ShouldEndWith(0).Output;
        Assert.Equal(text, (await Bench.NixgenWithoutNetworkAsync("sbom", "--standard", "cyclonedx")).ShouldEndWith(0).Output);
        Bench.Write("bom.json", text);
        var judged = await new NodeClient("sbom-client").RunAsync("validate.mjs", ("file", Bench.PathOf("bom.json")));
        Assert.Equal("[]", judged.GetProperty("errors").GetRawText());
        Assert.Equal(["org/awkward", "odd/licensed", "/own", "org/tiny"], judged.GetProperty("urls").EnumerateArray().Select(url => $"{Text(url, "namespace")}/{Text(url, "name")}"));

        using var document = JsonDocument.Parse(text);
        var models = document.RootElement.GetProperty("components").EnumerateArray().ToDictionary(model => Text(model, "name") ?? "", StringComparer.Ordinal);
        Assert.Equal(["awkward", "licensed", "own", "tiny"], models.Keys);
        Assert.Equal("MIT", models["tiny"].GetProperty("licenses")[0].GetProperty("license").GetProperty("id").GetString());
        Assert.Equal("llama3.1", models["licensed"].GetProperty("licenses")[0].GetProperty("license").GetProperty("name").GetString());
        using var locked = JsonDocument.Parse(Bench.Read("models.lock.json"));
        foreach (var (name, model) in models)
        {
            var entry = locked.RootElement.GetProperty("models").GetProperty(name);
            Assert.Equal(Text(entry.GetProperty("resolved"), "revision"), Text(model, "version"));
            Assert.Equal(
                entry.GetProperty("files").EnumerateArray().Select(file => (Text(file, "path"), Convert.ToHexStringLower(Convert.FromBase64String((Text(file, "sha256") ?? "")["sha256-".Length..])))),
                model.GetProperty("components").EnumerateArray().Select(file => (Text(file, "name"), file.GetProperty("hashes")[0].GetProperty("content").GetString() ?? "")));
        }
    }

    [Fact]
    public async Task Spdx_has_what_its_profile_for_AI_demands_and_no_loose_end()
    {
        var text = (await Bench.NixgenWithoutNetworkAsync("sbom", "--standard", "spdx")).ShouldEndWith(0).Output;
        using var document = JsonDocument.Parse(text);
        var graph = document.RootElement.GetProperty("@graph").EnumerateArray().ToList();
        var elements = graph.Where(node => node.TryGetProperty("spdxId", out _)).ToDictionary(node => Text(node, "spdxId") ?? "", StringComparer.Ordinal);
        Assert.Equal(graph.Count - 1, elements.Count);
        foreach (var node in elements.Values)
        {
            Assert.Equal("_:creation", Text(node, "creationInfo"));
            foreach (var key in (string[])["to", "rootElement", "element"])
            {
                if (node.TryGetProperty(key, out var references))
                    Assert.All(references.EnumerateArray(), reference => Assert.Contains(reference.GetString() ?? "", elements.Keys));
            }
        }

        var relationships = elements.Values.Where(node => Text(node, "type") == "Relationship").ToList();
        var models = elements.Values.Where(node => Text(node, "type") == "ai_AIPackage").ToList();
        Assert.Equal(4, models.Count);
        foreach (var model in models)
        {
            foreach (var key in (string[])["suppliedBy", "software_downloadLocation", "software_packageVersion", "software_primaryPurpose", "releaseTime"])
                Assert.NotNull(Text(model, key));
            Assert.Contains(Text(model, "suppliedBy") ?? "", elements.Keys);
            foreach (var type in (string[])["hasDeclaredLicense", "hasConcludedLicense"])
                Assert.Single(relationships, relationship => Text(relationship, "relationshipType") == type && Text(relationship, "from") == Text(model, "spdxId"));
        }

        var expressions = elements.Values.Where(node => Text(node, "type") == "simplelicensing_LicenseExpression").Select(node => Text(node, "simplelicensing_licenseExpression"));
        Assert.Equal(["Apache-2.0", "LicenseRef-llama3.1", "MIT", "NOASSERTION"], expressions.Order(StringComparer.Ordinal));
        Assert.Equal(text, (await Bench.NixgenAsync("sbom", "--standard", "spdx")).ShouldEndWith(0).Output);
    }

    [Fact]
    public async Task A_lock_that_is_behind_gives_none()
    {
        Bench.Write("models.yaml", "version: 1\nmodels:\n  other: hf:org/tiny\n");
        var outcome = (await Bench.NixgenWithoutNetworkAsync("sbom")).ShouldEndWith(3);
        Assert.Empty(outcome.Output);
        (await Bench.NixgenAsync("sbom", "--standard", "swid")).ShouldEndWith(2);
    }

    private static string? Text(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
