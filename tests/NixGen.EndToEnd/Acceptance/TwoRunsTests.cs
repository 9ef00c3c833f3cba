using System.Globalization;
using System.Text.Json;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>Two runs at once end with a whole lock that holds both results.</summary>
public sealed class TwoRunsTests
{
    [Fact]
    public async Task Runs_that_lock_different_models_lose_nothing_of_each_other()
    {
        await using var hub = await LoopbackHub.StartAsync();
        const int runs = 6;
        for (var run = 0; run < runs; run++)
            hub.Add(HubFixtures.TinyModel($"example/m{run}", seed: run + 1));
        // All of them have read the old lock before the first one writes.
        hub.Faults.OnApi("tree", HubFault.Stall(0, TimeSpan.FromMilliseconds(700)));
        using var bench = new Workbench(hub);
        for (var run = 0; run < runs; run++)
            bench.Write($"m{run}.yaml", $"version: 1\nmodels:\n  m{run}: hf:example/m{run}\n");
        bench.Write("models.yaml", "version: 1\ninclude: [" + string.Join(", ", Enumerable.Range(0, runs).Select(run => $"m{run}.yaml")) + "]\n");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, runs).Select(run => bench.NixgenAsync("update", $"m{run}")));
        Assert.All(outcomes, outcome => outcome.ShouldEndWith(0));
        using var document = JsonDocument.Parse(bench.Read("models.lock.json"));
        Assert.Equal(
            Enumerable.Range(0, runs).Select(run => string.Create(CultureInfo.InvariantCulture, $"m{run}")),
            document.RootElement.GetProperty("models").EnumerateObject().Select(model => model.Name));
        (await bench.NixgenAsync("lock", "--locked")).ShouldEndWith(0);
    }

    [Fact]
    public async Task Runs_that_write_the_same_output_end_with_that_output()
    {
        await using var hub = await LoopbackHub.StartAsync();
        hub.Add(HubFixtures.TinyModel());
        using var bench = new Workbench(hub);
        bench.Write("models.yaml", "version: 1\nmodels:\n  tiny: hf:example/tiny\n");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => bench.NixgenAsync("build", "--out", "out")));
        Assert.All(outcomes, outcome => outcome.ShouldEndWith(0));
        (await bench.NixgenAsync("check", "--out", "out")).ShouldEndWith(0);
        Assert.Equal(["models.lock.json", "models.yaml", "out"], Directory.EnumerateFileSystemEntries(bench.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
