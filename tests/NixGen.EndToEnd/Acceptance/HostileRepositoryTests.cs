using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>File names are what a stranger on the Hub chose. Those that could leave the model's folder are refused, and nothing is written.</summary>
public sealed class HostileRepositoryTests : IAsyncLifetime
{
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public static TheoryData<string> Paths()
    {
        var data = new TheoryData<string>();
        foreach (var path in HubFixtures.HostilePaths)
            data.Add(path);
        return data;
    }

    public async Task InitializeAsync() => started = await LoopbackHub.StartAsync();

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_path_that_could_do_harm_is_refused(string path)
    {
        Hub.Add(HubFixtures.HostileModel(path));
        await IsRefusedAsync("hf:example/hostile");
    }

    [Fact]
    public async Task A_name_that_is_a_file_and_a_folder_is_refused()
    {
        Hub.Add(new HubRepository("example/hostile")).Commit("Attack", [HubFile.Text("a", "file\n"), HubFile.Text("a/b", "in a folder\n")]);
        await IsRefusedAsync("hf:example/hostile");
    }

    [Fact]
    public async Task A_listing_that_names_a_path_twice_is_refused()
    {
        Hub.Add(HubFixtures.TinyModel("example/hostile"));
        Hub.Faults.OnApi("tree", HubFault.Status(200, """
            [{"type":"file","path":"config.json","size":1,"oid":"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391","lfs":{"oid":"0000000000000000000000000000000000000000000000000000000000000001","size":1,"pointerSize":120}},
             {"type":"file","path":"config.json","size":1,"oid":"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391","lfs":{"oid":"0000000000000000000000000000000000000000000000000000000000000002","size":1,"pointerSize":120}}]
            """).WithHeader("Content-Type", "application/json; charset=utf-8"));
        await IsRefusedAsync("hf:example/hostile");
    }

    [Fact]
    public async Task Awkward_but_harmless_names_are_locked()
    {
        var repository = Hub.Add(HubFixtures.AwkwardModel());
        using var bench = new Workbench(Hub);
        bench.Write("models.yaml", "version: 1\nmodels:\n  awkward: hf:example/awkward\n");
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);
        using var document = System.Text.Json.JsonDocument.Parse(bench.Read("models.lock.json"));
        Assert.Equal(
            repository.Head.Tree.Files.Keys,
            document.RootElement.GetProperty("models").GetProperty("awkward").GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
    }

    private async Task IsRefusedAsync(string spec)
    {
        using var bench = new Workbench(Hub);
        bench.Write("models.yaml", $"version: 1\nmodels:\n  hostile: {spec}\n");
        var outcome = await bench.NixgenAsync("build", "--out", "out");
        Assert.True(outcome.ExitCode is 1 or 4 or 5, $"exit code {outcome.ExitCode}: {outcome.Output}{outcome.Errors}");
        Assert.Matches("NG[0-9]{4}", outcome.Errors);
        Assert.Contains("hostile", outcome.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(bench.PathOf("out")));
        Assert.False(File.Exists(bench.PathOf("models.lock.json")) && bench.Read("models.lock.json").Contains("\"hostile\"", StringComparison.Ordinal));
    }
}
