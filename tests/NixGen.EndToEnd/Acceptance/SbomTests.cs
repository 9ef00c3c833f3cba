using System.Text.Json;
using System.Text.Json.Nodes;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>Bills of materials of a lock, judged by the schemas of CycloneDX and SPDX, by the library of SPDX's expressions, and by the rules of SPDX's profile for AI.</summary>
public sealed class SbomTests : IAsyncLifetime
{
    private const string NoAssertion = "expandedlicensing_NoAssertionLicense";

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
        hub.Add(new HubRepository("odd/several") { License = "mit, other: ours" }).Commit("c", [HubFile.Text("config.json", "{}\n")]);
        Bench.Write("models.yaml", """
            version: 1
            flake: { description: "Models of \"ours\", & others" }
            models:
              tiny: { source: hf:org/tiny@main, meta: { description: A model, homepage: "https://example.com/tiny" } }
              awkward: hf:org/awkward
              licensed: hf:odd/licensed
              own: { source: { mock: { org: example, model: own, files: [{ path: a/b.txt, text: x }] } } }
              either: { source: hf:org/tiny@main, meta: { license: mit or (apache-2.0 with llvm-exception and other) } }
              several: hf:odd/several
              named: { source: hf:org/tiny@main, meta: { license: "Terms and Conditions of Ours®" } }
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
        Assert.Equal(["org/awkward", "org/tiny", "odd/licensed", "org/tiny", "/own", "odd/several", "org/tiny"], judged.GetProperty("urls").EnumerateArray().Select(url => $"{Text(url, "namespace")}/{Text(url, "name")}"));

        using var document = JsonDocument.Parse(text);
        var models = document.RootElement.GetProperty("components").EnumerateArray().ToDictionary(model => Text(model, "name") ?? "", StringComparer.Ordinal);
        Assert.Equal(["awkward", "either", "licensed", "named", "own", "several", "tiny"], models.Keys);
        Assert.Equal("MIT", models["tiny"].GetProperty("licenses")[0].GetProperty("license").GetProperty("id").GetString());
        Assert.Equal("llama3.1", models["licensed"].GetProperty("licenses")[0].GetProperty("license").GetProperty("name").GetString());
        Assert.Equal("Terms and Conditions of Ours®", models["named"].GetProperty("licenses")[0].GetProperty("license").GetProperty("name").GetString());
        Assert.Equal("MIT OR (Apache-2.0 WITH LLVM-exception AND LicenseRef-other)", Text(models["either"].GetProperty("licenses")[0], "expression"));
        Assert.Equal("MIT AND LicenseRef-ours", Text(models["several"].GetProperty("licenses")[0], "expression"));
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
                    Assert.All(references.EnumerateArray(), reference => Assert.Contains(reference.GetString() ?? "", elements.Keys.Append(NoAssertion)));
            }
        }

        var relationships = elements.Values.Where(node => Text(node, "type") == "Relationship").ToList();
        var models = elements.Values.Where(node => Text(node, "type") == "ai_AIPackage").ToList();
        Assert.Equal(7, models.Count);
        foreach (var model in models)
        {
            foreach (var key in (string[])["suppliedBy", "software_downloadLocation", "software_packageVersion", "software_primaryPurpose", "releaseTime"])
                Assert.NotNull(Text(model, key));
            Assert.Contains(Text(model, "suppliedBy") ?? "", elements.Keys);
            foreach (var type in (string[])["hasDeclaredLicense", "hasConcludedLicense"])
                Assert.Single(relationships, relationship => Text(relationship, "relationshipType") == type && Text(relationship, "from") == Text(model, "spdxId"));
        }

        var expressions = elements.Values.Where(node => Text(node, "type") == "simplelicensing_LicenseExpression").Select(node => Text(node, "simplelicensing_licenseExpression"));
        Assert.Equal(
            [
                "Apache-2.0", "LicenseRef-Terms-and-Conditions-of-Ours-", "LicenseRef-llama3.1", "MIT", "MIT AND LicenseRef-ours",
                "MIT OR (Apache-2.0 WITH LLVM-exception AND LicenseRef-other)",
            ],
            expressions.Order(StringComparer.Ordinal));
        Assert.Equal(text, (await Bench.NixgenAsync("sbom", "--standard", "spdx")).ShouldEndWith(0).Output);
    }

    [Fact]
    public async Task Spdx_accepts_it_and_refuses_what_is_spoiled()
    {
        var text = (await Bench.NixgenWithoutNetworkAsync("sbom", "--standard", "spdx")).ShouldEndWith(0).Output;
        Bench.Write("bom.json", text);
        var spoilt = new (string Of, Action<JsonArray> How)[]
        {
            ("#model/tiny:", graph => Node(graph, "#model/tiny")["software_primaryPurpose"] = "modell"),
            ("#model/tiny:", graph => Node(graph, "#model/tiny")["releaseTime"] = "2024-01-01"),
            ("#model/tiny:", graph => Node(graph, "#model/tiny")["licence"] = "MIT"),
            ("#model/tiny:", graph => Node(graph, "#model/tiny")["type"] = "ai_Model"),
            ("#model/tiny:", graph => Node(graph, "#model/tiny")["suppliedBy"] = Node(graph, "#model/tiny/config.json")["spdxId"]?.DeepClone()),
            ("#model/tiny/config.json:", graph => Node(graph, "#model/tiny/config.json").Remove("creationInfo")),
            ("#relationship/1:", graph => Node(graph, "#relationship/1").Remove("from")),
            ("#relationship/1:", graph => Node(graph, "#relationship/1")["relationshipType"] = "has"),
            ("#relationship/1:", graph => Node(graph, "#relationship/1")["to"] = new JsonArray("urn:uuid:00000000-0000-8000-8000-000000000000#none")),
            ("#license/MIT:", graph => Node(graph, "#license/MIT")["simplelicensing_licenseExpression"] = "MIT or so"),
            ("#license/MIT:", graph => graph.Add(Node(graph, "#license/MIT").DeepClone())),
        };
        foreach (var (number, (_, spoil)) in spoilt.Index())
        {
            var document = JsonNode.Parse(text) ?? throw new InvalidOperationException("No document.");
            spoil(document["@graph"]?.AsArray() ?? []);
            Bench.Write($"spoilt-{number}.json", document.ToJsonString());
        }

        var judged = await JudgeSpdxAsync(["bom.json", .. spoilt.Select((_, number) => $"spoilt-{number}.json")]);
        Assert.Empty(judged[0]);
        Assert.All(judged.Skip(1).Zip(spoilt), verdict => Assert.Contains(verdict.First, error => error.Contains(verdict.Second.Of, StringComparison.Ordinal)));

        static JsonObject Node(JsonArray graph, string id) =>
            graph.OfType<JsonObject>().First(node => node["spdxId"]?.GetValue<string>().EndsWith(id, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_lock_that_is_behind_gives_none()
    {
        Bench.Write("models.yaml", "version: 1\nmodels:\n  other: hf:org/tiny\n");
        var outcome = (await Bench.NixgenWithoutNetworkAsync("sbom")).ShouldEndWith(3);
        Assert.Empty(outcome.Output);
        (await Bench.NixgenAsync("sbom", "--standard", "swid")).ShouldEndWith(2);
    }

    private async Task<string[][]> JudgeSpdxAsync(params string[] files)
    {
        var judged = await new NodeClient("sbom-client").RunAsync("spdx.mjs", ("files", files.Select(Bench.PathOf)));
        return judged.GetProperty("errors").Deserialize<string[][]>() ?? [];
    }

    private static string? Text(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
