using NixGen.Diagnostics;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Resolve;

/// <summary>One quantization, or one format, is picked from a repository that holds a model several times.</summary>
public sealed class WeightChoiceTests : IAsyncLifetime
{
    private LockingRun? _run;

    private LockingRun Run => _run ?? throw new InvalidOperationException("not started");

    public async Task InitializeAsync() => _run = await LockingRun.StartAsync();

    public async Task DisposeAsync() => await Run.DisposeAsync();

    [Fact]
    public async Task A_quantization_is_all_its_parts_and_the_projector_that_fits()
    {
        Add(
            "README.md", "config.json", "m-Q4_K_M.gguf", "m-Q8_0-00001-of-00002.gguf", "m-Q8_0-00002-of-00002.gguf",
            "mmproj-F16.gguf", "mmproj-BF16.gguf", "mmproj-F32.gguf", "imatrix.gguf");
        Assert.Equal(["m-Q4_K_M.gguf", "mmproj-F16.gguf"], await PathsAsync("m: hf:example/gguf:q4_k_m"));
        Assert.Equal(
            ["m-Q8_0-00001-of-00002.gguf", "m-Q8_0-00002-of-00002.gguf", "mmproj-F16.gguf"], await PathsAsync("m: hf:example/gguf:Q8_0@main"));
        Assert.Equal(
            ["config.json", "m-Q4_K_M.gguf", "mmproj-BF16.gguf"],
            await PathsAsync("m: { source: { huggingface: { repo: example/gguf, files: [\"*.json\"], gguf: { quant: Q4_K_M, mmproj: bf16 } } } }"));
        Assert.Equal(
            ["m-Q4_K_M.gguf"], await PathsAsync("m: { source: { huggingface: { repo: example/gguf, gguf: { quant: Q4_K_M, mmproj: none } } } }"));
    }

    [Fact]
    public async Task The_companions_are_those_of_the_models_folder_and_label()
    {
        Add(
            "UD-Q4_K_XL/m-UD-Q4_K_XL.gguf", "Q4_K_M/m.gguf", "Q4_K_M/mmproj-Q8_0.gguf", "other/mmproj-F16.gguf", "other/x-Q8_0.gguf",
            "mtp-Q4_K_M.gguf", "mtp-Q8_0.gguf");
        Assert.Equal(["Q4_K_M/m.gguf", "Q4_K_M/mmproj-Q8_0.gguf", "mtp-Q4_K_M.gguf"], await PathsAsync("m: hf:example/gguf:Q4_K_M"));
        // The prefix may be left out where only one has the label.
        Assert.Contains("UD-Q4_K_XL/m-UD-Q4_K_XL.gguf", await PathsAsync("m: { source: { huggingface: { repo: example/gguf, gguf: { quant: Q4_K_XL, mtp: none, mmproj: F16 } } } }"));
    }

    [Fact]
    public async Task What_fits_nothing_or_several_lists_the_candidates_with_their_sizes()
    {
        Add("a-Q4_K_M.gguf", "b-Q4_K_M.gguf", "b-Q8_0.gguf");
        var missing = await Run.FailAsync("NG3140", "m: hf:example/gguf:Q5_K_M");
        Assert.Contains("Q8_0  11 bytes  b-Q8_0.gguf", missing.Help, StringComparison.Ordinal);
        var several = await Run.FailAsync("NG3141", "m: hf:example/gguf:Q4_K_M");
        Assert.Contains("Q4_K_M  13 bytes  a-Q4_K_M.gguf", several.Help, StringComparison.Ordinal);
        Assert.Contains("b-Q4_K_M.gguf", several.Help, StringComparison.Ordinal);
        Assert.Equal(["b-Q4_K_M.gguf"], await PathsAsync("m: { source: { huggingface: { repo: example/gguf, exclude: [\"a-*\"], gguf: Q4_K_M } } }"));
    }

    [Fact]
    public async Task Missing_parts_are_no_model()
    {
        Add("m-Q4_K_M-00001-of-00003.gguf", "m-Q4_K_M-00003-of-00003.gguf");
        var error = await Run.FailAsync("NG3142", "m: hf:example/gguf:Q4_K_M");
        Assert.Contains("2 of the 3 parts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preferred_format_leaves_the_others_out_and_says_so()
    {
        Add(
            "config.json", "tokenizer.json", "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
            "onnx/model.onnx", "onnx/model.onnx_data", "tf_model.h5", "flax_model.msgpack");
        var outcome = await Run.LockAsync("m: { source: { huggingface: { repo: example/gguf, format: safetensors } } }");
        Assert.Equal(
            ["config.json", "model.safetensors", "model.safetensors.index.json", "tokenizer.json"], outcome.Lock.Models["m"].Files.Select(file => file.Path));
        var note = Assert.Single(outcome.Diagnostics);
        Assert.Equal(("NG3144", Severity.Note), (note.Code, note.Severity));
        Assert.Contains("onnx (35 bytes)", note.Message, StringComparison.Ordinal);
        Assert.Contains("pytorch (45 bytes)", note.Message, StringComparison.Ordinal);

        var error = await Run.FailAsync("NG3143", "m: { source: { huggingface: { repo: example/gguf, format: gguf } } }");
        Assert.Contains("safetensors (", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_choice_is_part_of_the_request()
    {
        Add("m-Q4_K_M.gguf", "m-Q8_0.gguf");
        var first = await Run.SucceedAsync("m: hf:example/gguf:Q4_K_M");
        var same = await Run.SucceedAsync("m: { source: { huggingface: { repo: example/gguf, gguf: { quant: q4_k_m } } } }");
        Assert.Equal(first.Models["m"].Request, same.Models["m"].Request);
        Assert.NotEqual(first.Models["m"].Request, (await Run.SucceedAsync("m: hf:example/gguf:Q8_0")).Models["m"].Request);
    }

    [Fact]
    public async Task An_impure_model_has_no_choice()
    {
        var error = await Run.FailAsync("NG3206", "m: { source: hf:example/gguf:Q4_K_M, impure: true }");
        Assert.Contains("'gguf'", error.Message, StringComparison.Ordinal);
    }

    // Each file holds its own name.
    private void Add(params string[] paths)
    {
        var repository = new HubRepository("example/gguf");
        repository.Commit("Add files", paths.Select(path => HubFile.Text(path, path)));
        Run.Hub.Add(repository);
    }

    private async Task<IEnumerable<string>> PathsAsync(string model) =>
        (await Run.SucceedAsync(model)).Models["m"].Files.Select(file => file.Path);
}
