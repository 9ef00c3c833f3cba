using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Validation;

/// <summary>The scanner of pickles against samples that <c>tests/pickle-samples</c> makes: nothing of them is ever unpickled, here or there.</summary>
public sealed partial class PickleScanTests : IClassFixture<PickleSamples>
{
    private readonly PickleSamples samples;

    public PickleScanTests(PickleSamples samples) => this.samples = samples;

    [Fact]
    public async Task Every_malicious_sample_is_found_and_no_benign_one()
    {
        var malicious = await ScanAsync("malicious");
        var benign = await ScanAsync("benign");
        Assert.InRange(malicious.Count, 250, 1000);
        Assert.InRange(benign.Count, 80, 1000);
        Assert.Equal([], malicious.Where(file => file.Value.GetArrayLength() == 0).Select(file => file.Key));
        Assert.Equal([], benign.Where(file => file.Value.GetArrayLength() > 0).Select(file => $"{file.Key}: {file.Value}"));
    }

    [Theory]
    [InlineData("gadget-pkgutil.resolve_name.pkl", "", 2, "GLOBAL", "pkgutil", "resolve_name")]
    [InlineData("protocol-4.bin", "", 33, "STACK_GLOBAL", "posix", "system")]
    [InlineData("op-inst.pkl", "", 22, "INST", "os", "system")]
    [InlineData("torch-zip.pt", "archive/data.pkl", null, "GLOBAL", "os", "system")]
    [InlineData("tar-gzip.nemo", "!!model_weights.ckpt!archive/data.pkl", null, "GLOBAL", "os", "system")]
    [InlineData("numpy-zip-packed.npz", "b.npy", null, "GLOBAL", "os", "system")]
    public async Task A_finding_names_the_place_and_what_is_there(string file, string path, int? offset, string opcode, string module, string name)
    {
        var finding = (await ScanAsync("malicious"))[file].EnumerateArray().First();
        Assert.Equal((path, opcode, module, name), (Text(finding, "path"), Text(finding, "opcode"), Text(finding, "module"), Text(finding, "name")));
        if (offset is not null)
            Assert.Equal(offset, finding.GetProperty("offset").GetInt32());
    }

    [Fact]
    public async Task A_global_can_be_admitted_and_no_other_with_it()
    {
        var folder = samples.Of("malicious");
        string[] both = [Path.Combine(folder, "gadget-sklearn.svm._classes.SVC.pkl"), Path.Combine(folder, "gadget-os.system.pkl")];
        var admitted = await RunAsync(["--allow", "sklearn.svm._classes.SVC", both[0]]);
        Assert.Equal(0, admitted.ExitCode);
        Assert.Equal(1, (await RunAsync(["--allow", "sklearn.svm._classes.SVC", .. both])).ExitCode);
        Assert.Equal(1, (await RunAsync(["--allow", "os.path", both[1]])).ExitCode);
    }

    [Fact]
    public async Task Ten_thousand_mutations_neither_crash_it_nor_pass_it()
    {
        var result = await ProcessRunner.RunAsync("python3", ["-B", Checkout.At("tests", "pickle-samples", "mutate.py"), PickleSamples.Scanner, samples.Of("benign"), "10000"]);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Matches("^10000 mutations, 2[0-9]{3} with a forbidden global, [0-9]{3,} in which Python itself met one", result.Output);
    }

    [Fact]
    public async Task Of_a_checkpoint_of_ten_gigabytes_only_its_directory_and_its_program_are_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("sparse.pt");
        (await ProcessRunner.RunAsync("python3", ["-B", Checkout.At("tests", "pickle-samples", "sparse.py"), path, 10_000_000_000.ToString(CultureInfo.InvariantCulture)])).OrThrow("sparse.py");
        Assert.True(new FileInfo(path).Length > 10_000_000_000);
        // What is read of it would take a minute if it were all.
        var result = await ProcessRunner.RunAsync("bash", ["-c", "ulimit -t 10; exec \"$@\"", "bash", "python3", "-IB", PickleSamples.Scanner, path]);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Contains("\"pickles\": 1", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(2, "--allow")]
    [InlineData(2, "--allow", "nodot", "x")]
    [InlineData(2, "--unknown", "x")]
    [InlineData(2, "/nonexistent/file")]
    public async Task What_it_cannot_do_is_no_clean_bill(int exitCode, params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Output));
        Assert.DoesNotContain("Traceback", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void It_holds_nothing_that_could_run_what_it_reads()
    {
        foreach (var file in Directory.EnumerateFiles(PickleSamples.Scanner, "*.py"))
        {
            var imports = Import().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value);
            Assert.Subset(
                new HashSet<string>(StringComparer.Ordinal) { "allowed", "arrays", "bz2", "endings", "findings", "json", "lzma", "machine", "mmap", "os", "re", "scan", "struct", "sys", "values", "zipped", "zlib" },
                imports.ToHashSet(StringComparer.Ordinal));
            Assert.DoesNotMatch(Running(), File.ReadAllText(file));
        }
    }

    private async Task<Dictionary<string, JsonElement>> ScanAsync(string kind)
    {
        var result = await RunAsync([.. Directory.EnumerateFiles(samples.Of(kind))]);
        Assert.Equal((kind == "benign" ? 0 : 1, ""), (result.ExitCode, result.Errors));
        using var report = JsonDocument.Parse(result.Output);
        return report.RootElement.EnumerateArray().ToDictionary(
            file => Path.GetFileName(file.GetProperty("file").GetString() ?? ""), file => file.GetProperty("findings").Clone(), StringComparer.Ordinal);
    }

    private static Task<ProcessResult> RunAsync(string[] arguments) => ProcessRunner.RunAsync("python3", ["-I", PickleSamples.Scanner, .. arguments]);

    private static string? Text(JsonElement finding, string name) => finding.TryGetProperty(name, out var value) ? value.GetString() : null;

    [GeneratedRegex(@"^\s*(import (?<name>[a-z0-9_]+)|from (?<name>[a-z0-9_]+) import)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Import();

    [GeneratedRegex(@"\b(eval|exec|(?<!re\.)compile|__import__|getattr\(sys|os\.(system|popen|exec|spawn))\s*\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Running();
}

/// <summary>The samples, made once.</summary>
public sealed class PickleSamples : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    /// <summary>The scanner's folder.</summary>
    public static string Scanner => Path.Combine(Checkout.Templates, "validators", "pickle-scan");

    /// <summary>The folder of the malicious or the benign ones.</summary>
    public string Of(string kind) => folder.At(kind);

    public async Task InitializeAsync() =>
        (await ProcessRunner.RunAsync("python3", ["-B", Checkout.At("tests", "pickle-samples", "make.py"), folder.Path])).OrThrow("make.py");

    public Task DisposeAsync()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }
}
