using System.Diagnostics;
using System.Text.Json;
using NixGen.Sources.Selection;
using Xunit;

namespace NixGen.Tests.Sources;

public sealed class FilePatternTests
{
    [Theory]
    [InlineData("*.json", "config.json", true)]
    [InlineData("*.json", "onnx/config.json", true)]
    [InlineData("*.json", "config.JSON", false)]
    [InlineData("*.json", "config.json.bak", false)]
    [InlineData("onnx/", "onnx/a/b.bin", true)]
    [InlineData("onnx/", "onnx", false)]
    [InlineData("onnx\\", "onnx/a", true)]
    [InlineData("onnx/*.bin", "onnx/a/b.bin", true)]
    [InlineData("", "a", false)]
    [InlineData("?", "🙂", true)]
    [InlineData("model-0000[12]-of-*", "model-00002-of-00009.bin", true)]
    [InlineData("[!a-c]x", "dx", true)]
    [InlineData("[!a-c]x", "bx", false)]
    [InlineData("a[", "a[", true)]
    [InlineData("[]]", "]", true)]
    [InlineData("[z-a]", "m", false)]
    [InlineData("[!z-a]", "m", true)]
    [InlineData(".*", ".hidden", true)]
    public void A_pattern_matches_as_the_Hubs_client_does(string pattern, string path, bool matches) =>
        Assert.Equal(matches, new FilePattern(pattern).Matches(path));

    [Fact]
    public async Task Random_patterns_match_as_in_Python()
    {
        const string Script =
            """
            import json, sys
            from fnmatch import fnmatchcase
            def slashes(text): return text.replace("\\", "/")
            def folder(pattern): return pattern + "*" if pattern.endswith("/") else pattern
            cases = json.load(sys.stdin)
            json.dump([fnmatchcase(slashes(path), folder(slashes(pattern))) for pattern, path in cases], sys.stdout)
            """;
        var random = new Random(20260102);
        var cases = Enumerable.Range(0, 20_000)
            .Select(_ => (string[])[Text(random, "ab-c/.*?[]!^\\é🙂&|~", 9), Text(random, "ab-c/.[]!^\\é🙂&|~", 7)])
            .ToArray();

        var start = new ProcessStartInfo("python3", ["-c", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        using var python = Process.Start(start) ?? throw new InvalidOperationException("python3 doesn't start.");
        await python.StandardInput.WriteAsync(JsonSerializer.Serialize(cases));
        python.StandardInput.Close();
        var expected = JsonSerializer.Deserialize<bool[]>(await python.StandardOutput.ReadToEndAsync()) ?? [];
        await python.WaitForExitAsync();

        Assert.Equal(cases.Length, expected.Length);
        Assert.InRange(expected.Count(matched => matched), 300, cases.Length - 300);
        for (var i = 0; i < cases.Length; i++)
        {
            Assert.True(
                expected[i] == new FilePattern(cases[i][0]).Matches(cases[i][1]),
                $"Python says {expected[i]} for pattern {cases[i][0]} and path {cases[i][1]}");
        }
    }

    [Fact]
    public void Many_stars_take_no_longer_than_path_times_pattern()
    {
        var pattern = new FilePattern(string.Concat(Enumerable.Repeat("*a", 500)) + "b");
        var start = TimeProvider.System.GetTimestamp();
        Assert.False(pattern.Matches(new string('a', 5000)));
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(2));
    }

    private static string Text(Random random, string alphabet, int maxLength)
    {
        var runes = alphabet.EnumerateRunes().ToArray();
        return string.Concat(Enumerable.Range(0, random.Next(maxLength + 1)).Select(_ => runes[random.Next(runes.Length)].ToString()));
    }
}
