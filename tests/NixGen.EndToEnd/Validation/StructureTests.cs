using System.Text.Json;
using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Validation;

/// <summary>The check of headers against models that <c>tests/structure-samples</c> makes, whole ones and wrong ones.</summary>
public sealed class StructureTests : IClassFixture<StructureSamples>
{
    private readonly StructureSamples samples;

    public StructureTests(StructureSamples samples) => this.samples = samples;

    [Theory]
    [InlineData("whole", 0, 15)]
    [InlineData("wrong", 1, 55)]
    public async Task Whole_models_pass_and_wrong_ones_do_not(string kind, int exitCode, int least)
    {
        var folders = Directory.GetDirectories(samples.Of(kind));
        Assert.InRange(folders.Length, least, 1000);
        var others = new List<string>();
        foreach (var folder in folders)
        {
            var result = await RunAsync(folder);
            if (result.ExitCode != exitCode || result.Errors.Length > 0)
                others.Add($"{Path.GetFileName(folder)}: {result.ExitCode} {result.Output} {result.Errors}");
        }

        Assert.Equal([], others);
    }

    [Theory]
    [InlineData("safetensors-hole", "model.safetensors", "there is a hole or an overlap before the tensor 'b'")]
    [InlineData("gguf-cut", "model.gguf", "the tensor b'b' ends behind the file")]
    [InlineData("shard-outside", "model.safetensors.index.json", "it names '../x.safetensors', which leads out of the model")]
    [InlineData("gguf-part-missing", "m-00001-of-00003.gguf", "1 of its 3 parts aren't there, the first of them 'm-00002-of-00003.gguf'")]
    [InlineData("onnx-outside", "model.onnx", "its data is at b'../../etc/passwd', which leads out of the model")]
    public async Task What_is_wrong_is_said_of_the_file(string model, string file, string what)
    {
        using var report = JsonDocument.Parse((await RunAsync(Path.Combine(samples.Of("wrong"), model))).Output);
        var wrong = report.RootElement.GetProperty("wrong").EnumerateArray().First();
        Assert.Equal((file, what), (wrong.GetProperty("file").GetString(), wrong.GetProperty("what").GetString()));
    }

    [Fact]
    public async Task A_type_that_is_newer_than_the_check_is_odd_and_not_wrong()
    {
        using var report = JsonDocument.Parse((await RunAsync(Path.Combine(samples.Of("whole"), "safetensors-new-type"))).Output);
        Assert.Equal(1, report.RootElement.GetProperty("odd").GetArrayLength());
    }

    [Fact]
    public async Task Ten_thousand_mutations_do_not_crash_it()
    {
        var result = await ProcessRunner.RunAsync("python3", ["-B", Checkout.At("tests", "structure-samples", "mutate.py"), StructureSamples.Checker, samples.Of("whole"), "10000"]);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Matches("^10000 mutations, [5-9][0-9]{3} wrong", result.Output);
    }

    [Fact]
    public async Task Only_headers_are_read()
    {
        using var folder = new TemporaryFolder();
        // A tensor of 20 GB that takes no room on the disk.
        var header = """{"a":{"dtype":"U8","shape":[20000000000],"data_offsets":[0,20000000000]}}"""u8.ToArray();
        await using (var file = File.Create(folder.At("model.safetensors")))
        {
            await file.WriteAsync(BitConverter.GetBytes((long)header.Length));
            await file.WriteAsync(header);
            file.SetLength(8 + header.Length + 20_000_000_000);
        }

        var result = await ProcessRunner.RunAsync("bash", ["-c", "ulimit -t 10; exec \"$@\"", "bash", "python3", "-IB", StructureSamples.Checker, folder.Path]);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
    }

    [Theory]
    [InlineData]
    [InlineData("/nonexistent")]
    [InlineData("--help")]
    public async Task What_it_cannot_do_is_no_clean_bill(params string[] arguments)
    {
        var result = await ProcessRunner.RunAsync("python3", ["-IB", StructureSamples.Checker, .. arguments]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.DoesNotContain("Traceback", result.Errors, StringComparison.Ordinal);
    }

    private static Task<ProcessResult> RunAsync(string folder) => ProcessRunner.RunAsync("python3", ["-IB", StructureSamples.Checker, folder]);
}

/// <summary>The models, made once.</summary>
public sealed class StructureSamples : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    /// <summary>The checker's folder.</summary>
    public static string Checker => Path.Combine(Checkout.Templates, "validators", "structure");

    /// <summary>The folder of the whole or the wrong ones, each a folder.</summary>
    public string Of(string kind) => folder.At(kind);

    public async Task InitializeAsync() =>
        (await ProcessRunner.RunAsync("python3", ["-B", Checkout.At("tests", "structure-samples", "make.py"), folder.Path])).OrThrow("make.py");

    public Task DisposeAsync()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }
}
