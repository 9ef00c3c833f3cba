using System.Text.Json.Nodes;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>Files that loaders won't have as links are real ones; all others stay links, by real Nix.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class MaterializeTests(RuntimeNix runtime)
{
    private static readonly (string Path, string Text)[] Files =
    [
        ("config.json", "materialize: config\n"),
        ("onnx/model.onnx", "materialize: graph\n"),
        ("onnx/model.onnx_data", "materialize: weights\n"),
        ("onnx/model.onnx_data_1", "materialize: more weights\n"),
        ("onnx/config.json", "materialize: config\n"),
        ("other/alone.onnx", "materialize: a graph without external data\n"),
    ];

    [Fact]
    public async Task Models_with_external_data_are_real_files_and_nothing_else_is()
    {
        var path = await BuildAsync("real-auto", null);
        Assert.Equal(
            ["onnx/model.onnx", "onnx/model.onnx_data", "onnx/model.onnx_data_1"],
            RealFiles(path));
        // What is stored here is kept by nothing else; what two files have in common stays.
        Assert.Equal(2, Directory.GetFileSystemEntries(runtime.Nix.Physical($"{path}/blobs")).Length);
        var closure = await runtime.Nix.ClosureAsync(path);
        Assert.Equal(3, closure.Count);
    }

    [Fact]
    public async Task All_or_none_can_be_asked_for()
    {
        var always = await BuildAsync("real-always", "always");
        Assert.Equal(Files.Select(file => file.Path).Order(StringComparer.Ordinal), RealFiles(always));
        Assert.Empty(Directory.GetFileSystemEntries(runtime.Nix.Physical($"{always}/blobs")));
        Assert.Equal("materialize: weights\n", await File.ReadAllTextAsync(runtime.Nix.Physical($"{Snapshot(always)}/onnx/model.onnx_data")));

        Assert.Empty(RealFiles(await BuildAsync("real-never", "never")));
    }

    [Fact]
    public async Task A_plain_folder_has_real_files_too()
    {
        var definition = Definition("real-plain", null);
        definition["integration"] = new JsonObject { ["huggingface"] = new JsonObject { ["enable"] = false } };
        var path = await runtime.BuildAsync(runtime.Model(definition));
        var folder = runtime.Nix.Physical(path);
        Assert.Null(new FileInfo(Path.Combine(folder, "onnx/model.onnx_data")).LinkTarget);
        Assert.NotNull(new FileInfo(Path.Combine(folder, "config.json")).LinkTarget);
    }

    [Fact]
    public async Task Another_word_is_refused()
    {
        var definition = Definition("real-wrong", "sometimes");
        var error = await runtime.RefusalAsync($"({runtime.Model(definition)}).name");
        Assert.Contains("integration.materialize", error, StringComparison.Ordinal);
    }

    private static JsonObject Definition(string name, string? materialize)
    {
        var definition = Definitions.Unexamined(Definitions.Mock(name, Files));
        if (materialize is not null)
        {
            definition["integration"] = new JsonObject { ["materialize"] = materialize };
        }

        return definition;
    }

    private Task<string> BuildAsync(string name, string? materialize) => runtime.BuildAsync(runtime.Model(Definition(name, materialize)));

    private string Snapshot(string path) => $"{path}/snapshots/{Path.GetFileName(Directory.GetDirectories(runtime.Nix.Physical($"{path}/snapshots")).Single())}";

    private IEnumerable<string> RealFiles(string path)
    {
        var snapshot = runtime.Nix.Physical(Snapshot(path));
        return Files.Select(file => file.Path)
            .Where(file => new FileInfo(Path.Combine(snapshot, file)).LinkTarget is null)
            .Order(StringComparer.Ordinal);
    }
}
