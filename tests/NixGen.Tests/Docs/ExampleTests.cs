using NixGen.Cli;
using NixGen.Testing;
using NixGen.Tests.Cli;
using Xunit;

namespace NixGen.Tests.Docs;

/// <summary>What lies under <c>examples/</c> is fresh, and needs no network.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Examples =>
    [
        .. Directory.EnumerateDirectories(Checkout.At("examples")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task The_lock_of_an_example_fits_its_manifest(string example)
    {
        using var console = new TestConsole();
        var manifest = Checkout.At("examples", example, "models.yaml");
        Assert.True(await console.RunAsync($"build --locked --offline {manifest}") == ExitCode.Done, console.Error);
        Assert.True(File.Exists(Checkout.At("examples", example, "README.md")));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_checked_in_file_of_an_example_is_what_nixgen_writes(string example)
    {
        using var console = new TestConsole();
        var output = Checkout.At("examples", example, "models.nix");
        if (!File.Exists(output))
            return; // it has a folder, or is about the manifest alone
        var exitCode = await console.RunAsync($"check {Checkout.At("examples", example, "models.yaml")} -o {output}");
        Assert.True(exitCode == ExitCode.Done, $"Run ./nixgen build examples/{example}/models.yaml -o examples/{example}/models.nix\n{console.Error}");
    }

    [Fact]
    public async Task The_checked_in_output_of_an_example_is_what_nixgen_writes()
    {
        using var console = new TestConsole();
        const string Folder = "examples/flake-consumer";
        var exitCode = await console.RunAsync($"check {Checkout.At(Folder, "models.yaml")} --out {Checkout.At(Folder, "models")}");
        Assert.True(exitCode == ExitCode.Done, $"Run ./nixgen build {Folder}/models.yaml --out {Folder}/models\n{console.Error}");
    }
}
