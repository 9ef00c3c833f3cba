using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Project;

/// <summary>The project's own scripts lint and are formatted.</summary>
public sealed class ScriptTests
{
    private static readonly string[] Known = ["nixgen", ".ci/run", "bench/fetch", "bench/run", "tests/get-nix", "tests/run"];

    public static TheoryData<string> Scripts => [.. Found];

    /// <summary>Every file that starts as a script of bash, outside of what is built, installed or emitted.</summary>
    private static IEnumerable<string> Found =>
        Top().Concat(new[] { ".ci", "bench", "examples", "tests" }.SelectMany(Below)).Where(IsScript).Select(Relative).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Scripts_pass_shellcheck_and_shfmt(string script)
    {
        (await ProcessRunner.RunAsync("shellcheck", [script], folder: Checkout.Root)).OrThrow("shellcheck");
        (await ProcessRunner.RunAsync("shfmt", ["-i", "2", "-ci", "-d", script], folder: Checkout.Root)).OrThrow("shfmt");
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Scripts_can_be_started(string script) =>
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Checkout.At(script)).HasFlag(UnixFileMode.UserExecute) || script.EndsWith(".sh", StringComparison.Ordinal));

    [Fact]
    public void All_of_them_are_found() => Assert.Superset(Known.ToHashSet(StringComparer.Ordinal), Found.ToHashSet(StringComparer.Ordinal));

    private static IEnumerable<string> Top() => Directory.EnumerateFiles(Checkout.Root);

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(Checkout.At(folder), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(path => !path.Contains("/node_modules/", StringComparison.Ordinal));

    private static bool IsScript(string path)
    {
        using var reader = new StreamReader(path);
        var start = new char[24];
        var read = reader.ReadBlock(start);
        return new string(start, 0, read).StartsWith("#!/usr/bin/env bash\n", StringComparison.Ordinal);
    }

    private static string Relative(string path) => Path.GetRelativePath(Checkout.Root, path);
}
