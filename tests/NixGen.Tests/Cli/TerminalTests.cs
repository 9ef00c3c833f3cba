using System.Collections.Immutable;
using NixGen.Cli;
using Xunit;

namespace NixGen.Tests.Cli;

/// <summary>What the console and the environment decide: colour, live progress, how far a run may go.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly TestConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Theory]
    [InlineData(true, "", true, true)]
    [InlineData(false, "", false, false)]
    [InlineData(true, "NO_COLOR=1", false, false)]
    [InlineData(true, "NO_COLOR=", true, true)]
    [InlineData(true, "TERM=dumb", false, false)]
    [InlineData(true, "CI=true", true, false)]
    public void Colour_and_live_progress_are_for_people(bool isTerminal, string setting, bool colors, bool isLive)
    {
        var environment = setting.Split('=') is [var name, var value]
            ? ImmutableDictionary<string, string>.Empty.Add(name, value)
            : ImmutableDictionary<string, string>.Empty;
        var terminal = _console.Terminal with { ErrorIsTerminal = isTerminal, Environment = environment };
        Assert.Equal(colors, terminal.UsesColor);
        Assert.Equal(isLive, terminal.ShowsLiveProgress);
    }

    [Fact]
    public async Task Live_progress_never_reaches_standard_output_and_is_gone_in_the_end()
    {
        _console.Write("models.yaml", "version: 1\nmodels: { tiny: { source: { mock: { org: o, model: m, files: [{ path: a, text: b }] } } } }\n");
        await _console.RunAsync("build --offline");
        var expected = _console.Output;
        File.Delete(_console.At("models.lock.json"));
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var terminal = _console.Terminal with { Output = output, Error = error, ErrorIsTerminal = true };
        Assert.Equal(ExitCode.Done, await CommandLine.RunAsync(["build"], terminal));
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(output.ToArray()));
        Assert.EndsWith("1 file, 1 byte, none in the Nix store yet\n", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NIXGEN_LOCKED", "1", ExitCode.Stale)]
    [InlineData("NIXGEN_FROZEN", "true", ExitCode.Stale)]
    [InlineData("NIXGEN_LOCKED", "0", ExitCode.Done)]
    [InlineData("NIXGEN_FROZEN", "", ExitCode.Done)]
    public async Task The_environment_holds_the_lock_as_the_options_do(string variable, string value, int code)
    {
        _console.Write("models.yaml", "version: 1\nmodels: { tiny: { source: { mock: { org: o, model: m, files: [{ path: a, text: b }] } } } }\n");
        _console.Set(variable, value);
        Assert.Equal(code, await _console.RunAsync("build"));
        Assert.Equal(code == ExitCode.Done, File.Exists(_console.At("models.lock.json")));
    }
}
