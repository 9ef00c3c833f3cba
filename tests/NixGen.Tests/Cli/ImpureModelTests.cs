using NixGen.Cli;
using Xunit;

namespace NixGen.Tests.Cli;

/// <summary>Impure models are emitted without being locked, and every command that works on them says what that gives up.</summary>
public sealed class ImpureModelTests : IDisposable
{
    private const string Locked = """
        version: 1
        models:
          tiny: { source: { mock: { files: [{ path: config.json, text: "{}" }] } } }
          other: { source: { mock: { files: [{ path: config.json, text: "[]" }] } } }
        """;

    private const string Impure = """
        version: 1
        models:
          tiny: { source: "hf:example/tiny@main", impure: true }
          other: { source: { mock: { files: [{ path: config.json, text: "[]" }] } } }
        """;

    private readonly TestConsole _console = new();

    public ImpureModelTests() => _console.Write("models.yaml", Impure);

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task Build_asks_nobody_and_emits_the_model_without_a_lock()
    {
        Assert.Equal(ExitCode.Done, await _console.RunAsync("build --offline"));
        var model = Emitted();
        Assert.Contains("impure = true;", model, StringComparison.Ordinal);
        Assert.DoesNotContain("locked", model, StringComparison.Ordinal);
        Assert.Contains("fetching =", _console.Output, StringComparison.Ordinal);
        Assert.Contains("warning[NG3205]", _console.Error, StringComparison.Ordinal);
        Assert.Contains("its revision may move, and no binary cache can hold it", _console.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\"tiny\"", Lock(), StringComparison.Ordinal);
        Assert.Contains("\"other\"", Lock(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_and_the_strictest_builds_are_content_without_an_entry()
    {
        Assert.Equal(ExitCode.Done, await _console.RunAsync("build --out nix"));
        Assert.Equal(ExitCode.Done, await _console.RunAsync("check --out nix"));
        Assert.Contains("NG3205", _console.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await _console.RunAsync("build --locked"));
        Assert.Equal(ExitCode.Done, await _console.RunAsync("build --frozen"));
    }

    [Fact]
    public async Task An_entry_from_before_leaves_the_lock()
    {
        _console.Write("models.yaml", Locked);
        Assert.Equal(ExitCode.Done, await _console.RunAsync("lock"));
        Assert.Contains("\"tiny\"", Lock(), StringComparison.Ordinal);
        _console.Write("models.yaml", Impure);

        Assert.Equal(ExitCode.Stale, await _console.RunAsync("build --locked"));
        Assert.Contains("'tiny', which is impure now and isn't locked", _console.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await _console.RunAsync("build --frozen"));
        Assert.DoesNotContain("locked = {", Emitted(), StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, await _console.RunAsync("update tiny"));
        Assert.Contains("tiny: impure, removed from the lock", _console.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\"tiny\"", Lock(), StringComparison.Ordinal);
        Assert.Contains("\"other\"", Lock(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_models_that_are_worked_on_are_warned_of()
    {
        Assert.Equal(ExitCode.Done, await _console.RunAsync("update other"));
        Assert.DoesNotContain("NG3205", _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_says_why_there_is_nothing_to_show()
    {
        Assert.Equal(ExitCode.Done, await _console.RunAsync("info tiny"));
        Assert.Contains("impure: fetched without hashes, and not locked", _console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_source_is_understood_all_the_same()
    {
        _console.Write("models.yaml", Impure.Replace("hf:example/tiny@main", "hf:a/b/c/d", StringComparison.Ordinal));
        Assert.Equal(ExitCode.InputWrong, await _console.RunAsync("build"));
        Assert.Equal("", _console.Output);
    }

    private string Emitted() => _console.Output[_console.Output.IndexOf("  tiny = fetchModel", StringComparison.Ordinal)..];

    private string Lock() => File.ReadAllText(_console.At("models.lock.json"));
}
