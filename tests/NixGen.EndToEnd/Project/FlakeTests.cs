using System.Text.Json;
using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Project;

/// <summary>The project's own flake, and the example of a flake that uses a generated one.</summary>
public sealed class FlakeTests : IDisposable
{
    private readonly NixSandbox nix = NixSandbox.Create();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        nix.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task The_projects_flake_gives_the_library_and_the_overlay()
    {
        // Without the rest of the checkout, whose build results would be copied to the store.
        File.Copy(Checkout.At("flake.nix"), folder.At("flake.nix"));
        Copy(Checkout.At("templates"), folder.At("templates"));
        const string Definition = """{ name = "tiny"; source.mock.files = [ { path = "config.json"; text = "{}"; } ]; }""";
        await File.WriteAllTextAsync(folder.At("user.nix"), $$"""
            let
              pkgs = import <nixpkgs> { };
              flake = (import ./flake.nix).outputs { self = flake; nixpkgs = { inherit (pkgs) lib; legacyPackages = { }; }; };
              overlaid = pkgs.extend flake.overlays.default;
              viaLibrary = flake.lib.fetchModel pkgs {{Definition}};
              viaOverlay = overlaid.fetchAiModel {{Definition}};
            in
            {
              same = viaLibrary.drvPath == viaOverlay.drvPath;
              source = overlaid.aiModelSources.huggingface.microsoft "phi-2";
              model = viaLibrary;
            }
            """);
        Assert.True((await nix.EvalAsync(new NixTarget.File(folder.At("user.nix"), "same"))).GetBoolean());
        Assert.Equal("microsoft/phi-2", (await nix.EvalAsync(new NixTarget.File(folder.At("user.nix"), "source"))).GetProperty("huggingface").GetProperty("repo").GetString());
        var model = await nix.BuildAsync(new NixTarget.File(folder.At("user.nix"), "model"));
        Assert.Contains("refs/main", nix.Listing(model));

        var shown = (await nix.RunAsync(
            ["flake", "show", "--json", "path:" + folder.Path, "--override-input", "nixpkgs", "path:" + Checkout.StubNixpkgs, "--no-write-lock-file"])).OrThrow("nix flake show");
        using var outputs = JsonDocument.Parse(shown.Output);
        Assert.Equal(["devShells", "lib", "overlays"], outputs.RootElement.EnumerateObject().Select(output => output.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_example_of_a_flake_builds_a_program_that_has_its_model_and_a_cache()
    {
        Copy(Checkout.At("examples", "flake-consumer"), folder.At("example"));
        var reference = "path:" + folder.At("example");
        var program = nix.Physical(await nix.BuildAsync(new NixTarget.Flake(reference)));
        var text = await File.ReadAllTextAsync(Path.Combine(program, "bin", "greet"));
        var config = Assert.Single(text.Split(' ', '\n'), word => word.EndsWith("/config.json", StringComparison.Ordinal));
        Assert.Contains("\"greeting\": \"hello\"", await File.ReadAllTextAsync(nix.Physical(Resolve(config))), StringComparison.Ordinal);

        var cache = await nix.BuildAsync(new NixTarget.Flake(reference + "#cache"));
        Assert.Equal(
            ["models--example--greeter", "models--example--listener"],
            Directory.EnumerateFileSystemEntries(nix.Root + cache).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal));
        Assert.Equal(cache, (await nix.EvalAsync(new NixTarget.Flake(reference + "#devShells.x86_64-linux.default.HF_HUB_CACHE"))).GetString());
    }

    // snapshots/COMMIT/FILE leads to blobs/BLOB, which leads into the store.
    private string Resolve(string path)
    {
        var link = new FileInfo(nix.Root + path).LinkTarget ?? throw new InvalidOperationException($"{path} is not a link.");
        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path) ?? "/", link));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var inner in Directory.EnumerateDirectories(from))
        {
            Copy(inner, Path.Combine(to, Path.GetFileName(inner)));
        }
    }
}
