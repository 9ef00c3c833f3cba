using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>What <c>build</c> writes to stdout needs nothing beside it.</summary>
public sealed class SingleFileTests
{
    [Fact]
    public async Task It_builds_in_a_folder_that_holds_nothing_else()
    {
        await using var hub = await LoopbackHub.StartAsync();
        var repository = hub.Add(HubFixtures.TinyModel("microsoft/phi-2"));
        using var bench = new Workbench(hub);
        bench.Write("models.yaml", "version: 1\nmodels:\n  phi-2: hf:microsoft/phi-2@main\n  tiny: { source: { mock: { org: example, model: tiny, files: [{ path: config.json, text: '{}' }] } } }\n");
        var nixFile = (await bench.NixgenAsync("build", "models.yaml")).ShouldEndWith(0).Output;
        var alone = Directory.CreateTempSubdirectory("nixgen-alone-");
        try
        {
            var path = Path.Combine(alone.FullName, "models.nix");
            await File.WriteAllTextAsync(path, nixFile);
            using var nix = NixSandbox.Create();
            var built = await nix.BuildAsync(new NixTarget.File(path, "phi-2"));
            var top = nix.Physical(built);
            Assert.Equal(repository.Head.Id, await File.ReadAllTextAsync(Path.Combine(top, "refs", "main")));
            Assert.Equal(repository.Head.Tree.Files.Count, Directory.GetFiles(Path.Combine(top, "snapshots", repository.Head.Id), "*", SearchOption.AllDirectories).Length);

            // The same model from the flake is the same derivation's output.
            (await bench.NixgenAsync("build", "models.yaml", "--out", "flake")).ShouldEndWith(0);
            Assert.Equal(built, await nix.BuildAsync(new NixTarget.Flake($"path:{bench.PathOf("flake")}#phi-2")));

            await nix.BuildAsync(new NixTarget.File(path, "tiny"));
        }
        finally
        {
            alone.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task It_holds_only_what_its_models_use()
    {
        using var bench = new Workbench();
        bench.Write("models.yaml", "version: 1\nmodels:\n  tiny: { source: { mock: { org: example, model: tiny, files: [{ path: config.json, text: '{}' }] } } }\n");
        var nixFile = (await bench.NixgenAsync("build", "models.yaml")).ShouldEndWith(0).Output;
        Assert.DoesNotContain("curl", nixFile, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_behind_standard_output_is_told_and_a_reader_that_leaves_early_is_not()
    {
        using var bench = new Workbench();
        bench.Write("models.yaml", "version: 1\nmodels:\n  tiny: { source: { mock: { org: example, model: tiny, files: [{ path: config.json, text: '{}' }] } } }\n");
        var full = (await bench.NixgenInShellAsync("\"$@\" > /dev/full", "build", "models.yaml")).ShouldEndWith(1);
        Assert.Contains("No space left on device", full.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", full.Errors, StringComparison.Ordinal);
        var left = (await bench.NixgenInShellAsync("set -o pipefail; \"$@\" | head -n 1", "build", "models.yaml")).ShouldEndWith(0);
        Assert.DoesNotContain("bug", left.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_or_a_device_is_written_to_and_stays_what_it_is()
    {
        using var bench = new Workbench();
        bench.Write("models.yaml", "version: 1\nmodels:\n  tiny: { source: { mock: { org: example, model: tiny, files: [{ path: config.json, text: '{}' }] } } }\n");
        var expected = (await bench.NixgenAsync("build", "models.yaml")).ShouldEndWith(0).Output;
        (await bench.NixgenInShellAsync("mkfifo pipe && ln -s pipe link && { cat pipe > copy & } && \"$@\" && wait && test -p pipe && test -L link", "build", "models.yaml", "-o", "link")).ShouldEndWith(0);
        Assert.Equal(expected, bench.Read("copy"));
    }
}
