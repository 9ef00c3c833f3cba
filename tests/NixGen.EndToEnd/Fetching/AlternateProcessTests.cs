using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>Each source's fetcher is a process that has what is its own, and nothing of the others.</summary>
public sealed class AlternateProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("nixgen-alternates-").FullName;
    private readonly Dictionary<string, string?> variables = new(StringComparer.Ordinal);

    public AlternateProcessTests()
    {
        variables["PATH"] = Environment.GetEnvironmentVariable("PATH");
        variables["HOME"] = "/home/somebody";
        variables["TMPDIR"] = folder;
        variables["out"] = Path.Combine(folder, "out");
        variables["fetch_title"] = "tiny";
        variables["fetch_file"] = "config.json";
    }

    [Fact]
    public async Task A_fetcher_sees_its_own_variables_and_no_others()
    {
        Source(0, """env -0 >"$TMPDIR/first"; echo left >"$out"; exit 3""", ("impure", "TOKEN_A"), ("fetch_repo", "a\nb 'c'"), ("fetch_token_variable", "TOKEN_A"));
        Source(1, """env -0 >"$TMPDIR/second"; if [ -e "$out" ]; then exit 4; fi; echo good >"$out" """, ("impure", "TOKEN_B HOME"), ("fetch_bucket", "b"));
        variables["TOKEN_A"] = "secretOfA";
        variables["TOKEN_B"] = "secretOfB";
        variables["OTHER"] = "of nobody";
        var result = (await RunAsync()).OrThrow("alternates.sh");
        Assert.Equal("good\n", await File.ReadAllTextAsync(Path.Combine(folder, "out")));

        var first = Seen("first");
        Assert.Equal("a\nb 'c'", first["fetch_repo"]);
        Assert.Equal("secretOfA", first["TOKEN_A"]);
        Assert.Equal("/homeless-shelter", first["HOME"]);
        Assert.DoesNotContain("secretOfB", first.Values);
        Assert.DoesNotContain(first.Keys, key => key.StartsWith("alt", StringComparison.Ordinal) || key is "OTHER" or "fetch_bucket");

        var second = Seen("second");
        Assert.Equal("b", second["fetch_bucket"]);
        Assert.Equal("secretOfB", second["TOKEN_B"]);
        Assert.Equal("/home/somebody", second["HOME"]);
        Assert.DoesNotContain("secretOfA", second.Values);
        Assert.DoesNotContain(second.Keys, key => key.StartsWith("alt", StringComparison.Ordinal) || key is "OTHER" or "fetch_repo" or "fetch_token_variable");
        Assert.DoesNotContain("secretOf", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_ten_sources_are_told_apart()
    {
        for (var index = 0; index < 12; index++)
            Source(index, index == 11 ? """printf %s "$fetch_number" >"$out" """ : "exit 1", ("impure", ""), ("fetch_number", $"{index}"));
        (await RunAsync()).OrThrow("alternates.sh");
        Assert.Equal("11", await File.ReadAllTextAsync(Path.Combine(folder, "out")));
    }

    [Fact]
    public async Task The_error_tells_what_fetchers_wrote_down_and_how_the_others_ended()
    {
        Source(0, """printf 'It is gone\nURL:      https://a.example/x\n> Look there\n' >"$fetch_failure_note"; exit 1""", ("impure", ""));
        Source(1, "kill -9 $$", ("impure", ""));
        Source(2, "exit 0", ("impure", ""));
        var result = await RunAsync();
        Assert.Equal(1, result.ExitCode);
        string[] expected =
        [
            "error: Failed to fetch model: tiny",
            "  ┌─ File:     config.json",
            "  ✗ Error: None of the 3 sources has the file",
            "  │ 1. source 0:",
            "  │    It is gone",
            "  │      URL:      https://a.example/x",
            "  │ 2. source 1:",
            "  │    its fetcher ended with exit code 137",
            "  │ 3. source 2:",
            "  │    its fetcher ended with exit code 0",
            "  │ To fix this, for one of them:",
            "  │   1. Source 1: Look there",
        ];
        var lines = result.Errors.Split('\n');
        Assert.All(expected, line => Assert.Contains(line, lines));
        Assert.False(File.Exists(Path.Combine(folder, "out")));
        Assert.Empty(Directory.GetDirectories(folder));
    }

    [Fact]
    public async Task The_user_is_told_once_where_all_have_failed()
    {
        Source(0, "exit 1", ("impure", "TOKEN_A"));
        Source(1, """echo "${fetch_notify:-nothing}" >"$TMPDIR/seen"; exit 1""", ("impure", ""));
        var script = Path.Combine(folder, "notify.sh");
        await File.WriteAllTextAsync(script, $"""echo "$MODEL_NAME: $MODEL_ERROR ${"{TOKEN_A:-no token}"}" >>{folder}/told""");
        variables["fetch_notify"] = script;
        variables["TOKEN_A"] = "secretOfA";
        Assert.Equal(1, (await RunAsync()).ExitCode);
        Assert.Equal("tiny: None of the 2 sources has the file no token\n", await File.ReadAllTextAsync(Path.Combine(folder, "told")));
        Assert.Equal("nothing\n", await File.ReadAllTextAsync(Path.Combine(folder, "seen")));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Source(int index, string script, params (string Name, string Value)[] own)
    {
        var path = Path.Combine(folder, $"source-{index}.sh");
        File.WriteAllText(path, script + "\n");
        variables["fetch_sources"] = $"{index + 1}";
        variables[$"alt{index}_label"] = $"source {index}";
        variables[$"alt{index}_script"] = path;
        variables[$"alt{index}_PATH"] = Environment.GetEnvironmentVariable("PATH");
        foreach (var (name, value) in own)
            variables[$"alt{index}_{name}"] = value;
    }

    private Task<ProcessResult> RunAsync() => ProcessRunner.RunAsync(
        "bash", [Path.Combine(Checkout.Templates, "fetchers", "alternates.sh")], variables, folder: folder, timeout: TimeSpan.FromMinutes(1), clean: true);

    private Dictionary<string, string> Seen(string name) => File.ReadAllText(Path.Combine(folder, name))
        .Split('\0', StringSplitOptions.RemoveEmptyEntries)
        .Select(entry => entry.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
