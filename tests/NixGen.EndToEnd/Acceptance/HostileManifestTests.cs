using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;
using Xunit.Abstractions;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>Every string of a manifest, filled with code: a diagnostic, or a build in which it is the text that it is.</summary>
public sealed class HostileManifestTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Payloads =
    [
        "\"; ${builtins.abort \"x\"}", "''${x}", "''${builtins.abort \"x\"}''", "${builtins.abort \"x\"}", "$${x}", "'; touch /tmp/pwned; '", "$(touch /tmp/pwned)",
        "`touch /tmp/pwned`", "line\nbreak\n", "tab\tand\rreturn", "nul\0byte", "\u202Eright to left\u2066", "\uFEFFmark", "back\\slash\\n", "*/ abort \"x\" /*", "# comment", "''", "'", "\"", "$",
        "{{upper}} {{{braces}}}", "-rf", "../../escape", "/absolute", "~root", "%s %n", "<script>", new string('x', 4096), "𝕏 emoji 🙂", "a=b c=d",
    ];

    /// <summary>Every string field of a model: where it is, in the manifest and in the emitted definition alike.</summary>
    private static readonly string[] Fields =
    [
        "version", "hash", "meta.description", "meta.homepage", "meta.license", "auth.tokenFile", "auth.tokenEnvVar", "integration.huggingface.org",
        "integration.huggingface.model", "integration.huggingface.refs[]", "source.mock.org", "source.mock.model", "source.mock.files[].path", "source.mock.files[].text",
        "source.huggingface.repo", "source.huggingface.revision", "source.huggingface.type", "source.huggingface.endpoint", "source.huggingface.files[]", "source.huggingface.exclude[]",
    ];

    private LoopbackHub? started;

    private sealed record Case(string Name, string Field, string Payload);

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        started = await LoopbackHub.StartAsync();
        Hub.Add(HubFixtures.TinyModel());
    }

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Fact]
    public async Task Strings_of_a_model_are_refused_or_inert()
    {
        var cases = CasesOf(Fields);
        using var bench = new Workbench(Hub);
        var accepted = await AcceptedAsync(bench, cases);
        output.WriteLine($"{cases.Count} strings: {accepted.Count} accepted");
        foreach (var field in Fields)
            output.WriteLine($"  {field}: {accepted.Count(one => one.Field == field)} of {Payloads.Length} accepted");
        Assert.InRange(accepted.Count, 100, cases.Count - 100);

        bench.Write("models.json", Manifest(accepted.ConvertAll(Line), accepted.Where(one => one.Field.StartsWith("source.mock.files", StringComparison.Ordinal)).Select(one => one.Name)));
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        using var nix = NixSandbox.Create();
        var definitions = await nix.EvalAsync(new NixTarget.File(bench.PathOf("out/models/default.nix")));
        Assert.All(accepted, one => Assert.Equal(one.Payload, ValueAt(definitions.GetProperty(one.Name), one.Field)));

        // The fields that reach a build, rather than only evaluation.
        var built = await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("out")}#everything"));
        Assert.False(File.Exists("/tmp/pwned"));
        foreach (var one in accepted.Where(one => one.Field == "source.mock.files[].text"))
        {
            var (folder, path) = ("models--example--" + one.Name, "file.txt");
            var snapshots = nix.Physical($"{built}/{folder}") + "/snapshots";
            var link = Directory.GetFiles(snapshots, path, SearchOption.AllDirectories).Single();
            var blob = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(link) ?? "", new FileInfo(link).LinkTarget ?? ""));
            Assert.Equal(one.Payload, Encoding.UTF8.GetString(await File.ReadAllBytesAsync(nix.Physical(new FileInfo(blob).LinkTarget ?? ""))));
        }
    }

    [Fact]
    public async Task The_single_file_evaluates_to_the_same_strings()
    {
        using var bench = new Workbench(Hub);
        var accepted = await AcceptedAsync(bench, CasesOf(Fields.Where(field => field.StartsWith("meta.", StringComparison.Ordinal))));
        bench.Write("models.json", Manifest(accepted.ConvertAll(Line), []));
        (await bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        using var nix = NixSandbox.Create();
        var metas = await nix.EvalAsync(new NixTarget.Expression($"builtins.mapAttrs (_: m: removeAttrs m.meta [ \"license\" ]) (builtins.removeAttrs (import {bench.PathOf("models.nix")} {{ }}) [ \"override\" \"overrideDerivation\" ])"));
        Assert.All(accepted.Where(one => one.Field != "meta.license"), one => Assert.Equal(one.Payload, ValueAt(metas.GetProperty(one.Name), one.Field["meta.".Length..])));
    }

    [Theory]
    [InlineData("description")]
    [InlineData("nixpkgs")]
    public async Task Strings_of_the_flake_are_refused_or_inert(string field)
    {
        using var bench = new Workbench();
        var accepted = new List<string>();
        foreach (var payload in Payloads)
        {
            var manifest = new JsonObject { ["version"] = 1, ["flake"] = new JsonObject { [field] = payload }, ["models"] = new JsonObject { ["m"] = Model("source.mock.org", "example", "m") } };
            bench.Write("models.json", manifest.ToJsonString(Relaxed));
            var outcome = await bench.NixgenAsync("build", "--out", $"out{accepted.Count}");
            if (outcome.ExitCode == 0)
                accepted.Add(payload);
            else
                Assert.Matches("NG[0-9]{4}", outcome.ShouldEndWith(1).Errors);
        }

        Assert.InRange(accepted.Count, 1, Payloads.Length - 1);
        using var nix = NixSandbox.Create();
        var path = field == "nixpkgs" ? "inputs.nixpkgs.url" : field;
        var values = await nix.EvalAsync(new NixTarget.Expression($"builtins.genList (n: (import ({bench.Folder} + \"/out${{toString n}}/flake.nix\")).{path}) {accepted.Count}"));
        Assert.Equal(accepted, values.EnumerateArray().Select(value => value.GetString()));
    }

    [Theory]
    [InlineData("models")]
    [InlineData("groups")]
    [InlineData("profiles")]
    [InlineData("sources")]
    public async Task Names_are_refused_or_inert(string place)
    {
        string[] names = [.. Payloads, "with", "let", "__functor", "type", "outPath", "_", "a b", "default", "groups", "import", "1", "true", "null", "-", "name.with.dots", "CON", "x.nix"];
        var lines = names.Select(name => $"{JsonSerializer.Serialize(name)}: {(place switch
        {
            "models" => Model("source.mock.org", "example", "x").ToJsonString(),
            "groups" => "[\"m\"]",
            "profiles" => "{}",
            _ => "{\"mock\": {\"org\": \"x\"}}",
        })}").ToList();
        using var bench = new Workbench();
        string Manifest(IEnumerable<string> some) => place == "models"
            ? $"{{\"version\": 1, \"models\": {{\n{string.Join(",\n", some)}\n}}}}\n"
            : $"{{\"version\": 1, \"{place}\": {{\n{string.Join(",\n", some)}\n}}, \"models\": {{\"m\": {Model("source.mock.org", "example", "m").ToJsonString()}}}}}\n";
        var accepted = await AcceptedAsync(bench, lines, Manifest);
        output.WriteLine($"{place}: {accepted.Count} of {lines.Count} names accepted: {string.Join(", ", accepted.Select(line => names[line]))}");
        Assert.InRange(accepted.Count, 1, lines.Count - 1);

        bench.Write("models.json", Manifest(accepted.Select(line => lines[line])));
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        if (place is not ("models" or "groups"))
            return;
        using var nix = NixSandbox.Create();
        var flake = await nix.EvalAsync(new NixTarget.Expression($"builtins.attrNames (import {bench.PathOf("out")} {{ }})"));
        var known = flake.EnumerateArray().Select(name => name.GetString()).ToHashSet(StringComparer.Ordinal);
        Assert.All(accepted, line => Assert.Contains(names[line], known));
    }

    [Fact]
    public async Task What_the_hub_states_is_inert_too()
    {
        using var bench = new Workbench(Hub);
        using var nix = NixSandbox.Create();
        var manifest = new JsonObject { ["version"] = 1, ["models"] = new JsonObject() };
        foreach (var (payload, index) in Payloads.Select((payload, index) => (payload, index)))
        {
            Hub.Add(HubFixtures.TinyModel($"example/m{index}")).License = payload;
            (manifest["models"] as JsonObject ?? []).Add($"m{index}", $"hf:example/m{index}");
        }

        bench.Write("models.json", manifest.ToJsonString(Relaxed));
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        var definitions = await nix.EvalAsync(new NixTarget.File(bench.PathOf("out/models/default.nix")));
        foreach (var (payload, index) in Payloads.Select((payload, index) => (payload, index)))
        {
            // What is no short line of text is left out or made one.
            if (definitions.GetProperty($"m{index}").GetProperty("locked").TryGetProperty("license", out var license) && payload.Length <= 200 && !payload.Any(char.IsControl))
                Assert.Equal(payload, license.GetString());
        }
    }

    private static List<Case> CasesOf(IEnumerable<string> fields) =>
        [.. fields.SelectMany((field, row) => Payloads.Select((payload, column) => new Case($"m{row}-{column}", field, payload)))];

    /// <summary>The cases that nixgen doesn't refuse.</summary>
    private static async Task<List<Case>> AcceptedAsync(Workbench bench, List<Case> cases)
    {
        var lines = await AcceptedAsync(bench, cases.ConvertAll(Line), some => Manifest(some, []));
        return lines.ConvertAll(line => cases[line]);
    }

    /// <summary>The indexes of the lines that nixgen doesn't refuse. Each stands on a line of its own, so a diagnostic's place names it.</summary>
    private static async Task<List<int>> AcceptedAsync(Workbench bench, List<string> lines, Func<IEnumerable<string>, string> manifest)
    {
        var left = Enumerable.Range(0, lines.Count).ToList();
        // Meaning is judged when the shape is right, and upstream is asked when the meaning is: each round refuses what the one before let through.
        for (var round = 0; round < 6; round++)
        {
            bench.Write("models.json", manifest(left.Select(line => lines[line])));
            var outcome = await bench.NixgenAsync([round == 0 ? "validate" : "lock", "--format", "json"]);
            if (outcome.ExitCode == 0 && round > 0)
                return left;
            Assert.True(outcome.ExitCode is 0 or 1 or 4 or 5, $"{outcome.ExitCode}: {outcome.Errors}");
            using var report = JsonDocument.Parse(outcome.Output);
            var refused = report.RootElement.GetProperty("diagnostics").EnumerateArray()
                .Where(diagnostic => diagnostic.GetProperty("severity").GetString() == "error")
                .Select(diagnostic => diagnostic.GetProperty("line").GetInt32() - 2).ToHashSet();
            Assert.Equal(outcome.ExitCode != 0, refused.Count > 0);
            Assert.All(refused, line => Assert.InRange(line, 0, left.Count - 1));
            left = left.Where((_, index) => !refused.Contains(index)).ToList();
        }

        throw new InvalidOperationException("There is no end to what is refused.");
    }

    private static string Line(Case one) => $"{JsonSerializer.Serialize(one.Name)}: {Model(one.Field, one.Payload, one.Name).ToJsonString()}";

    private static string Manifest(IEnumerable<string> lines, IEnumerable<string> group) =>
        $"{{\"version\": 1, \"models\": {{\n{string.Join(",\n", lines)}\n}}, \"groups\": {{\"everything\": {JsonSerializer.Serialize(group)}}}}}\n";

    private static JsonObject Model(string field, string payload, string name)
    {
        JsonObject source = field.StartsWith("source.huggingface", StringComparison.Ordinal)
            ? new JsonObject { ["huggingface"] = new JsonObject { ["repo"] = "example/tiny" } }
            : new JsonObject { ["mock"] = new JsonObject { ["org"] = "example", ["model"] = name, ["files"] = new JsonArray(new JsonObject { ["path"] = "file.txt", ["text"] = "text" }) } };
        var model = new JsonObject { ["source"] = source };
        JsonNode node = model;
        var steps = field.Split('.');
        for (var index = 0; index < steps.Length; index++)
        {
            var isList = steps[index].EndsWith("[]", StringComparison.Ordinal);
            var key = isList ? steps[index][..^2] : steps[index];
            var isLast = index == steps.Length - 1;
            if (isList && isLast)
                node[key] = new JsonArray(JsonValue.Create(payload));
            else if (isLast)
                node[key] = payload;
            else
                node = (isList ? node[key]?[0] : node[key] ??= new JsonObject()) ?? throw new InvalidOperationException(field);
        }

        return model;
    }

    private static string? ValueAt(JsonElement element, string field)
    {
        foreach (var step in field.Split('.'))
        {
            var isList = step.EndsWith("[]", StringComparison.Ordinal);
            element = element.GetProperty(isList ? step[..^2] : step);
            if (isList)
                element = element[0];
        }

        return element.GetString();
    }
}
