using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>The library's files are single expressions, so that one file can hold all that a model needs.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class SingleFileTests(RuntimeNix runtime)
{
    // In the order in which each needs the ones before.
    private static readonly (string Name, string File, string Arguments)[] Bindings =
    [
        ("hashes", "hashes.nix", "{ inherit lib; }"),
        ("checks", "checks.nix", "{ inherit lib; }"),
        ("settings", "settings.nix", "{ inherit lib checks; }"),
        ("records", "sources/records.nix", "{ inherit lib hashes checks settings; }"),
        ("validatorSet", "validation/validators.nix", "{ inherit lib; }"),
        ("presets", "validation/presets.nix", "{ inherit validatorSet; }"),
        ("validationSettings", "validation/settings.nix", "{ inherit lib checks settings validatorSet presets; }"),
        ("types", "types.nix", "{ inherit lib hashes checks settings records validationSettings; }"),
        ("licenses", "licenses.nix", "{ inherit lib; }"),
        ("integration", "integration.nix", "{ inherit lib pkgs; }"),
        ("layout", "layout.nix", "{ inherit lib pkgs; }"),
        ("lazy", "lazy.nix", "{ inherit lib pkgs integration; }"),
        ("fetchers", "../fetchers/default.nix", ""),
        ("alternates", "alternates.nix", "{ inherit lib pkgs fetchers; }"),
        ("packages", "packages.nix", "{ inherit lib pkgs; }"),
        ("environment", "environment.nix", "{ inherit lib pkgs packages; }"),
        ("lockedFiles", "lockedFiles.nix", "{ inherit lib pkgs types; }"),
        ("fetching", "fetching.nix", "{ inherit lib pkgs fetchers types environment lockedFiles; }"),
        ("adapters.azure", "sources/azure.nix", "{ inherit lib pkgs types fetchers fetching; }"),
        ("adapters.gcs", "sources/gcs.nix", "{ inherit lib pkgs types fetchers fetching; }"),
        ("adapters.civitai", "sources/civitai.nix", "{ inherit lib pkgs types fetchers fetching; }"),
        ("repositories", "repositories.nix", "{ inherit lib pkgs fetchers types fetching; }"),
        ("adapters.git-lfs", "sources/git-lfs.nix", "{ inherit lib pkgs types fetchers fetching repositories; }"),
        ("adapters.git-xet", "sources/git-xet.nix", "{ inherit lib pkgs types fetchers fetching repositories; }"),
        ("adapters.huggingface", "sources/huggingface.nix", "{ inherit lib pkgs types fetchers fetching; }"),
        ("adapters.mlflow", "sources/mlflow.nix", "{ inherit lib pkgs types fetchers fetching; }"),
        ("adapters.mock", "sources/mock.nix", "{ inherit lib pkgs types; }"),
        ("adapters.oci", "sources/oci.nix", "{ inherit lib pkgs types fetchers fetching layout; }"),
        ("ollamaStore", "ollamaStore.nix", "{ inherit lib pkgs layout; }"),
        ("adapters.ollama", "sources/ollama.nix", "{ inherit lib pkgs types fetchers fetching layout ollamaStore; }"),
        ("adapters.s3", "sources/s3.nix", "{ inherit lib pkgs types fetchers fetching; }"),
        ("adapters.url", "sources/url.nix", "{ inherit lib pkgs types fetchers fetching; }"),
        ("sources", "sources/dispatch.nix", "{ inherit lib adapters; }"),
        ("programs", "../validators/default.nix", ""),
        ("validation", "validation/default.nix", "{ inherit lib pkgs layout packages validatorSet presets programs; }"),
        ("quantization", "quantize.nix", "{ inherit lib pkgs packages; }"),
        ("transform", "transform.nix", "{ inherit lib pkgs packages quantization; }"),
        ("provenance", "provenance.nix", "{ inherit lib types; }"),
        ("compose", "compose.nix", "{ inherit lib pkgs integration licenses; }"),
        ("fetchModel", "fetchModel.nix", "{ inherit lib pkgs types sources integration layout lazy licenses alternates ollamaStore validation packages transform provenance compose; }"),
    ];

    [Fact]
    public async Task Inlined_into_one_file_it_gives_the_same_derivations()
    {
        var model = runtime.Definition(Definitions.Mock("inlined", ("config.json", "{}\n")));
        var bindings = string.Join('\n', Bindings.Select(binding => $"  {binding.Name} = ({Text(binding.File)}) {binding.Arguments};"));
        var text = $$"""
            { pkgs ? import <nixpkgs> { }, lib ? pkgs.lib }:
            let
              define = file: builtins.fromJSON (builtins.readFile file);
            {{bindings}}
            in
            { inlined = fetchModel ({{model}}); }
            """;
        var file = Path.Combine(runtime.Nix.Root, "home", "inlined.nix");
        await File.WriteAllTextAsync(file, text);
        var path = await runtime.Nix.BuildAsync(new NixTarget.File(file, "inlined"));
        Assert.Equal((await runtime.EvalAsync($"(runtime.fetchModel pkgs ({model})).outPath")).GetString(), path);
    }

    [Fact]
    public async Task A_flake_can_use_it_with_any_nixpkgs()
    {
        var folder = Path.Combine(runtime.Nix.Root, "home", "flake");
        Directory.CreateDirectory(folder);
        (await ProcessRunner.RunAsync("cp", ["-r", Checkout.Templates, Path.Combine(folder, "templates")])).OrThrow("cp");
        await File.WriteAllTextAsync(Path.Combine(folder, "flake.nix"), """
            {
              inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
              outputs = { self, nixpkgs }: let
                runtime = import ./templates/lib { inherit (nixpkgs) lib; };
                models = runtime.instantiate nixpkgs.legacyPackages.x86_64-linux {
                  tiny.source.mock.files = [ { path = "config.json"; text = "{}\n"; } ];
                };
              in { packages.x86_64-linux = models; };
            }
            """);
        var path = await runtime.Nix.BuildAsync(new NixTarget.Flake($"path:{folder}#packages.x86_64-linux.tiny"));
        Assert.EndsWith("-tiny", path, StringComparison.Ordinal);
        Assert.Contains("refs/main", runtime.Nix.Listing(path));
    }

    private static string Text(string file) =>
        file.EndsWith("fetchers/default.nix", StringComparison.Ordinal)
            ? Fetchers()
            : file.EndsWith("validators/default.nix", StringComparison.Ordinal)
            ? Programs()
            : File.ReadAllText(Path.Combine(Checkout.Templates, "lib", file));

    private static string Programs()
    {
        var text = File.ReadAllText(Path.Combine(Checkout.Templates, "validators", "default.nix"));
        return text.Replace("./.", Path.Combine(Checkout.Templates, "validators"), StringComparison.Ordinal);
    }

    private static string Fetchers()
    {
        var scripts = Directory.EnumerateFiles(Path.Combine(Checkout.Templates, "fetchers"), "*.sh").Select(path => Path.GetFileNameWithoutExtension(path));
        return $$"""{ {{string.Concat(scripts.Append("common").Select(name => $"{name} = builtins.toFile \"x\" \"\";"))}} }""";
    }
}
